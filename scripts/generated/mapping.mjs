/**
 * The two tables in docs/mapping.md: the outcome of keeping a port on every simulated router, and under every fault, as
 * recorded. The tests in packages/core/src/mapping prove that it is so.
 */
import { importTypeScript, pageWith, table } from './generated-text.mjs';
import { recordedOutcomes } from './outcomes.mjs';

/** @import { FaultDefinition } from '../../packages/transport-mock/src/faults/fault.ts' */
/** @import { KeepOutcome } from '../../packages/core/src/mapping/keep-job.test-support.ts' */
/** @import { Persona } from '../../packages/transport-mock/src/personas/persona.ts' */
/** @import { TestSetup } from '../../packages/transport-mock/src/test-setup.ts' */

/** @typedef {Readonly<Record<string, KeepOutcome>>} Outcomes */

const PROGRAM = `
export { PERSONAS } from './packages/transport-mock/src/personas/index.ts';
export { FAULTS } from './packages/transport-mock/src/faults/catalogue.ts';
`;

export async function generate() {
  /** @type {{ readonly PERSONAS: Readonly<Record<string, Persona>>, readonly FAULTS: Readonly<Record<string, FaultDefinition>> }} */
  const { PERSONAS, FAULTS } = await importTypeScript(PROGRAM);
  const { PERSONA_OUTCOMES, FAULT_OUTCOMES } = await recordedOutcomes();
  const tables = { routers: routersTable(PERSONAS, PERSONA_OUTCOMES), faults: faultsTable(FAULTS, FAULT_OUTCOMES) };
  return [await pageWith('docs/mapping.md', tables)];
}

/**
 * @param {Readonly<Record<string, Persona>>} personas
 * @param {Outcomes} outcomes
 */
function routersTable(personas, outcomes) {
  const rows = Object.entries(personas).flatMap(
    ([
      name,
      {
        title,
        testSetup = {},
        options: { protocols = ['upnp'] },
      },
    ]) =>
      protocols.map((protocol) => {
        const outcome = outcomeOf(`${name} by ${protocol}`, outcomes);
        const special = [requested(testSetup), occupied(testSetup)].filter(Boolean);
        const by = PROTOCOLS[protocol] ?? protocol;
        return [`\`${name}\``, title, by, special.join(', '), ...cellsOf(outcome), `${outcome.stood} of 4`];
      }),
  );
  return table(['persona', 'router', 'protocol', 'test setup', ...COLUMNS, 'kept'], rows);
}

/**
 * @param {Readonly<Record<string, FaultDefinition>>} faults
 * @param {Outcomes} outcomes
 */
function faultsTable(faults, outcomes) {
  const rows = Object.entries(faults)
    .sort(([, one], [, other]) => one.row - other.row)
    .map(([name, { row, testSetup = {} }]) => {
      const { when = {}, router = {}, hasNeighbour = false, families = [] } = testSetup;
      const special = [
        ...Object.entries(when).map(([key, value]) => `${key} ${value}`),
        ...Object.entries(router).map(([key, value]) =>
          typeof value === 'object' && !Array.isArray(value)
            ? Object.entries(value).map(([inner, one]) => `${inner}: ${one}`)
            : `${key}: ${[value].flat().join(' and ')}`,
        ),
        requested(testSetup),
        occupied(testSetup),
        hasNeighbour ? 'a healthy gateway beside it' : '',
        ...families,
      ].filter(Boolean);
      return [String(row), `\`${name}\``, special.join(', '), ...cellsOf(outcomeOf(name, outcomes))];
    });
  return table(['row', 'fault', 'test setup', ...COLUMNS], rows);
}

/**
 * @param {string} name
 * @param {Outcomes} outcomes
 */
function outcomeOf(name, outcomes) {
  const outcome = outcomes[name];
  if (outcome === undefined) throw new Error(`no outcome of ${name} is recorded: run pnpm fix`);
  return outcome;
}

/** @type {Readonly<Record<string, string>>} */
const PROTOCOLS = { upnp: 'UPnP', pcp: 'PCP', 'nat-pmp': 'NAT-PMP' };

const COLUMNS = ['granted', 'refusals before', 'warnings', 'events'];

/** @param {KeepOutcome} outcome */
function cellsOf({ granted, refused, warnings, events }) {
  return [granted, refused, warnings, events];
}

/** @param {TestSetup} setup */
function requested({ request = {} }) {
  return Object.entries(request)
    .map(([name, value]) => `${name}: ${value === '' ? 'empty' : value}`)
    .join(', ');
}

/** @param {TestSetup} setup */
function occupied({ occupied: ports = [] }) {
  return ports.length > 0 ? `${ports.length} mappings of another host` : '';
}
