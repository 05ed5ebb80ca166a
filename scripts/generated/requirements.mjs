/**
 * The index of the checks in packages/conformance, and the table of requirements in docs/conformance.md, from the entries
 * in packages/conformance/src/checks: adding a check takes its entry.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { formatted, importTypeScript, pageWith, table } from './generated-text.mjs';

/** @import { Check, Checks } from '../../packages/conformance/src/checks/check.ts' */

/**
 * A file of checks: `soap.ts`, which exports SOAP_CHECKS.
 *
 * @typedef {{ readonly file: string, readonly constant: string, readonly checks: Checks }} CheckFile
 */

const folder = 'packages/conformance/src/checks';

/** @type {readonly Check['kind'][]} */
const KINDS = ['read', 'write', 'disruptive'];

export async function generate() {
  const files = await load();
  return Promise.all([
    formatted(`${folder}/all.ts`, indexOf(files)),
    pageWith('docs/conformance.md', { requirements: tableOf(files) }),
  ]);
}

/** @returns {Promise<readonly CheckFile[]>} in the order of their areas, with reads first */
async function load() {
  const found = readdirSync(join(root, folder)).flatMap((file) => {
    const [, constant] =
      /^export const (\w+_CHECKS): Checks = /m.exec(readFileSync(join(root, folder, file), 'utf8')) ?? [];
    return constant === undefined ? [] : [{ file, constant }];
  });
  const exports = found.map(({ file, constant }) => `export { ${constant} } from './${folder}/${file}';`);
  const program = [...exports, `export { AREAS } from './${folder}/requirement.ts';`].join('\n');
  const { AREAS, ...modules } = await importTypeScript(program);
  const files = found.map(({ file, constant }) => ({
    file,
    constant,
    checks: /** @type {Checks} */ (modules[constant]),
  }));
  const all = files.flatMap(({ checks }) => Object.keys(checks));
  const twice = all.find((id, index) => all.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`two checks have the id ${twice}`);
  /** @param {CheckFile} file */
  const area = ({ checks }) => AREAS.indexOf(Object.keys(checks)[0]?.split('/')[0]);
  /** @param {CheckFile} file */
  const kind = ({ checks }) => KINDS.indexOf(Object.values(checks)[0]?.kind ?? 'read');
  return files.sort((one, other) => area(one) - area(other) || kind(one) - kind(other));
}

/** @param {readonly CheckFile[]} files */
function indexOf(files) {
  const imports = files.map(({ file, constant }) => `import { ${constant} } from './${file}';`);
  return `// Written by scripts/generate.mjs.
import type { Checks } from './check.ts';
${imports.sort().join('\n')}

/** Every check, in the order in which they are made within a kind. */
export const CHECKS: Checks = {
${files.map(({ constant }) => `...${constant},`).join('\n')}
};
`;
}

/** @param {readonly CheckFile[]} files */
function tableOf(files) {
  const entries = files.flatMap(({ checks }) => Object.entries(checks));
  const rows = entries.map(([id, { sentence, clause, note, level, kind, appliesTo = [], needs = [] }]) => [
    `\`${id}\``,
    sentence,
    note === undefined ? clause : `${clause}; ${note}`,
    level,
    [kind, ...needs].join(', '),
    appliesTo.join(', '),
  ]);
  return table(['id', 'requirement', 'source', 'level', 'kind, needs', 'applies to'], rows);
}
