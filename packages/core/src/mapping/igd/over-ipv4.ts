/** A gateway that was found over IPv6, asked over IPv4: some take an IPv4 mapping from nowhere else. */
import { createAbort } from '../../abort.ts';
import { fetchDescription } from '../../client/fetch-description.ts';
import type { Gateway } from '../../client/gateway.ts';
import { search } from '../../client/search.ts';
import type { SearchAnswer } from '../../client/search-types.ts';
import type { CallOptions } from '../../call-options.ts';
import { sameConnection } from './moved-control-url.ts';

/** An answer over the other family comes within MX, which is a second. */
const SEARCH_MS = 1_000;

/**
 * The same connection at the gateway's IPv4 address; null where it does not answer there. In secure mode, miniupnpd
 * compares the mapping's internal client with the caller's IPv4 address, and so refuses every mapping that is requested
 * over IPv6 (718, or 606 for AddAnyPortMapping and DeletePortMapping).
 */
export async function overIpv4(gateway: Gateway, limits: CallOptions): Promise<Gateway | null> {
  const { transport, description } = gateway;
  const { udn } = description.device;
  if (udn === null) return null;
  const found = createAbort(limits.signal);
  const inspections: Promise<void>[] = [];
  let connection: Gateway | null = null;
  const inspect = async (location: string): Promise<void> => {
    const fetched = (await fetchDescription(transport, location, { ...limits, signal: found.signal })).unwrapOr(null);
    if (fetched === null || fetched.description.device.udn !== udn) return;
    connection ??= sameConnection(gateway, fetched);
    if (connection !== null) found.abort();
  };
  const options = { families: ['ipv4'], targets: [udn], timeoutMs: SEARCH_MS } as const;
  const onAnswer = ({ location }: SearchAnswer): void => void inspections.push(inspect(location));
  // A search that fails finds nothing.
  (await search(transport, options, onAnswer, found.signal)).unwrapOr(null);
  await Promise.all(inspections);
  return connection;
}
