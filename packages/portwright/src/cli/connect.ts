/** From the flags of a command to its transport and its gateway. */
import type {
  AddressFamily,
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
import { warmUp } from './warm-up.ts';

/** The transport of a run, from its container. */
export async function resolveTransport(host: Host, composition: Composition): Promise<Transport> {
  const container = host.container ?? (await compose(composition));
  return container.resolve<Transport>(TRANSPORT);
}

/** The gateway that the flags name, or the best that a search finds. */
export function connect(host: Host, flags: GatewayFlags): ResultAsync<FoundGateway, FindGatewayError | GatewayAtError> {
  const { gateway: url, simulate, timeoutMs } = flags;
  const { signal } = host;
  // A host name that a person has typed may be looked up; one that a device names is refused by core.
  const composed = resolveTransport(host, { simulate, http: { allowHostNames: url !== undefined } });
  return ResultAsync.fromSafePromise(composed).andThen<ResultAsync<FoundGateway, FindGatewayError | GatewayAtError>>(
    (transport) => {
      if (url !== undefined) return gatewayAt(transport, url, { allowHostName: true, deadlineMs: timeoutMs, signal });
      const found = findGateway(transport, searchOptions(host, flags));
      if (!simulate) warmUp();
      return found;
    },
  );
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
