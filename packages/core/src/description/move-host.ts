/** A description that names its device by an address at which it was not asked. */
import type { DeviceDescription } from './device-description.ts';
import type { Device } from './device-tree.ts';
import { formatHttpUrl, parseHttpUrl, sameUrlHost } from './url.ts';

/** The URL on another host. */
export function withHost(url: string, host: string): string {
  return parseHttpUrl(url)
    .map((parsed) => formatHttpUrl({ ...parsed, host }))
    .unwrapOr(url);
}

/**
 * The description as if it had named its device by the host at which it was fetched: every URL on the host of its own
 * location is moved there. Routers that name `[::1]` or their own name in LOCATION do so in their control URLs, too.
 *
 * @param url - from where it was fetched
 */
export function movedToHost(description: DeviceDescription, url: string): DeviceDescription {
  const named = hostIn(description.location);
  const move = <Url extends string | null>(one: Url): Url | string =>
    one !== null && sameUrlHost(hostIn(one), named) ? withHost(one, hostIn(url)) : one;
  const moved = (device: Device): Device => ({
    ...device,
    services: device.services.map((service) => ({
      ...service,
      scpdUrl: move(service.scpdUrl),
      controlUrl: move(service.controlUrl),
      eventSubUrl: move(service.eventSubUrl),
    })),
    devices: device.devices.map(moved),
  });
  return { ...description, location: url, baseUrl: move(description.baseUrl), device: moved(description.device) };
}

export function hostIn(url: string): string {
  return parseHttpUrl(url)
    .map(({ host }) => host)
    .unwrapOr('');
}
