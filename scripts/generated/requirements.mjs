/** The table of requirements in docs/conformance.md, from their entries in packages/conformance. */
import { importTypeScript, pageWith, table } from './generated-text.mjs';

/** @import { Requirement } from '../../packages/conformance/src/requirements/requirement.ts' */

export async function generate() {
  /** @type {{ readonly REQUIREMENTS: readonly Requirement[] }} */
  const { REQUIREMENTS } = await importTypeScript("export * from './packages/conformance/src/requirements/all.ts'");
  const rows = REQUIREMENTS.map(({ id, sentence, clause, note, level, kind, appliesTo = [], needs = [] }) => [
    `\`${id}\``,
    sentence,
    note === undefined ? clause : `${clause}; ${note}`,
    level,
    [kind, ...needs].join(', '),
    appliesTo.join(', '),
  ]);
  const head = ['id', 'requirement', 'source', 'level', 'kind, needs', 'applies to'];
  return [await pageWith('docs/conformance.md', { requirements: table(head, rows) })];
}
