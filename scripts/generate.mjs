/** Writes the pages and lists that follow from declarations elsewhere; `pnpm fix` runs it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generate as commands } from './generated/commands.mjs';
import { generate as errors } from './generated/errors.mjs';
import { generate as faults } from './generated/faults.mjs';
import { generate as mapping } from './generated/mapping.mjs';
import { generate as personas } from './generated/personas.mjs';
import { generate as requirements } from './generated/requirements.mjs';
import { generate as transports } from './generated/transports.mjs';
import { root } from './workspace.mjs';

/** @import { GeneratedText } from './generated/generated-text.mjs' */

/** @type {Readonly<Record<string, () => Promise<readonly GeneratedText[]>>>} */
export const GENERATORS = { commands, personas, faults, errors, mapping, requirements, transports };

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const generate of Object.values(GENERATORS)) {
    for (const { path, text } of await generate()) writeFileSync(join(root, path), text);
  }
}
