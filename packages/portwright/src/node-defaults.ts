import * as core from '@portwright/core';
import type {
  ConnectionState,
  Discovery,
  DiscoverOptions,
  FindGatewayError,
  FindGatewayOptions,
  FoundGateway,
  GatewayAtError,
  GatewayAtOptions,
  SearchError,
  Transport,
} from '@portwright/core';
import { nodeTransport } from '@portwright/transport-node';
import type { ResultAsync } from 'neverthrow';

/** Where to do it. */
export interface OnTransport {
  /** Default: this machine's network, by {@link nodeTransport}. */
  readonly transport?: Transport | undefined;
}

/**
 * Finds the gateway to use: connected with a public address before connected before any other that answers. It returns
 * as soon as there is one; that there is none takes the whole search, 2 seconds by default.
 *
 * Errors: `no-gateway` with every candidate and why it was turned down; `transport`; `invalid-argument`.
 */
export function findGateway(
  options?: FindGatewayOptions & OnTransport & { readonly trustDefaultRouter?: false | undefined },
): ResultAsync<FoundGateway, FindGatewayError>;
export function findGateway(
  options: FindGatewayOptions & OnTransport,
): ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError>;
export function findGateway({
  transport = nodeTransport(),
  ...options
}: FindGatewayOptions & OnTransport = {}): ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError> {
  return core.findGateway(transport, options);
}

/**
 * The gateway whose device description stands at a URL, without a search: for networks that pass no multicast, and for
 * gateways that are known.
 *
 * Errors: those of the fetch (`transport`, `policy`, `malformed`), and `no-gateway` for a device that is none.
 */
export function gatewayAt(
  url: string,
  { transport, ...options }: GatewayAtOptions & OnTransport = {},
): ResultAsync<FoundGateway, GatewayAtError> {
  const { allowHostName = false } = options;
  return core.gatewayAt(transport ?? nodeTransport({ http: { allowHostNames: allowHostName } }), url, options);
}

/**
 * Searches for the whole time, 2 seconds by default, and returns every device that answered, gateway or not, with its
 * description; who answered and can't be used is listed with the reason.
 *
 * Errors: `transport`; `invalid-argument`. No answer at all is a success with no devices.
 */
export function discover({ transport = nodeTransport(), ...options }: DiscoverOptions & OnTransport = {}): ResultAsync<
  Discovery,
  SearchError
> {
  return core.discover(transport, options);
}
