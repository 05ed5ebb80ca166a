/** From the flags of a command to its transport and its gateway. */
import type {
  AddressFamily,
  ConnectionState,
  Discovery,
  FindGatewayError,
  FoundGateway,
  GatewayAtError,
  SearchError,
  SearchOptions,
  Transport,
} from '@portwright/core';
import { discover, findGateway, gatewayAt, TRANSPORT } from '@portwright/core';
import { ResultAsync } from 'neverthrow';
import { compose, type Composition } from './compose.ts';
import type { Host } from './host.ts';
import type { DiscoverRequest, GatewayFlags, SearchFlags } from './requests.ts';
import { warmingUp } from './warm-up.ts';

/** The transport of a run, from its container. */
export async function resolveTransport(host: Host, composition: Composition): Promise<Transport> {
  const container = host.container ?? (await compose({ ...composition, headStart: host.headStart }));
  return container.resolve<Transport>(TRANSPORT);
}

/** The gateway that the flags name, or the best that a search finds. */
export function connect(host: Host, flags: GatewayFlags): Connected<ConnectionState> {
  return connectBy((transport) => findGateway(transport, searchOptions(host, flags)), host, flags);
}

/** The same for commands that need no state: the default router is taken without being asked for it. */
export function connectUnasked(host: Host, flags: GatewayFlags): Connected<ConnectionState | null> {
  const options = { ...searchOptions(host, flags), trustDefaultRouter: true };
  return connectBy((transport) => findGateway(transport, options), host, flags);
}

type Connected<State extends ConnectionState | null> = ResultAsync<
  FoundGateway<State>,
  FindGatewayError | GatewayAtError
>;

function connectBy<State extends ConnectionState | null>(
  find: (transport: Transport) => Connected<State | ConnectionState>,
  host: Host,
  flags: GatewayFlags,
): Connected<State | ConnectionState> {
  const { gateway: url, simulate, timeoutMs } = flags;
  const { signal } = host;
  // A host name that a person has typed may be looked up; one that a device names is refused by core.
  const composed = resolveTransport(host, { simulate, http: { allowHostNames: url !== undefined } });
  return ResultAsync.fromSafePromise(composed).andThen<Connected<State | ConnectionState>>((transport) => {
    if (url !== undefined) return gatewayAt(transport, url, { allowHostName: true, deadlineMs: timeoutMs, signal });
    // The simulated gateway answers in no time.
    return find(simulate ? transport : warmingUp(host, transport));
  });
}

/** Every device that answers within the time. */
export function search(host: Host, flags: DiscoverRequest): ResultAsync<Discovery, SearchError> {
  return ResultAsync.fromSafePromise(resolveTransport(host, { simulate: flags.simulate })).andThen((transport) =>
    discover(transport, searchOptions(host, flags)),
  );
}

function searchOptions({ signal }: Host, flags: SearchFlags): SearchOptions {
  const families: readonly AddressFamily[] = flags.ipv6 ? ['ipv4', 'ipv6'] : ['ipv4'];
  return { timeoutMs: flags.timeoutMs, interface: flags.interface, families, signal };
}
