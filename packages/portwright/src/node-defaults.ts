/** The functions of the root entry that need a transport, on Node's. */
import * as mapping from '@portwright/core/mapping';
import type {
  FindMapperError,
  FindMapperOptions,
  KeeperOptions,
  KeptPort,
  MapOnAllOptions,
  MappedOnAll,
  MapPortOptions,
  SearchedMapper,
} from '@portwright/core/mapping';
import type { NoGatewayError } from '@portwright/core';
import type { SearchError } from '@portwright/core/upnp';
import { assertArguments, POLLED_OPTIONS } from '@portwright/core/internal';
import type { ResultAsync } from '@portwright/core/result';
import { transportIn, type OnTransport } from './on-transport.ts';

/**
 * Finds the mapper to use: by UPnP that of the best gateway on the network (connected with a public address before
 * connected before any other), by PCP or NAT-PMP that of a default router; or the one at a URL (`gateway`). All protocols
 * are searched for at once; `via` chooses and orders them. It returns as soon as there is one of the preferred protocol, or
 * after a second one of another; that there is none takes the whole search: 2 seconds by default, and a third for late
 * answers. With `remember`, the router of the last time is asked first.
 *
 * Errors: `no-gateway` with every candidate and why it was turned down; `transport`; `invalid-argument`; with a URL also
 * `policy` and `malformed`.
 *
 * @example
 * ```ts
 * const found = await findMapper({ remember: nodeFile('/var/lib/my-game/gateway.json') });
 * if (found.isOk()) await mapPort(found.value.mapper, { externalPort: 7777, protocol: 'UDP' });
 * ```
 */
export function findMapper(
  options: FindMapperOptions & OnTransport = {},
): ResultAsync<SearchedMapper, FindMapperError> {
  return mapping.findMapper(transportIn(options), options);
}

/**
 * Maps a port and keeps it mapped until it is closed: it is renewed at half of its lease, restored after a restart of the
 * router, and follows this computer to another network. It never fails: while there is no router it goes on searching, and
 * its events say so. What a listener throws becomes a warning of the process, unless `onThrown` takes it.
 *
 * @throws PortwrightException (`invalid-argument`)
 *
 * @example
 * ```ts
 * await using game = keepMapped({ externalPort: 7777, protocol: 'UDP' });
 * for await (const event of game) console.log(event.kind);
 * ```
 */
export function keepMapped(options: MapPortOptions & KeeperOptions & OnTransport): KeptPort {
  assertArguments(['options', options, POLLED_OPTIONS]);
  return mapping.keepMapped(transportIn(options), { onThrown: warn, ...options });
}

/**
 * Keeps any number of ports mapped, with one timer, one watch and one search for all of them. `keep` adds a port; `close`
 * unmaps them all. What a listener throws becomes a warning of the process, unless `onThrown` takes it.
 *
 * @example
 * ```ts
 * await using keeper = new Keeper();
 * for (const protocol of ['TCP', 'UDP'] as const) keeper.keep({ externalPort: 7777, protocol });
 * ```
 */
export class Keeper extends mapping.Keeper {
  /** @throws PortwrightException (`invalid-argument`) */
  constructor(options: KeeperOptions & OnTransport = {}) {
    assertArguments(['options', options, POLLED_OPTIONS]);
    super(transportIn(options), { onThrown: warn, ...options });
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

/**
 * Maps a port on every gateway of the network: where two lines lead out, nobody knows by which one the peers will come.
 * With `ipv6: true` the IPv6 firewalls of those that have one are opened for it as well.
 *
 * Errors: `no-gateway`, `transport`, `invalid-argument`; what happened on each gateway is in its own result.
 */
export function mapOnAll(
  options: MapOnAllOptions & OnTransport,
): ResultAsync<MappedOnAll, SearchError | NoGatewayError> {
  return mapping.mapOnAll(transportIn(options), options);
}
