/**
 * The lists of requirements that each persona violates (packages/conformance/known-failures/personas). Title and clauses
 * follow from the declarations. A new persona's list is recorded from a run, and each reason is then the observation; a
 * person may write a better one, which stays. The tests of packages/conformance compare each run with the lists.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { importTypeScript } from './generated-text.mjs';
import { personaNames } from './personas.mjs';

/** @import { CheckResult } from '../../packages/conformance/src/run/check-result.ts' */
/** @import { Requirement } from '../../packages/conformance/src/checks/requirement.ts' */
/** @import { checkPersona } from '../../packages/conformance/src/personas/check-persona.test-support.ts' */
/** @import { idsWith, skippedByAnswer } from '../../packages/conformance/src/personas/expectation.test-support.ts' */
/** @import { Persona } from '../../packages/transport-mock/src/personas/persona.ts' */
/** @import { PersonaName } from '../../packages/transport-mock/src/index.ts' */
/** @import { GeneratedText } from './generated-text.mjs' */

const folder = 'packages/conformance/known-failures/personas';
/** Written instead of entries; a person may add to it. */
const NOTHING = '# It misses nothing.';

/** @typedef {{ readonly PERSONAS: Readonly<Record<string, Persona>>, readonly REQUIREMENTS: readonly Requirement[] }} Declarations */

const DECLARATIONS = `
export { PERSONAS } from './packages/transport-mock/src/personas/index.ts';
export { REQUIREMENTS } from './packages/conformance/src/checks/requirements.ts';
`;

/** The lists that there are, with title and clauses as the declarations have them now. */
export async function generate() {
  /** @type {Declarations} */
  const declarations = await importTypeScript(DECLARATIONS);
  return personaNames()
    .filter((name) => existsSync(join(root, pathOf(name))))
    .map((name) => listOf(name, entriesIn(name), declarations));
}

/**
 * Runs the suite against the personas that have no list yet, or against all.
 *
 * @param {boolean} isAnew
 */
export async function record(isAnew) {
  const names = personaNames().filter((name) => isAnew || !existsSync(join(root, pathOf(name))));
  if (names.length === 0) return [];
  /** @type {Declarations & { checkPersona: typeof checkPersona, idsWith: typeof idsWith, skippedByAnswer: typeof skippedByAnswer }} */
  const suite = await importTypeScript(`${DECLARATIONS}
    export { checkPersona } from './packages/conformance/src/personas/check-persona.test-support.ts';
    export { idsWith, skippedByAnswer } from './packages/conformance/src/personas/expectation.test-support.ts';
  `);
  /** @type {GeneratedText[]} */
  const lists = [];
  for (const name of names) {
    const { results } = (await suite.checkPersona(/** @type {PersonaName} */ (name), [])).report;
    const known = entriesIn(name);
    /**
     * @param {Entry['kind']} kind
     * @param {readonly string[]} ids
     */
    const entries = (kind, ids) =>
      ids.map(
        (id) => known.find((one) => one.kind === kind && one.id === id) ?? { kind, id, reason: observed(results, id) },
      );
    const found = [
      ...entries('missed', suite.idsWith(results, 'fail')),
      ...entries('inconclusive', suite.idsWith(results, 'inconclusive')),
      ...entries('skipped', suite.skippedByAnswer(results)),
    ];
    // Those that were known stay in their order.
    const order = [...known.map(({ id }) => id), ...suite.REQUIREMENTS.map(({ id }) => id)];
    found.sort((one, other) => order.indexOf(one.id) - order.indexOf(other.id));
    lists.push(listOf(name, found, suite));
  }
  return lists;
}

/**
 * A line of a list.
 *
 * @typedef {{ readonly kind: 'missed' | 'inconclusive' | 'skipped', readonly id: string, readonly reason: string }} Entry
 */

/** @param {string} name */
function pathOf(name) {
  return `${folder}/${name}.txt`;
}

/**
 * @param {string} name
 * @returns {readonly string[]} without the two lines of the heading
 */
function linesIn(name) {
  const path = join(root, pathOf(name));
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(2) : [];
}

/**
 * @param {string} name
 * @returns {readonly Entry[]}
 */
function entriesIn(name) {
  return linesIn(name).flatMap((line) => {
    const [, kind, remarked, remark] = /^# (inconclusive|skipped): (\S+) \| (.+)$/.exec(line) ?? [];
    if (kind !== undefined)
      return [{ kind: /** @type {Entry['kind']} */ (kind), id: remarked ?? '', reason: remark ?? '' }];
    const [id = '', , ...reason] = line.startsWith('#') ? [] : line.split(' | ');
    return id === '' ? [] : [{ kind: /** @type {const} */ ('missed'), id, reason: reason.join(' | ') }];
  });
}

/**
 * @param {readonly CheckResult[]} results
 * @param {string} id
 */
function observed(results, id) {
  const result = results.find((one) => one.requirement.id === id && one.verdict !== 'pass');
  return result === undefined || result.verdict === 'pass' ? '' : result.actual.replaceAll(/\s+/g, ' ');
}

/**
 * @param {string} name
 * @param {readonly Entry[]} entries
 * @param {Declarations} declarations
 * @returns {GeneratedText}
 */
function listOf(name, entries, { PERSONAS, REQUIREMENTS }) {
  const { title = '', quirk = '' } = PERSONAS[name] ?? {};
  const clauses = new Map(REQUIREMENTS.map(({ id, clause }) => [/** @type {string} */ (id), clause]));
  const missed = entries.filter(({ kind }) => kind === 'missed');
  const remarks = entries.filter(({ kind }) => kind !== 'missed');
  const lines = [
    `# ${title}`,
    `# ${quirk}`,
    ...(missed.length === 0
      ? [linesIn(name).find((line) => line.startsWith(NOTHING)) ?? NOTHING]
      : missed.map(({ id, reason }) => `${id} | ${clauses.get(id) ?? '?'} | ${reason}`)),
    ...remarks.map(({ kind, id, reason }) => `# ${kind}: ${id} | ${reason}`),
  ];
  return { path: pathOf(name), text: `${lines.join('\n')}\n` };
}
