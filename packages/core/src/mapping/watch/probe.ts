/** What the description of a watched gateway shows: whether the gateway is where it was. */
import { isListening, rankOf, type ConnectionState } from '../../client/connection-state.ts';
import { fetchDescription, type FetchedDescription } from '../../client/fetch-description.ts';
import type { Gateway } from '../../client/gateway.ts';
import { checkRedirect } from '../../description/location-policy.ts';
import type { AbortSignalLike } from '../../ports.ts';
import { sameConnection } from '../igd/moved-control-url.ts';
import { serializeRequests } from '../igd/serialized-requests.ts';

/** Whether the gateway's own description is at a URL, which an announcement may have named. */
export async function isDescribedAt(gateway: Gateway, url: string, signal: AbortSignalLike): Promise<boolean> {
  return (await describedAt(gateway, url, signal)) !== null;
}

/**
 * Whether a gateway is there, by its answer to a poll. Some routers answer both requests for the state with a bare 500, or
 * never, and map ports. Of those the description decides: after a restart it may name another control URL.
 */
export async function isPresent(gateway: Gateway, answer: ConnectionState, signal: AbortSignalLike): Promise<boolean> {
  if (rankOf(answer) < 3) return true;
  if (!isListening(answer)) return false;
  const described = await describedAt(gateway, gateway.description.location, signal);
  const same = described && sameConnection(gateway, described);
  return same?.connection.address.controlUrl === gateway.connection.address.controlUrl;
}

/** The gateway's description, if a URL has it. Anybody can announce one: as for a redirect, its host and a usual port. */
async function describedAt(gateway: Gateway, url: string, signal: AbortSignalLike): Promise<FetchedDescription | null> {
  const { description, queue } = gateway;
  const checked = checkRedirect(url, description.location, 0).unwrapOr(null);
  if (checked === null || signal.aborted) return null;
  const limits = { deadlineMs: queue.deadlineMs, signal };
  const fetched = (await fetchDescription(serializeRequests(gateway), checked, limits)).unwrapOr(null);
  return fetched?.description.device.udn === description.device.udn ? fetched : null;
}
