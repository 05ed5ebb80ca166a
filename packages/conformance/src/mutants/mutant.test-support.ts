import {
  type FaultDefinition,
  putForeignMappings,
  simulateGateway,
  type SimulatedGateway,
  surroundings,
} from '@portwright/transport-mock';
import type { CheckResult } from '../run/check-result.ts';
import type { ConformanceOptions } from '../run/options.ts';
import type { Report } from '../run/result.ts';
import type { Target } from '../run/target.ts';
import { runConformance } from '../run/run.ts';
import type { Mutant } from './mutant.ts';

/** Runs the whole suite against a simulated gateway with two mappings of another host's in its table. */
export async function checkGateway(mutant: Mutant | null, options: ConformanceOptions = {}): Promise<Report> {
  await using router = gatewayOf(mutant);
  const { protocols, lanAddress } = router.config;
  const target: Target = protocols.includes('upnp')
    ? { kind: 'url', url: router.descriptionUrl }
    : { kind: 'port-control', address: lanAddress };
  const all = { write: true, disruptive: true, seed: 7, ...surroundings(router) };
  return (await runConformance(router.transport, target, { ...all, ...options }))._unsafeUnwrap();
}

export function gatewayOf(mutant: Mutant | null): SimulatedGateway {
  const router = simulateGateway({ persona: mutant?.version === 1 ? 'igd1' : 'igd2', ...mutant?.options });
  putForeignMappings(router);
  if (mutant?.hooks !== undefined) router.inject({ ...definition(mutant.hooks), name: mutant.what });
  return router;
}

/** The ids that failed or were warned of. */
export function flagged({ results }: Report): readonly string[] {
  const all = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  return [...new Set(all.map(({ requirement }) => requirement.id))];
}

export function resultOf({ results }: Report, id: string): CheckResult | undefined {
  return results.find(({ requirement }) => requirement.id === id);
}

function definition(hooks: FaultDefinition['hooks']): FaultDefinition {
  return { row: 0, what: 'a defect', remedy: 'none', hooks };
}
