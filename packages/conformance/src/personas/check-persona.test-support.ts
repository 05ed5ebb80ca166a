import {
  type PersonaName,
  putForeignMappings,
  simulateGateway,
  type SimulatedMapping,
  surroundings,
} from '@portwright/transport-mock';
import type { KnownFailure } from '../run/known-failures.ts';
import type { Report } from '../run/result.ts';
import type { Target } from '../run/target.ts';
import { runConformance } from '../run/run.ts';

export interface PersonaCheck {
  readonly report: Report;
  /** The mapping table before the run, and after it: at the reboot that ends it, which empties the table. */
  readonly before: readonly SimulatedMapping[];
  readonly after: readonly SimulatedMapping[];
}

/** A strict run of everything against a persona: a warning is a failure, and has to be known. */
export async function checkPersona(
  persona: PersonaName,
  knownFailures: readonly KnownFailure[],
): Promise<PersonaCheck> {
  await using router = simulateGateway({ persona });
  putForeignMappings(router);
  const before = router.mappings();
  const { reboot, ...around } = surroundings(router);
  const tables: (typeof before)[] = [];
  const options = { write: true, disruptive: true, strict: true, seed: 7, knownFailures, ...around };
  const { protocols, lanAddress } = router.config;
  const target: Target = protocols.includes('upnp')
    ? { kind: 'url', url: router.descriptionUrl }
    : { kind: 'port-control', address: lanAddress };
  const report = await runConformance(router.transport, target, {
    ...options,
    reboot: () => {
      tables.push(router.mappings());
      return reboot();
    },
  });
  return { report: report._unsafeUnwrap(), before, after: tables[0] ?? router.mappings() };
}
