/** Finds what opens ports on this network. */
import type { ResultAsync } from '../result.ts';
import { checkArguments, OPTIONS, A_TRANSPORT } from '../arguments.ts';
import type { ConnectionState } from '../client/connection-state.ts';
import { findGateway, type FindGatewayError, type FindGatewayOptions } from '../client/find-gateway.ts';
import type { FoundGateway } from '../client/select-gateway.ts';
import type { RejectedCandidate } from '../errors.ts';
import type { FilePort, Transport } from '../ports.ts';
import type { GatewayWarning } from '../client/gateway-warnings.ts';
import { findKnownGateway } from './igd/find-known-gateway.ts';
import { igdMapper, type IgdMapper } from './igd/mapper.ts';
import type { FoundMapper } from './port-mapper.ts';
import { toldBy } from './watch/gateway-changes.ts';

export { listenForPresence as listenForMappers } from './watch/presence-listener.ts';

export interface FindMapperOptions extends FindGatewayOptions {
  /** Where the gateway is remembered: the next time it is asked first. See {@link findKnownGateway}. Default: nowhere. */
  readonly remember?: FilePort | undefined;
}

export type FindMapperError = FindGatewayError;

/** The mapper of the gateway that was chosen, and what else there was. */
export interface FoundIgdMapper extends FoundMapper {
  readonly mapper: IgdMapper;
  /** What the gateway has told of itself: a value that it did not tell is absent. */
  readonly state: Partial<ConnectionState> | null;
  readonly turnedDown: readonly RejectedCandidate[];
  readonly warnings: readonly GatewayWarning[];
}

/**
 * Finds the mapper to use: that of the gateway which {@link findGateway} finds.
 *
 * Errors: `no-gateway` with every candidate and why it was turned down; `transport`; `invalid-argument`.
 */
export function findMapper(
  transport: Transport,
  { remember, ...options }: FindMapperOptions = {},
): ResultAsync<FoundIgdMapper, FindMapperError> {
  return checkArguments(['transport', transport, A_TRANSPORT], ['options', options, OPTIONS]).asyncAndThen(() => {
    const found: ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError> = remember === undefined
      ? findGateway(transport, options)
      : findKnownGateway(transport, remember, options);
    return found.map(toFoundMapper);
  });
}

/** The mapper of a gateway that was found. */
export function toFoundMapper({ gateway, state, ...others }: FoundGateway<ConnectionState | null>): FoundIgdMapper {
  return { ...others, mapper: igdMapper(gateway), state: state && toldBy(state) };
}
