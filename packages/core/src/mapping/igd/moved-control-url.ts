/** A control URL that its gateway does not know any more: the description may name another one by now. */
import { fetchDescription, type FetchedDescription } from '../../client/fetch-description.ts';
import { createGateway, type Gateway } from '../../client/gateway.ts';
import { selectServices } from '../../client/select-services.ts';
import type { CallOptions } from '../../call-options.ts';
import type { AttemptError } from '../attempts.ts';

/** 404, and what small servers answer to a POST that they have nothing for. */
const MOVED_STATUSES: readonly (number | undefined)[] = [404, 405, 412];

export function hasMoved(error: AttemptError): boolean {
  return error.kind === 'transport' && error.code === 'http-status' && MOVED_STATUSES.includes(error.status);
}

/** The same connection, by the gateway's description as it is now; null where that can't be had. */
export async function asDescribedNow(gateway: Gateway, limits: CallOptions): Promise<Gateway | null> {
  const { transport, description, queue } = gateway;
  const { location, named } = description;
  const { deadlineMs = queue.deadlineMs, signal } = limits;
  const fetched = await fetchDescription(transport, location, { deadlineMs, signal }, { named, queue });
  return fetched.map((described) => sameConnection(gateway, described)).unwrapOr(null);
}

/** The gateway's connection in a description, with the gateway's queue; null where it is not there. */
export function sameConnection(
  { transport, services, localAddress, queue }: Gateway,
  fetched: FetchedDescription,
): Gateway | null {
  const same = selectServices(fetched.description).usable.find(
    ({ connectionName, connectionService }) =>
      connectionName === services.connectionName &&
      connectionService.serviceId === services.connectionService.serviceId,
  );
  if (same === undefined) return null;
  return createGateway(transport, fetched.description, same, fetched.localAddress ?? localAddress, queue);
}
