import { type DeviceDescription, devicesOf, parseUpnpType, servicesOf } from '@portwright/core';
import { hostOf } from '../wire/text.ts';
import type { Feature } from '../requirements/requirement.ts';

/** A service of the gateway under test, as its description has it. */
export interface DescribedService {
  /** The whole URN. */
  readonly type: string;
  /** `WANIPConnection`. */
  readonly name: string;
  readonly version: number;
  readonly id: string | null;
  /** Absolute, and so are the next two; null: there is none that can be resolved. */
  readonly scpdUrl: string | null;
  readonly controlUrl: string | null;
  readonly eventUrl: string | null;
}

/** The gateway under test: what is known of it before the first check. */
export interface Subject {
  /** The URL of its description. */
  readonly location: string;
  /** Its address, an IPv6 address with its brackets. */
  readonly host: string;
  /** Null where it can't be read even with good will. */
  readonly description: DeviceDescription | null;
  readonly services: readonly DescribedService[];
  readonly features: ReadonlySet<Feature>;
}

export function subjectAt(location: string, description: DeviceDescription | null): Subject {
  const services = description === null ? [] : servicesOf(description.device).map(({ service }) => service);
  const described = services.map(({ serviceType, serviceId, scpdUrl, controlUrl, eventSubUrl }): DescribedService => {
    const type = parseUpnpType(serviceType);
    const [name, version] = [type?.name ?? serviceType, type?.version ?? 0];
    return { type: serviceType, name, version, id: serviceId, scpdUrl, controlUrl, eventUrl: eventSubUrl };
  });
  const features = new Set(described.map(({ name, version }): Feature => `${name}:${version}`));
  for (const feature of description === null ? [] : deviceFeatures(description)) features.add(feature);
  return { location, host: hostOf(location) ?? '', description, services: described, features };
}

function deviceFeatures({ device, specVersion }: DeviceDescription): readonly Feature[] {
  const types = devicesOf(device).flatMap(({ deviceType }): readonly Feature[] => {
    const type = parseUpnpType(deviceType ?? '');
    return type === null ? [] : [`${type.name}:${type.version}`];
  });
  return [...types, `UDA:1.${specVersion?.minor ?? 0}` as Feature];
}
