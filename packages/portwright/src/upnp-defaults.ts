/** The functions of the UPnP entry that need a transport, on Node's. */
import type { FilePort, NoGatewayError } from '@portwright/core';
import * as upnp from '@portwright/core/upnp';
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
} from '@portwright/core/upnp';
import type { ResultAsync } from '@portwright/core/result';
import { transportIn, type OnTransport } from './on-transport.ts';

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
export function findGateway(
  options: FindGatewayOptions & OnTransport = {},
): ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError> {
  return upnp.findGateway(transportIn(options), options);
}

/**
 * The gateway whose device description stands at a URL, without a search: for networks that pass no multicast, and for
 * gateways that are known.
 *
 * Errors: those of the fetch (`transport`, `policy`, `malformed`), and `no-gateway` for a device that is none.
 */
export function gatewayAt(
  url: string,
  options: GatewayAtOptions & OnTransport = {},
): ResultAsync<FoundGateway, GatewayAtError> {
  return upnp.gatewayAt(transportIn(options), url, options);
}

/**
 * Searches for the whole time, 2 seconds by default, and returns every device that answered, gateway or not, with its
 * description; who answered and can't be used is listed with the reason.
 *
 * Errors: `no-gateway` where this computer is on no network; `transport`; `invalid-argument`. No answer at all is a success
 * with no devices.
 */
export function discover(
  options: DiscoverOptions & OnTransport = {},
): ResultAsync<Discovery, SearchError | NoGatewayError> {
  return upnp.discover(transportIn(options), options);
}

/**
 * Finds a gateway like {@link findGateway}, and writes down in a file which one that was. The next time it is asked where
 * it was, and a search begins beside that only after 150 ms without an answer: on a network that has not changed, none is
 * needed. It is believed only if its description still has the same UDN and control URL, and not asked where `interface`
 * and `families` say that the search does not go there.
 *
 * Errors: those of {@link findGateway}. A file that can't be read or written costs the time that it saves, and no more.
 *
 * @example
 * ```ts
 * const found = await findKnownGateway(nodeFile('/var/lib/my-game/gateway.json'));
 * ```
 */
export function findKnownGateway(
  file: FilePort,
  options: FindGatewayOptions & OnTransport = {},
): ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError> {
  return upnp.findKnownGateway(transportIn(options), file, options);
}
