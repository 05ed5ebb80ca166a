/** Finds the mapper of a UPnP Internet gateway. */
import type { ResultAsync } from '../../result.ts';
import { assertArguments, FOUND_GATEWAY } from '../../arguments.ts';
import type { ConnectionState } from '../../client/connection-state.ts';
import type { GatewayWarning } from '../../client/gateway-warnings.ts';
import type { RejectedCandidate } from '../../errors.ts';
import { findGateway, type FindGatewayError, type FindGatewayOptions } from '../../client/find-gateway.ts';
import { gatewayAt, type GatewayAtError, type GatewayAtOptions } from '../../client/gateway-at.ts';
import type { FoundGateway } from '../../client/select-gateway.ts';
import type { FilePort, Transport } from '../../ports.ts';
import type { FoundMapper } from '../port-mapper.ts';
import { toldBy } from '../watch/gateway-changes.ts';
import { findKnownGateway } from './find-known-gateway.ts';
import { igdMapper, type IgdMapper } from './mapper.ts';

/** The mapper of the gateway that was chosen, and what else there was. */
export interface FoundIgdMapper extends FoundMapper {
  readonly mapper: IgdMapper;
  /** What the gateway has told of itself: a value that it did not tell is absent. Null: it was not asked. */
  readonly state: Partial<ConnectionState> | null;
  /** Every other device that answered, and why it is not the one. */
  readonly rejected: readonly RejectedCandidate[];
  readonly warnings: readonly GatewayWarning[];
}

/** By a search; with a file, the gateway of the last time is asked first. */
export function findIgdMapper(
  transport: Transport,
  options: FindGatewayOptions,
  remember: FilePort | undefined,
): ResultAsync<FoundIgdMapper, FindGatewayError> {
  const found: ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError> = remember === undefined
    ? findGateway(transport, options)
    : findKnownGateway(transport, remember, options);
  return found.map(toFoundMapper);
}

/** Of the gateway whose description stands at a URL. */
export function igdMapperAt(
  transport: Transport,
  url: string,
  options: GatewayAtOptions,
): ResultAsync<FoundIgdMapper, GatewayAtError> {
  return gatewayAt(transport, url, options).map(toFoundMapper);
}

/**
 * The mapper of a gateway that was found, with what else the search gave.
 *
 * @throws PortwrightException (`invalid-argument`) for what no search gives
 */
export function toFoundMapper(found: FoundGateway<ConnectionState | null>): FoundIgdMapper {
  assertArguments(['found', found, FOUND_GATEWAY]);
  const { gateway, state, ...others } = found;
  return { ...others, mapper: igdMapper(gateway), state: state && toldBy(state) };
}
