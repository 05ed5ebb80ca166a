import {
  type DeviceDescription,
  devicesOf,
  headerValue,
  type Headers,
  parseUpnpType,
  servicesOf,
} from '@portwright/core';
import { ok, type Result } from '@portwright/core/result';
import { inconclusive, type Shortfall } from '../shortfall.ts';
import { hostOf } from '../wire/text.ts';
import type { Feature } from '../checks/requirement.ts';

/** A service of the gateway under test, as its description has it. */
export interface DescribedService {
  /** The whole URN. */
  readonly type: string;
  /** `WANIPConnection`. */
  readonly name: string;
  readonly version: number;
  readonly id: string | null;
  /** The host that its description is on, an IPv6 address with its brackets: the suite asks no other. */
  readonly host: string;
  /** Absolute, and so are the next two; null: there is none that can be resolved. */
  readonly scpdUrl: string | null;
  readonly controlUrl: string | null;
  readonly eventUrl: string | null;
}

/** The gateway under test: what is known of it before the first check. */
export interface Subject {
  /** The URL of its description; without UPnP `pcp://` or `nat-pmp://` and its address. */
  readonly location: string;
  /** Whether it is checked by UPnP, too. */
  readonly isUpnp: boolean;
  /** Its address, an IPv6 address with its brackets. */
  readonly host: string;
  /** Null where it can't be read even with good will. */
  readonly description: DeviceDescription | null;
  readonly services: readonly DescribedService[];
  readonly features: ReadonlySet<Feature>;
}

export function subjectAt(location: string, description: DeviceDescription | null): Subject {
  const host = hostOf(location) ?? '';
  const services = description === null ? [] : servicesOf(description.device).map(({ service }) => service);
  const described = services.map(({ serviceType, serviceId, scpdUrl, controlUrl, eventSubUrl }): DescribedService => {
    const type = parseUpnpType(serviceType);
    const [name, version] = [type?.name ?? serviceType, type?.version ?? 0];
    return { type: serviceType, name, version, id: serviceId, host, scpdUrl, controlUrl, eventUrl: eventSubUrl };
  });
  const features = new Set(described.map(({ name, version }): Feature => `${name}:${version}`));
  for (const feature of description === null ? [] : deviceFeatures(description)) features.add(feature);
  return { location, isUpnp: true, host, description, services: described, features };
}

/** A gateway that is known by its servers on UDP port 5351 alone. @param host - an IPv6 address with its brackets */
export function subjectWithoutUpnp(host: string, features: readonly Feature[]): Subject {
  const protocol = features.includes('PCP:2') ? 'pcp' : 'nat-pmp';
  return {
    location: `${protocol}://${host}`,
    isUpnp: false,
    host,
    description: null,
    services: [],
    features: new Set(features),
  };
}

function deviceFeatures({ device, specVersion }: DeviceDescription): readonly Feature[] {
  const types = devicesOf(device).flatMap(({ deviceType }): readonly Feature[] => {
    const type = parseUpnpType(deviceType ?? '');
    return type === null ? [] : [`${type.name}:${type.version}`];
  });
  const { major, minor } = specVersion ?? { major: 1, minor: 0 };
  // Version 2.0 kept what version 1.1 had: what concerns the one concerns the other.
  const claimed = `UDA:${major}.${minor}` as Feature;
  return [...types, ...(major >= 2 ? (['UDA:1.1', claimed] as const) : [claimed])];
}

/**
 * Whether an SSDP message is the gateway's own: by the UDN in its USN, or by its LOCATION where that is not to be relied
 * on. A host may have other root devices, a media server say, and all of them speak from its address; and a gateway may
 * speak from another of its addresses. One that does, and leads to another host besides, is another of the same make.
 */
export function isMessageOf({ location, host, description }: Subject, headers: Headers, from: string): boolean {
  const said = headerValue(headers, 'USN')?.trim().toLowerCase().split('::')[0] ?? '';
  const udns = description === null ? [] : devicesOf(description.device).map(({ udn }) => udn?.toLowerCase());
  const led = headerValue(headers, 'LOCATION')?.trim() ?? '';
  const isNear = from === host || (hostOf(led) ?? host) === host;
  return (said !== '' && udns.includes(said) && isNear) || isSameUrl(led, location);
}

function isSameUrl(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href;
}

/**
 * The URL, if it is on this host. A description, and an answer to a search, may name any: requests to others than the
 * gateway are nobody's wish.
 */
export function onHost(url: string, host: string): Result<string, Shortfall> {
  return hostOf(url) === host
    ? ok(url)
    : inconclusive(`a URL on ${host}`, `the description points to another host: ${url}`);
}
