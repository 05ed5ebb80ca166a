/** Finds the transport and the gateway of a request. */
import type { AbortSignalLike, NoGatewayError, Transport } from '@portwright/core';
import type {
  ConnectionState,
  Discovery,
  FindGatewayError,
  FoundGateway,
  GatewayAtError,
  SearchError,
  SearchOptions,
} from '@portwright/core/upnp';
import { TRANSPORT } from '@portwright/core';
import { discover, findGateway, findKnownGateway, gatewayAt } from '@portwright/core/upnp';
import { findMapper, type SearchedMapper, type Via } from '@portwright/core/mapping';
import { LATE_MS } from '@portwright/core/internal';
import { ResultAsync } from '@portwright/core/result';
import { createContainer, type Composition } from './composition-root.ts';
import type { Host } from '../host.ts';
import { explainUrl } from '../errors/explain-url.ts';
import type { GatewayRequest, MapperRequest, SearchRequest } from '../arguments/options.ts';
import { terminalOf } from '../output/terminal.ts';
import { warmUpDuring } from './jit-warm-up.ts';
import { rememberedIn } from './remember.ts';

// The search of `map` has most of their code already: a chunk that imported them would carry a copy of it.
export { Keeper, mapOnAll } from '@portwright/core/mapping';

export async function resolveTransport(host: Host, composition: Composition): Promise<Transport> {
  const container = host.container ?? (await createContainer({ ...composition, earlySearch: host.earlySearch }));
  return container.resolve<Transport>(TRANSPORT);
}

/** The gateway that the request names, or the best one that a search finds. */
export function connect(host: Host, request: GatewayRequest): ResultAsync<FoundGateway, ConnectError> {
  // Only a gateway that was trusted without being asked has no state.
  return connectBy(host, request, false).map((found) => found as FoundGateway);
}

/** The same for commands that need no connection state: the default router is not asked for it. */
export function connectWithoutState(
  host: Host,
  request: GatewayRequest,
): ResultAsync<GatewayWithOptionalState, ConnectError> {
  return connectBy(host, request, true);
}

export type GatewayWithOptionalState = FoundGateway<ConnectionState | null>;

export type ConnectError = FindGatewayError | GatewayAtError;

function connectBy(
  host: Host,
  request: GatewayRequest,
  trustDefaultRouter: boolean,
): ResultAsync<GatewayWithOptionalState, ConnectError> {
  return ResultAsync.fromSafePromise(openTransport(host, request)).andThen((transport) =>
    locate(host, request, transport, host.signal, trustDefaultRouter),
  );
}

/** The transport for a request that {@link locate}s its gateway, once or several times. */
export async function openTransport(host: Host, { gateway: url, simulate }: GatewayRequest): Promise<Transport> {
  // A host name that the user typed may be resolved. The core refuses one from a device.
  const transport = await resolveTransport(host, { simulate, http: { allowHostNames: url !== undefined } });
  // A simulated gateway answers at once, which leaves no time for a warm-up.
  return simulate ? transport : warmUpDuring(transport, () => terminalOf(host.stdout));
}

const IS_IT_THE_URL = 'Check the URL, or leave out --gateway to search for the router.';

/** Finds the gateway on a transport: the first time, and again after it was lost. */
export function locate(
  host: Host,
  request: GatewayRequest,
  transport: Transport,
  signal: AbortSignalLike,
  trustDefaultRouter: boolean,
): ResultAsync<GatewayWithOptionalState, ConnectError> {
  const { gateway: url, timeoutMs, deadlineMs, remember, simulate, preferFamily } = request;
  if (url !== undefined) {
    const options = { allowHostName: true, deadlineMs: deadlineMs ?? timeoutMs, signal };
    return gatewayAt(transport, url, options).mapErr((error) => explainUrl(url, error, IS_IT_THE_URL));
  }
  const options = { ...searchOptions(request, signal), deadlineMs, trustDefaultRouter, preferFamily };
  // A simulated gateway is gone with the process.
  if (!remember || simulate) return findGateway(transport, options);
  return findKnownGateway(transport, rememberedIn(host), options);
}

interface ConnectMapperOptions {
  /** The protocol of the present lease. */
  readonly lastVia?: Via | undefined;
  /** Whether the default router is not asked for its state. Default: true. */
  readonly trustDefaultRouter?: boolean;
}

interface LocateMapperOptions extends ConnectMapperOptions {
  readonly signal: AbortSignalLike;
}

/** Finds what opens ports by any protocol, on a transport. */
export function locateMapper(
  host: Host,
  request: MapperRequest,
  transport: Transport,
  { signal, lastVia, trustDefaultRouter = true }: LocateMapperOptions,
): ResultAsync<SearchedMapper, ConnectError> {
  const { gateway: url, timeoutMs, deadlineMs, remember, simulate, preferFamily, via } = request;
  if (url !== undefined) {
    const options = { gateway: url, allowHostName: true, deadlineMs: deadlineMs ?? timeoutMs, signal };
    return findMapper(transport, options).mapErr((error) => explainUrl(url, error, IS_IT_THE_URL));
  }
  const options = { ...searchOptions(request, signal), deadlineMs, trustDefaultRouter, preferFamily, via, lastVia };
  // A simulated gateway is gone with the process.
  if (!remember || simulate) return findMapper(transport, options);
  return findMapper(transport, { ...options, remember: rememberedIn(host) });
}

/** The same for one request. */
export function connectMapper(
  host: Host,
  request: MapperRequest,
  options: ConnectMapperOptions = {},
): ResultAsync<SearchedMapper, ConnectError> {
  return ResultAsync.fromSafePromise(openTransport(host, request)).andThen((transport) =>
    locateMapper(host, request, transport, { ...options, signal: host.signal }),
  );
}

/** Every device that answers within the timeout. */
export function search(host: Host, request: SearchRequest): ResultAsync<Discovery, SearchError | NoGatewayError> {
  return ResultAsync.fromSafePromise(resolveTransport(host, { simulate: request.simulate })).andThen((transport) =>
    discover(transport, { lateMs: LATE_MS, ...searchOptions(request, host.signal) }),
  );
}

export function searchOptions(request: SearchRequest, signal: AbortSignalLike): SearchOptions {
  const { timeoutMs, families, anyLocation } = request;
  const locations = { allowOffLink: anyLocation, allowAnyPort: anyLocation };
  return { timeoutMs, interface: request.interface, families, locations, signal };
}
