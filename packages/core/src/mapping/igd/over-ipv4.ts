/** A gateway that was found over IPv6, asked over IPv4: some take an IPv4 mapping from nowhere else. */
import { createAbort } from '../../abort.ts';
import { createDescriptionQueue } from '../../client/description-queue.ts';
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
  const fetchInTurn = createDescriptionQueue(transport, { ...limits, signal: found.signal });
  const inspections = new Map<string, Promise<void>>();
  let connection: Gateway | null = null;
  const inspect = async (answer: SearchAnswer): Promise<void> => {
    const fetched = (await fetchInTurn(answer)).unwrapOr(null);
    if (fetched === null || fetched.description.device.udn !== udn) return;
    connection ??= sameConnection(gateway, fetched);
    if (connection !== null) found.abort();
  };
  const onAnswer = (answer: SearchAnswer): void => {
    if (!inspections.has(answer.location)) inspections.set(answer.location, inspect(answer));
  };
  // A search that fails finds nothing. Not all routers answer to their UDN, so the usual targets are searched for.
  (await search(transport, { timeoutMs: SEARCH_MS }, onAnswer, found.signal)).unwrapOr(null);
  await Promise.all(inspections.values());
  found.abort();
  return connection;
}
