/** Finds what opens ports on this network. */
import type { ResultAsync } from '../result.ts';
import {
  A_TRANSPORT,
  assertArguments,
  checkArguments,
  DESCRIPTION_URL,
  FILE,
  FOUND_GATEWAY,
  oneOf,
  optional,
  options as optionsOf,
  type Check,
} from '../arguments.ts';
import type { ConnectionState } from '../client/connection-state.ts';
import { findGateway, type FindGatewayError, type FindGatewayOptions } from '../client/find-gateway.ts';
import { gatewayAt, type GatewayAtError, type GatewayAtOptions } from '../client/gateway-at.ts';
import type { FoundGateway } from '../client/select-gateway.ts';
import type { RejectedCandidate } from '../errors.ts';
import type { FilePort, Transport } from '../ports.ts';
import type { GatewayWarning } from '../client/gateway-warnings.ts';
import { findKnownGateway } from './igd/find-known-gateway.ts';
import { igdMapper, type IgdMapper } from './igd/mapper.ts';
import type { FoundMapper } from './port-mapper.ts';
import type { Via } from './types.ts';
import { toldBy } from './watch/gateway-changes.ts';

export { listenForPresence as listenForMappers } from './watch/presence-listener.ts';

/** Where to look for a mapper, and how long. */
export interface FindMapperOptions extends FindGatewayOptions, GatewayAtOptions {
  /**
   * The URL of the gateway's device description: it is asked there, and nothing is searched for or remembered. A host name
   * in it needs `allowHostName`; `deadlineMs`, 8000 by default, is the limit for each document. Default: a search.
   */
  readonly gateway?: string | undefined;
  /**
   * Where the gateway is remembered: the next time it is asked first, and a search begins only after 150 ms without an
   * answer. It is believed only if its description still has the same UDN and control URL. A file that can't be read or
   * written costs the time that it saves, and no more. Default: nowhere.
   */
  readonly remember?: FilePort | undefined;
  /** The only protocol to open ports by; default: any that there is. */
  readonly via?: Via | undefined;
}

export type FindMapperError = FindGatewayError | GatewayAtError;

/** The mapper of the gateway that was chosen, and what else there was. */
export interface FoundIgdMapper extends FoundMapper {
  readonly mapper: IgdMapper;
  /** What the gateway has told of itself: a value that it did not tell is absent. Null: it was not asked. */
  readonly state: Partial<ConnectionState> | null;
  /** Every other device that answered, and why it is not the one. */
  readonly rejected: readonly RejectedCandidate[];
  readonly warnings: readonly GatewayWarning[];
}

const FIND_OPTIONS: Check = optionsOf({
  gateway: optional(DESCRIPTION_URL),
  remember: optional(FILE),
  via: optional(oneOf('upnp-igd')),
});

/**
 * Finds the mapper to use: that of the best gateway on the network (connected with a public address before connected
 * before any other), or of the one at a URL. It returns as soon as there is one; that there is none takes the whole
 * search, 2 seconds by default and a third for late answers.
 *
 * Errors: `no-gateway` with every candidate and why it was turned down; `transport`; `invalid-argument`; with a URL also
 * `policy` and `malformed`.
 *
 * @example
 * ```ts
 * const found = await findMapper(transport, { remember: file });
 * if (found.isOk()) await mapPort(found.value.mapper, { externalPort: 7777, protocol: 'UDP' });
 * ```
 */
export function findMapper(
  transport: Transport,
  options: FindMapperOptions = {},
): ResultAsync<FoundIgdMapper, FindMapperError> {
  return checkArguments(['transport', transport, A_TRANSPORT], ['options', options, FIND_OPTIONS])
    .asyncAndThen<FoundGateway<ConnectionState | null>, FindMapperError>(() => {
      const { gateway, remember } = options;
      if (gateway !== undefined) return gatewayAt(transport, gateway, options);
      return remember === undefined ? findGateway(transport, options) : findKnownGateway(transport, remember, options);
    })
    .map(toFoundMapper);
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
