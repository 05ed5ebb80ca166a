import type { RejectedCandidate } from '../errors.ts';
import { rankOf, connectionState, type ConnectionState } from './connection-state.ts';
import type { FetchedDescription } from './fetch-description.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { selectServices } from './select-services.ts';
import type { CallOptions } from './service-client.ts';
import type { Transport } from '../ports.ts';

/** A gateway that has been asked for its state. */
export interface Candidate {
  readonly gateway: Gateway;
  readonly state: ConnectionState;
  /** See rankOf: lower is better. */
  readonly rank: 0 | 1 | 2;
}

export interface Inspection {
  readonly best: Candidate | null;
  readonly turnedDown: readonly RejectedCandidate[];
}

/**
 * The best connection of one device: each connection service is asked in turn, until one is connected with a public
 * address. One that says it is disconnected is still a candidate, since routers say so and map ports all the same.
 */
export async function inspectDevice(
  transport: Transport,
  { description, localAddress }: FetchedDescription,
  options?: CallOptions,
): Promise<Inspection> {
  const { usable, turnedDown } = selectServices(description);
  const candidates: Candidate[] = [];
  const failures: RejectedCandidate[] = [];
  for (const services of usable) {
    if (options?.signal?.aborted === true) break;
    const gateway = createGateway(transport, description, services, localAddress);
    const state = await connectionState(gateway, options);
    const rank = rankOf(state);
    if (rank === 3) failures.push(unreachable(gateway, state));
    else candidates.push({ gateway, state, rank });
    if (rank === 0) break;
  }
  const best = bestOf(candidates);
  const lesser = candidates.filter((candidate) => candidate !== best).map((candidate) => passedOver(candidate));
  return { best, turnedDown: [...turnedDown, ...failures, ...lesser] };
}

/** The first of the best rank. */
export function bestOf(candidates: readonly Candidate[]): Candidate | null {
  return [...candidates].sort((one, other) => one.rank - other.rank)[0] ?? null;
}

/** Why a candidate that would do is not the one. */
export function passedOver({ gateway, state, rank }: Candidate): RejectedCandidate {
  const why = [
    'as good as the one chosen',
    `its external address is ${state.externalAddressClass}`,
    `its status is ${state.status ?? 'unknown'}`,
  ];
  return rejected(gateway, `passed over: ${why[rank] as string}`);
}

function unreachable(gateway: Gateway, { errors: [error] }: ConnectionState): RejectedCandidate {
  const reason = `its control URL does not answer: ${error?.message ?? 'no answer'}`;
  return { ...rejected(gateway, reason), error };
}

function rejected({ description, services }: Gateway, reason: string): RejectedCandidate {
  const name = description.device.friendlyName;
  return { location: description.location, name, reason: `${services.connectionName}: ${reason}` };
}
