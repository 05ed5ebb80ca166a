/** A port that is kept for a day on each router, and under each fault, that the simulator has. */
import {
  FAULTS,
  PERSONAS,
  protocolsOf,
  simulateGateway,
  type FaultName,
  type GatewayProtocol,
  type PersonaName,
  type SimulatedGateway,
} from '@portwright/transport-mock';
import { findMapper } from './find-mapper.ts';
import { aDay, keepThrough, occupy, type KeepOutcome } from './keep-job.test-support.ts';

/** A persona, and one of its protocols. */
export type KeptOn = `${PersonaName} by ${GatewayProtocol}`;

/** Each persona by each protocol that it has. */
export function personasByProtocol(): readonly KeptOn[] {
  const names = Object.keys(PERSONAS) as readonly PersonaName[];
  return names.flatMap((name) => protocolsOf(PERSONAS[name]).map((protocol): KeptOn => `${name} by ${protocol}`));
}

const VIA = { upnp: 'upnp-igd', pcp: 'pcp', 'nat-pmp': 'nat-pmp' } as const;

export async function keepOnPersona(on: KeptOn): Promise<KeepOutcome> {
  const [persona, protocol] = on.split(' by ') as [PersonaName, GatewayProtocol];
  const { request, occupied = [], keepsPort = false } = PERSONAS[persona].testSetup ?? {};
  await using router = simulateGateway({ persona });
  occupy(router, occupied);
  const troubles = aDay(keepsPort ? router.config.httpPort : undefined, protocol);
  return await keepThrough(router, { asks: request, via: VIA[protocol], troubles });
}

/** The outcome, and how often the fault came into play. */
export async function keepUnderFault(
  name: FaultName,
): Promise<{ readonly outcome: KeepOutcome; readonly hits: number }> {
  const { testSetup = {} } = FAULTS[name];
  const {
    when,
    router: options,
    request,
    occupied = [],
    withoutEvents = false,
    hasNeighbour = false,
    families,
  } = testSetup;
  await using router = simulateGateway({ maxSearchDelayMs: 0, ...options });
  const fault = router.inject(name, when);
  occupy(router, occupied);
  const neighbour = hasNeighbour ? anotherGatewayOn(router) : undefined;
  const { transport } = router;
  const outcome = await keepThrough(router, {
    asks: request,
    beside: neighbour,
    troubles: aDay(),
    watch: { events: !withoutEvents },
    ...(families === undefined ? {} : { find: (signal) => findMapper(transport, { families, signal }) }),
  });
  await neighbour?.close();
  return { outcome, hits: fault.hits };
}

function anotherGatewayOn({ network }: SimulatedGateway): SimulatedGateway {
  return simulateGateway({
    network,
    lanAddress: '192.168.1.254',
    lanAddress6: null,
    uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500',
  });
}
