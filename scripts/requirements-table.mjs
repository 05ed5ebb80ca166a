/**
 * The table of requirements in docs/conformance.md, from packages/conformance/src/requirements: adding a requirement takes
 * its entry, its case, its mutant, and `node scripts/requirements-table.mjs`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { root } from './workspace.mjs';

/** @import { Requirement } from '../packages/conformance/src/requirements/requirement.ts' */

export const page = 'docs/conformance.md';

const BEGIN = '<!-- The table is written by scripts/requirements-table.mjs. -->';
const END = '<!-- End of the table. -->';

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

/** @param {readonly Requirement[]} requirements */
function tableOf(requirements) {
  const rows = requirements.map(({ id, sentence, clause, level, kind, appliesTo = [], needs = [] }) =>
    [`\`${id}\``, cell(sentence), cell(clause), level, [kind, ...needs].join(', '), cell(appliesTo.join(', '))].join(
      ' | ',
    ),
  );
  return [
    '| id | what the gateway does | where it is written | level | kind, needs | concerns |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('_', '\\_').replaceAll('*', '\\*');
}

/** @returns {Promise<readonly Requirement[]>} */
async function load() {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'packages/conformance/src/requirements/all.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['@portwright/source'],
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  const { REQUIREMENTS } = await import(`data:text/javascript;base64,${code}`);
  return REQUIREMENTS;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(join(root, page), await generate());
}
