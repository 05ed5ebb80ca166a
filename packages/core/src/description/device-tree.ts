/** A described device, the services it offers, and the devices inside it (UDA 1.1, 2.3). */
import { assertArguments, LIST, options, type Check } from '../arguments.ts';

/** All texts are the device's own, untrusted. An element that is absent or empty is null. */
export interface Device {
  readonly deviceType: string | null;
  /** `uuid:` and, in most cases, a UUID. Some routers give the same to all their devices. */
  readonly udn: string | null;
  readonly friendlyName: string | null;
  readonly manufacturer: string | null;
  readonly manufacturerUrl: string | null;
  readonly modelName: string | null;
  readonly modelNumber: string | null;
  readonly modelDescription: string | null;
  readonly modelUrl: string | null;
  readonly serialNumber: string | null;
  readonly upc: string | null;
  /** Not resolved, not to be fetched: it may lead anywhere. */
  readonly presentationUrl: string | null;
  readonly services: readonly Service[];
  readonly devices: readonly Device[];
}

export interface Service {
  readonly serviceType: string;
  /** Spelled in every way, and sometimes wrong about the type: go by serviceType. */
  readonly serviceId: string | null;
  /** Absolute, and so are the next two; null where the device gave none, or none that is a URL. See checkServiceUrl. */
  readonly scpdUrl: string | null;
  readonly controlUrl: string | null;
  readonly eventSubUrl: string | null;
}

/** A service, and the devices around it from the root device to its own. */
export interface LocatedService {
  readonly service: Service;
  readonly path: readonly Device[];
}

const DEVICE: Check = options({ services: LIST, devices: LIST });

/**
 * A device and all that are embedded in it, in the order of the document.
 *
 * @throws PortwrightException (`invalid-argument`) for what is no device
 */
export function devicesOf(device: Device): readonly Device[] {
  assertArguments(['device', device, DEVICE]);
  return [device, ...device.devices.flatMap((embedded) => devicesOf(embedded))];
}

/**
 * The services of a device and of all that are embedded in it, in the order of the document.
 *
 * @throws PortwrightException (`invalid-argument`) for what is no device
 */
export function servicesOf(device: Device, above: readonly Device[] = []): readonly LocatedService[] {
  assertArguments(['device', device, DEVICE], ['above', above, LIST]);
  const path = [...above, device];
  return [
    ...device.services.map((service) => ({ service, path })),
    ...device.devices.flatMap((embedded) => servicesOf(embedded, path)),
  ];
}
