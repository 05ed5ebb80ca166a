/**
 * The outcomes of the test that keeps a port for a day, on every simulated router and under every fault: recorded by
 * running it. The tests in packages/core/src/mapping compare each run with them, and docs/mapping.md lists them.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { formatted, importTypeScript } from './generated-text.mjs';

/** @import { KeepOutcome } from '../../packages/core/src/mapping/keep-job.test-support.ts' */
/** @import { keepOnPersona, keepUnderFault, personasByProtocol } from '../../packages/core/src/mapping/keep-for-a-day.test-support.ts' */
/** @import { FAULTS, FaultName } from '../../packages/transport-mock/src/index.ts' */

/** @typedef {Readonly<Record<string, KeepOutcome>>} Outcomes */

const folder = 'packages/core/src/mapping';
const path = `${folder}/recorded-outcomes.test-support.ts`;

/** The one that the others are written as differences from. */
const USUAL = 'igd2 by upnp';

/** @returns {Promise<{ readonly PERSONA_OUTCOMES: Outcomes, readonly FAULT_OUTCOMES: Outcomes }>} */
export async function recordedOutcomes() {
  if (!existsSync(join(root, path))) return { PERSONA_OUTCOMES: {}, FAULT_OUTCOMES: {} };
  return importTypeScript(`export * from './${path}';`);
}

/**
 * Runs the test for what has no outcome yet, or for everything.
 *
 * @param {boolean} isAnew
 */
export async function record(isAnew) {
  /**
   * @type {{
   *   readonly keepOnPersona: typeof keepOnPersona,
   *   readonly personasByProtocol: typeof personasByProtocol,
   *   readonly keepUnderFault: typeof keepUnderFault,
   *   readonly FAULTS: typeof FAULTS,
   * }}
   */
  const day = await importTypeScript(`
    export * from './${folder}/keep-for-a-day.test-support.ts';
    export { FAULTS } from '@portwright/transport-mock';
  `);
  const { PERSONA_OUTCOMES, FAULT_OUTCOMES } = await recordedOutcomes();
  /** @type {Record<string, KeepOutcome>} */
  const personas = {};
  for (const name of day.personasByProtocol()) {
    const known = isAnew ? undefined : PERSONA_OUTCOMES[name];
    personas[name] = known ?? (await day.keepOnPersona(name));
  }
  /** @type {Record<string, KeepOutcome>} */
  const faults = {};
  for (const name of Object.keys(day.FAULTS)) {
    const known = isAnew ? undefined : FAULT_OUTCOMES[name];
    faults[name] = known ?? (await day.keepUnderFault(/** @type {FaultName} */ (name))).outcome;
  }
  return [await formatted(path, fileOf(personas, faults))];
}

/**
 * @param {Outcomes} personas
 * @param {Outcomes} faults
 */
function fileOf(personas, faults) {
  const usual = personas[USUAL];
  if (usual === undefined) throw new Error(`there is no outcome of ${USUAL}`);
  /** @param {Outcomes} outcomes */
  const entries = (outcomes) =>
    Object.entries(outcomes)
      .map(([name, outcome]) => {
        const differences = Object.entries(outcome).filter(
          ([key, value]) => usual[/** @type {keyof KeepOutcome} */ (key)] !== value,
        );
        const fields = differences.map(([key, value]) => `, ${key}: ${JSON.stringify(value)}`);
        return `'${name}': ${fields.length === 0 ? 'USUAL' : `{ ...USUAL${fields.join('')} }`},`;
      })
      .join('\n');
  return `/** Recorded by scripts/generate.mjs; \`node scripts/generate.mjs --record\` records everything again. */
import type { KeepOutcome } from './keep-job.test-support.ts';

/** On a router by the book. */
const USUAL: KeepOutcome = ${JSON.stringify(usual)};

export const PERSONA_OUTCOMES: Readonly<Record<string, KeepOutcome>> = {
${entries(personas)}
};

export const FAULT_OUTCOMES: Readonly<Record<string, KeepOutcome>> = {
${entries(faults)}
};
`;
}
