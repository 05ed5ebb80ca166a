import type { Gateway } from '../../client/gateway.ts';
import { localAddressOf } from '../../client/internal-client.ts';
import { checkServiceUrl } from '../../description/location-policy.ts';
import { serializeRequests } from '../igd/serialized-requests.ts';
import { subscribe, type EventSource, type EventSourceOptions } from './event-source.ts';

/** Subscribes to the events of a gateway's connection service; null if it has none, or grants no subscription. */
export async function subscribeTo(
  gateway: Gateway,
  options: Omit<EventSourceOptions, 'eventUrl' | 'localAddress' | 'deadlineMs'>,
): Promise<EventSource | null> {
  const { services, description, queue } = gateway;
  const localAddress = await localAddressOf(gateway);
  const url = services.connectionService.eventSubUrl;
  // A description may name another host's URL: no request is sent there.
  const eventUrl = url === null ? null : checkServiceUrl(url, description.location).unwrapOr(null);
  return eventUrl === null || localAddress === null
    ? null
    : subscribe(serializeRequests(gateway), { ...options, eventUrl, localAddress, deadlineMs: queue.deadlineMs });
}
