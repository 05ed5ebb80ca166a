/**
 * The two tables in docs/mapping.md: what keeping a port comes to on every simulated router, and under every fault. The
 * tests beside packages/core/src/mapping hold the routers to what is written down there.
 */
import { importTypeScript, pageWith, table } from './generated-text.mjs';

/** @import { PERSONAS, FAULTS } from '../../packages/transport-mock/src/index.ts' */
/** @import { PERSONA_OUTCOMES } from '../../packages/core/src/mapping/persona-outcomes.test-support.ts' */
/** @import { FAULT_OUTCOMES } from '../../packages/core/src/mapping/fault-outcomes.test-support.ts' */

/**
 * @typedef {object} Sources
 * @property {typeof PERSONAS} PERSONAS
 * @property {typeof FAULTS} FAULTS
 * @property {typeof PERSONA_OUTCOMES} PERSONA_OUTCOMES
 * @property {typeof FAULT_OUTCOMES} FAULT_OUTCOMES
 */

const PROGRAM = `
export { PERSONAS } from './packages/transport-mock/src/personas/index.ts';
export { FAULTS } from './packages/transport-mock/src/faults/catalogue.ts';
export { PERSONA_OUTCOMES } from './packages/core/src/mapping/persona-outcomes.test-support.ts';
export { FAULT_OUTCOMES } from './packages/core/src/mapping/fault-outcomes.test-support.ts';
`;

export async function generate() {
  /** @type {Sources} */
  const sources = await importTypeScript(PROGRAM);
  return [await pageWith('docs/mapping.md', { routers: routersTable(sources), faults: faultsTable(sources) })];
}

/** @param {Sources} sources */
function routersTable({ PERSONAS, PERSONA_OUTCOMES }) {
  const rows = Object.entries(PERSONA_OUTCOMES).map(([name, { asks, occupied = 0, ...outcome }]) => {
    const persona = PERSONAS[/** @type {keyof typeof PERSONAS} */ (name)];
    const special = [asked(asks), occupied > 0 ? `${occupied} mappings of another host` : ''].filter(Boolean);
    return [`\`${name}\``, persona.title, special.join(', '), ...cellsOf(outcome), `${outcome.stood} of 4`];
  });
  return table(['persona', 'router', 'test setup', ...COLUMNS, 'kept'], rows);
}

/** @param {Sources} sources */
function faultsTable({ FAULTS, FAULT_OUTCOMES }) {
  const rows = Object.entries(FAULT_OUTCOMES)
    .map(([name, outcome]) => ({
      name,
      fault: FAULTS[/** @type {keyof typeof FAULTS} */ (name)],
      outcome,
    }))
    .sort((one, other) => one.fault.row - other.fault.row)
    .map(({ name, fault, outcome }) => {
      const { when = {}, router = {}, asks, occupied = [], hasNeighbour = false, families = [] } = outcome;
      const special = [
        ...Object.entries(when).map(([key, value]) => `${key} ${value}`),
        ...Object.entries(router).map(([key, value]) =>
          typeof value === 'object'
            ? Object.entries(value).map(([inner, one]) => `${inner}: ${one}`)
            : `${key}: ${value}`,
        ),
        asked(asks),
        occupied.length > 0 ? `${occupied.length} mappings of another host` : '',
        hasNeighbour ? 'a healthy gateway beside it' : '',
        ...families,
      ].filter(Boolean);
      return [String(fault.row), `\`${name}\``, special.join(', '), ...cellsOf(outcome)];
    });
  return table(['row', 'fault', 'test setup', ...COLUMNS], rows);
}

const COLUMNS = ['granted', 'refusals before', 'warnings', 'events'];

/** @param {{ granted: string, refused: string, warnings: string, events: string }} outcome */
function cellsOf({ granted, refused, warnings, events }) {
  return [granted, refused, warnings, events];
}

/** @param {object | undefined} asks */
function asked(asks) {
  return Object.entries(asks ?? {})
    .map(([name, value]) => `${name}: ${value === '' ? 'empty' : value}`)
    .join(', ');
}
