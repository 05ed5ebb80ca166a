/** Which connection to use: of one device, and of all that were found. */
import { err, ok, type Result } from '../result.ts';
import { movedToOrigin } from '../description/move-origin.ts';
import type { NoGatewayError, RejectedCandidate, SearchFacts } from '../errors.ts';
import type { Transport } from '../ports.ts';
import { connectionState, isListening, rankOf, type ConnectionState } from './connection-state.ts';
import type { FetchedDescription } from './fetch-description.ts';
import { createGateway, type Gateway } from './gateway.ts';
import type { GatewayWarning } from './gateway-warnings.ts';
import { noGatewayError } from './no-gateway.ts';
import { selectServices } from './select-services.ts';
import type { CallOptions } from '../call-options.ts';

/**
 * The gateway that was chosen, and what else there was. The state can only be null where it was asked to be found
 * without being asked for it.
 */
export interface FoundGateway<State extends ConnectionState | null = ConnectionState> {
  readonly gateway: Gateway;
  readonly state: State;
  readonly rejected: readonly RejectedCandidate[];
  readonly warnings: readonly GatewayWarning[];
}

/** A connection of a gateway, and its state; null for one that is trusted unasked. */
export interface Candidate {
  readonly gateway: Gateway;
  readonly state: ConnectionState | null;
  /** See rankOf: lower is better. */
  readonly rank: 0 | 1 | 2 | 3;
  /** The address that answered the search. */
  readonly from?: string | undefined;
  /** Whether this host's Internet traffic goes through it; absent where that is not known. */
  readonly isDefaultRouter?: boolean | undefined;
  /** Whether it is better than any other, whatever their ranks. */
  readonly isPreferred?: boolean | undefined;
}

export interface Inspection {
  readonly candidates: readonly Candidate[];
  readonly rejected: readonly RejectedCandidate[];
}

/**
 * The connections of one device: each connection service is asked in turn, until one is connected with a public address.
 * One that says it is disconnected is still a candidate, since routers say so and map ports all the same.
 *
 * @param trusted - take the only connection of the device as it is, without asking for its state
 */
export async function probeDevice(
  transport: Transport,
  { description, localAddress, queue }: FetchedDescription,
  options?: CallOptions,
  trusted = false,
): Promise<Inspection> {
  const { usable, rejected } = selectServices(description);
  const candidates: Candidate[] = [];
  for (const services of usable) {
    if (options?.signal?.aborted === true) break;
    const gateway = createGateway(transport, description, services, localAddress, queue);
    const state = trusted && usable.length === 1 ? null : await connectionState(gateway, options);
    const rank = state === null ? 0 : rankOf(state);
    candidates.push({ gateway, state, rank });
    if (rank === 0) break;
  }
  const moved = bestOf(candidates) === undefined ? movedToOrigin(description) : null;
  if (moved === null) return { candidates, rejected };
  const elsewhere = await probeDevice(transport, { description: moved, localAddress, queue }, options);
  if (bestOf(elsewhere.candidates) !== undefined) return elsewhere;
  return { candidates: [...candidates, ...elsewhere.candidates], rejected };
}

/**
 * The first of the best among those that answer: the preferred ones before all others, then those with a public address.
 * Among those without, the default router comes first, whatever its state: nothing is routed through another one.
 */
export function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  return bestFirst(candidates.filter(({ rank }) => rank < 3))[0];
}

/**
 * The one to use: the best, or else one that tells nothing of its state, as long as somebody listens at its control URL.
 * It may still map ports.
 */
export function usableOf(candidates: readonly Candidate[]): Candidate | undefined {
  const listening = candidates.filter(({ state }) => state !== null && isListening(state));
  return bestOf(candidates) ?? bestFirst(listening)[0];
}

function bestFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  const order = ({ rank, isPreferred = false, isDefaultRouter = false }: Candidate): number =>
    rank + (isPreferred ? 0 : 10) + (isDefaultRouter ? 0 : rank === 0 ? 0.5 : 2);
  return candidates.toSorted((one, other) => order(one) - order(other));
}

/** What was found, before it is looked at for warnings. */
export type ChosenGateway = Omit<FoundGateway<ConnectionState | null>, 'warnings'>;

/** @param search - where the search went; null where there was none */
export function chooseGateway(
  { candidates, rejected }: Inspection,
  search: SearchFacts | null,
): Result<ChosenGateway, NoGatewayError> {
  const best = usableOf(candidates);
  const others = candidates.filter((candidate) => candidate !== best).map(passedOver);
  const allRejected = [...rejected, ...others];
  return best === undefined
    ? err(noGatewayError(search, allRejected))
    : ok({ gateway: best.gateway, state: best.state, rejected: allRejected });
}

/** Why a candidate is not the one. */
function passedOver({ gateway: { description, services }, state, rank, from }: Candidate): RejectedCandidate {
  const error = state?.errors[0];
  return {
    code: rank === 3 ? 'no-control' : 'worse',
    location: description.location,
    ...(from === undefined ? {} : { from }),
    name: description.device.friendlyName,
    reason: `${services.connectionName}: ${error?.message ?? `${state?.status}, address ${state?.externalAddressClass}`}`,
    error,
  };
}
