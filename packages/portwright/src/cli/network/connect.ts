/** From the flags of a command to its transport and its gateway. */
import type {
  AbortSignalLike,
  ConnectionState,
  Discovery,
  FindGatewayError,
  FoundGateway,
  GatewayAtError,
  NoGatewayError,
  SearchError,
  SearchOptions,
  Transport,
} from '@portwright/core';
import { discover, findGateway, gatewayAt, TRANSPORT } from '@portwright/core';
import { LATE_MS } from '@portwright/core/internal';
import { ResultAsync } from '@portwright/core/result';
import { compose, type Composition } from './compose.ts';
import type { Host } from '../host.ts';
import { explainUrl } from '../errors/explain-url.ts';
import type { DiscoverRequest, GatewayFlags, SearchFlags } from '../arguments/requests.ts';
import { terminalOf } from '../output/terminal.ts';
import { warmingUp } from './jit-warm-up.ts';

/** The transport of a run, from its container. */
export async function resolveTransport(host: Host, composition: Composition): Promise<Transport> {
  const container = host.container ?? (await compose({ ...composition, headStart: host.headStart }));
  return container.resolve<Transport>(TRANSPORT);
}

/** The gateway that the flags name, or the best that a search finds. */
export function connect(host: Host, flags: GatewayFlags): ResultAsync<FoundGateway, ConnectError> {
  // Whatever was not trusted unasked has a state.
  return connectBy(host, flags, false).map((found) => found as FoundGateway);
}

/** The same for commands that need no state: the default router is taken without being asked for it. */
export function connectUnasked(host: Host, flags: GatewayFlags): ResultAsync<MaybeAsked, ConnectError> {
  return connectBy(host, flags, true);
}

/** A gateway that may have been taken unasked. */
export type MaybeAsked = FoundGateway<ConnectionState | null>;

export type ConnectError = FindGatewayError | GatewayAtError;

function connectBy(
  host: Host,
  flags: GatewayFlags,
  trustDefaultRouter: boolean,
): ResultAsync<MaybeAsked, ConnectError> {
  const { gateway: url, simulate } = flags;
  // A host name that a person has typed may be looked up; one that a device names is refused by core.
  const composed = resolveTransport(host, { simulate, http: { allowHostNames: url !== undefined } });
  return ResultAsync.fromSafePromise(composed).andThen((transport) =>
    // The simulated gateway answers in no time.
    locate(
      host,
      flags,
      simulate ? transport : warmingUp(transport, () => terminalOf(host.stdout)),
      host.signal,
      trustDefaultRouter,
    ),
  );
}

const IS_IT_THE_URL = 'Check the URL, or leave out --gateway to search for the router.';

/** Finds the gateway in the way that the flags say, on a transport: the first time, and when it is lost. */
export function locate(
  host: Host,
  flags: GatewayFlags,
  transport: Transport,
  signal: AbortSignalLike,
  trustDefaultRouter: boolean,
): ResultAsync<MaybeAsked, ConnectError> {
  const { gateway: url, timeoutMs, remember, simulate, preferFamily } = flags;
  if (url !== undefined) {
    const options = { allowHostName: true, deadlineMs: timeoutMs, signal };
    return gatewayAt(transport, url, options).mapErr((error) => explainUrl(url, error, IS_IT_THE_URL));
  }
  const options = { ...searchOptions(flags, signal), trustDefaultRouter, preferFamily };
  // Of a gateway that is gone with the process nothing is worth remembering.
  if (!remember || simulate) return findGateway(transport, options);
  const loaded = ResultAsync.fromSafePromise(import('./remember.ts'));
  return loaded.andThen(({ findRemembered }) => findRemembered(host, transport, options));
}

/** Every device that answers within the time. */
export function search(host: Host, flags: DiscoverRequest): ResultAsync<Discovery, SearchError | NoGatewayError> {
  return ResultAsync.fromSafePromise(resolveTransport(host, { simulate: flags.simulate })).andThen((transport) =>
    discover(transport, { lateMs: LATE_MS, ...searchOptions(flags, host.signal) }),
  );
}

export function searchOptions(flags: SearchFlags, signal: AbortSignalLike): SearchOptions {
  const { timeoutMs, families } = flags;
  return { timeoutMs, interface: flags.interface, families, signal };
}
