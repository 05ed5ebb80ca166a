import type { DeviceDescription } from './device-description.ts';
import type { Device } from './device-tree.ts';
import { formatHttpUrl, parseHttpUrl } from './url.ts';

/**
 * The description as if its base URL had the port of its location: every URL at the base's port moves there. Null where
 * they are the same. Some routers name a port in URLBase at which nobody answers.
 */
export function movedToOrigin(description: DeviceDescription): DeviceDescription | null {
  const own = parseHttpUrl(description.location).unwrapOr(null);
  const base = parseHttpUrl(description.baseUrl).unwrapOr(null);
  if (own === null || base === null || own.port === base.port) return null;
  const move = <Url extends string | null>(url: Url): Url | string =>
    parseHttpUrl(url ?? '')
      .map((one) =>
        one.host === base.host && one.port === base.port ? formatHttpUrl({ ...one, port: own.port }) : url,
      )
      .unwrapOr(url);
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
  return { ...description, baseUrl: move(description.baseUrl), device: moved(description.device) };
}
