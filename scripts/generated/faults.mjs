/**
 * The catalogue of faults in packages/transport-mock, and their table in docs/faults.md, from the declarations in its
 * files: adding a fault takes its declaration.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { formatted, importTypeScript, pageWith, table } from './generated-text.mjs';

/** @import { FaultDefinition } from '../../packages/transport-mock/src/faults/fault.ts' */

/**
 * A file of faults: `wire-faults.ts`, which exports WIRE_FAULTS.
 *
 * @typedef {object} FaultFile
 * @property {string} file
 * @property {string} constant
 * @property {Readonly<Record<string, FaultDefinition>>} faults
 */

const folder = 'packages/transport-mock/src/faults';

/** @type {Readonly<Record<NonNullable<FaultDefinition['mounts']>, string>>} */
const MOUNTS = { all: 'all', sockets: 'sockets; elsewhere only its effect', memory: 'memory' };

export async function generate() {
  const files = await load();
  return Promise.all([
    formatted(`${folder}/catalogue.ts`, catalogueOf(files)),
    pageWith('docs/faults.md', { faults: tableOf(files) }),
  ]);
}

/** @returns {Promise<readonly FaultFile[]>} in the order of their rows in the fault model */
async function load() {
  const names = readdirSync(join(root, folder)).filter((file) => /^[a-z-]+-faults\.ts$/.test(file));
  const files = await Promise.all(
    names.map(async (file) => {
      const constant = file.slice(0, -'.ts'.length).replaceAll('-', '_').toUpperCase();
      const faults = (await importTypeScript(`export * from './${folder}/${file}';`))[constant];
      if (faults === undefined) throw new Error(`${folder}/${file} does not export ${constant}`);
      return { file, constant, faults };
    }),
  );
  const all = files.flatMap(({ faults }) => Object.keys(faults));
  const twice = all.find((name, index) => all.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two faults have the name ${twice}`);
  return files.sort((one, other) => firstRow(one) - firstRow(other));
}

/** @param {FaultFile} file */
function firstRow({ faults }) {
  return Math.min(...Object.values(faults).map(({ row }) => row));
}

/** @param {readonly FaultFile[]} files */
function catalogueOf(files) {
  const imports = files.map(({ file, constant }) => `import { ${constant} } from './${file}';`);
  const names = files.flatMap(({ faults }) => Object.keys(faults).map((name) => `'${name}'`));
  return `// Written by scripts/generate.mjs.
${imports.sort().join('\n')}
import type { FaultDefinition } from './fault.ts';

/** What \`router.inject\` takes. */
export type FaultName = ${names.join(' | ')};

/** Every fault, by its name. */
export const FAULTS: Readonly<Record<FaultName, FaultDefinition>> = {
${files.map(({ constant }) => `...${constant},`).join('\n')}
} as Readonly<Record<FaultName, FaultDefinition>>;
`;
}

/** @param {readonly FaultFile[]} files */
function tableOf(files) {
  const rows = files
    .flatMap(({ faults }) => Object.entries(faults))
    .sort(([, a], [, b]) => a.row - b.row)
    .map(([name, { row, what, remedy, mounts = 'all' }]) => [String(row), `\`${name}\``, what, remedy, MOUNTS[mounts]]);
  return table(['row', 'fault', 'what goes wrong', 'what a robust client does', 'visible on'], rows);
}
