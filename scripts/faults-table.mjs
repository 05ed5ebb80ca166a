/**
 * The table of faults in docs/faults.md, from their declarations in packages/transport-mock: adding a fault takes its
 * declaration, its test, and `node scripts/faults-table.mjs`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { root } from './workspace.mjs';

/** @import { FaultDefinition } from '../packages/transport-mock/src/faults/fault.ts' */

export const page = 'docs/faults.md';

const BEGIN = '<!-- The table is written by scripts/faults-table.mjs. -->';
const END = '<!-- End of the table. -->';

/** @type {Readonly<Record<NonNullable<FaultDefinition['mounts']>, string>>} */
const MOUNTS = { all: 'all', sockets: 'sockets; else as its consequence', memory: 'memory' };

/**
 * The page as it is, with the table as it has to be.
 *
 * @returns {Promise<string>}
 */
export async function generate() {
  const path = join(root, page);
  const [before, rest, ...more] = readFileSync(path, 'utf8').split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${page} has to have the lines ${BEGIN} and ${END}, once each`);
  }
  const text = `${before}${BEGIN}\n\n${tableOf(await load())}\n\n${END}${after}`;
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

/** @param {Readonly<Record<string, FaultDefinition>>} faults */
function tableOf(faults) {
  const rows = Object.entries(faults)
    .sort(([, a], [, b]) => a.row - b.row)
    .map(([name, { row, what, remedy, mounts = 'all' }]) =>
      [row, `\`${name}\``, cell(what), cell(remedy), MOUNTS[mounts]].join(' | '),
    );
  return [
    '| row | fault | what goes wrong | what a robust client does | shows on |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('_', '\\_').replaceAll('*', '\\*');
}

/** @returns {Promise<Readonly<Record<string, FaultDefinition>>>} */
async function load() {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'packages/transport-mock/src/faults/catalogue.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['@portwright/source'],
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  const { FAULTS } = await import(`data:text/javascript;base64,${code}`);
  return FAULTS;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(join(root, page), await generate());
}
