import * as core from '@portwright/core';
import * as mapping from '@portwright/core/mapping';
import type {
  ConnectionState,
  Discovery,
  DiscoverOptions,
  FilePort,
  FindGatewayError,
  FindGatewayOptions,
  FoundGateway,
  GatewayAtError,
  GatewayAtOptions,
  NoGatewayError,
  SearchError,
  Transport,
} from '@portwright/core';
import type {
  FindMapperError,
  FindMapperOptions,
  FoundIgdMapper,
  KeeperOptions,
  KeptMapping,
  MapOnAllOptions,
  MappedOnAll,
  MapPortOptions,
} from '@portwright/core/mapping';
import { assertArguments, OPTIONS } from '@portwright/core/internal';
import { nodeTransport } from '@portwright/transport-node';
import type { ResultAsync } from '@portwright/core/result';

/** Where to do it. */
export interface OnTransport {
  /** Default: this machine's network, by {@link nodeTransport}. */
  readonly transport?: Transport | undefined;
}

/** The transport to use. What are no options is not read: the core says what is wrong with them. */
function transportIn(options: (OnTransport & Pick<GatewayAtOptions, 'allowHostName'>) | null | undefined): Transport {
  const transport = options?.transport;
  // Null is a mistake, and no wish for the real network.
  return transport === undefined
    ? nodeTransport({ http: { allowHostNames: options?.allowHostName === true } })
    : transport;
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
export function findGateway(
  options: FindGatewayOptions & OnTransport = {},
): ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError> {
  return core.findGateway(transportIn(options), options);
}

/**
 * Finds the mapper to use: that of the gateway which {@link findGateway} finds. With `remember`, that of the last time is
 * asked first, as {@link findKnownGateway} does.
 *
 * Errors: those of {@link findGateway}.
 */
export function findMapper(
  options: FindMapperOptions & OnTransport = {},
): ResultAsync<FoundIgdMapper, FindMapperError> {
  return mapping.findMapper(transportIn(options), options);
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
  return core.gatewayAt(transportIn(options), url, options);
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
  return core.discover(transportIn(options), options);
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
  return mapping.findKnownGateway(transportIn(options), file, options);
}

/**
 * Maps a port and keeps it mapped until it is closed: renewed at half of its lease, made again after the router's reboot,
 * moved with the network. It never fails: while there is no gateway it goes on looking, and tells so by its events. What a
 * listener throws is a warning of the process, unless `onThrown` takes it.
 *
 * @example
 * ```ts
 * await using game = keepMapped({ externalPort: 7777, protocol: 'UDP' });
 * for await (const event of game) console.log(event.kind);
 * ```
 */
export function keepMapped(options: MapPortOptions & KeeperOptions & OnTransport): KeptMapping {
  assertArguments(['options', options, OPTIONS]);
  const onThrown = (error: unknown): void => {
    process.emitWarning(error instanceof Error ? error : String(error));
  };
  return mapping.keepMapped(transportIn(options), { onThrown, ...options });
}

/**
 * Maps a port on every gateway of the network: where two lines lead out, nobody knows by which one the peers will come.
 * With `ipv6: true` the IPv6 firewalls of those that have one are opened for it as well.
 *
 * Errors: those of {@link findGateway}; what each gateway said is in its own result.
 */
export function mapOnAll(
  options: MapOnAllOptions & OnTransport,
): ResultAsync<MappedOnAll, SearchError | NoGatewayError> {
  return mapping.mapOnAll(transportIn(options), options);
}
