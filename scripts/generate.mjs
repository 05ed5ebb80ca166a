/**
 * Writes the files that follow from declarations elsewhere; `pnpm fix` runs it. What only a run of the simulator can tell
 * is recorded once, and checked by tests from then on. `--record` records it again: afterwards, review the differences.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generate as api } from './generated/api.mjs';
import { generate as commands } from './generated/commands.mjs';
import { generate as errors } from './generated/errors.mjs';
import { generate as faults } from './generated/faults.mjs';
import { generate as knownFailures, record as recordKnownFailures } from './generated/known-failures.mjs';
import { generate as mapping } from './generated/mapping.mjs';
import { record as recordOutcomes } from './generated/outcomes.mjs';
import { generate as personas } from './generated/personas.mjs';
import { generate as requirements } from './generated/requirements.mjs';
import { generate as transports } from './generated/transports.mjs';
import { root } from './workspace.mjs';

/** @import { GeneratedText } from './generated/generated-text.mjs' */

/** @type {Readonly<Record<string, () => Promise<readonly GeneratedText[]>>>} */
export const GENERATORS = { commands, personas, faults, errors, mapping, requirements, knownFailures, transports, api };

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const isAnew = process.argv.includes('--record');
  // The lists of names come first: what is recorded is recorded for each of them.
  await write(personas, faults);
  await write(
    () => recordOutcomes(isAnew),
    () => recordKnownFailures(isAnew),
  );
  await write(...Object.values(GENERATORS));
}

/** @param {readonly (() => Promise<readonly GeneratedText[]>)[]} generators */
async function write(...generators) {
  for (const generate of generators) {
    for (const { path, text } of await generate()) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }
}
