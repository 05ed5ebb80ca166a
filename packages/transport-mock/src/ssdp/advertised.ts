/** Something that is announced, and searched for: a root device, a device, a device type or a service type. */
export interface Advertised {
  /** NT in announcements, ST in answers. */
  readonly target: string;
  readonly usn: string;
}

/** What of a device is announced. */
export interface AdvertisedDevice {
  readonly udn: string;
  readonly deviceType: string;
  readonly services: readonly { readonly serviceType: string }[];
  readonly devices: readonly AdvertisedDevice[];
}

/** UDA 1.0, table 1.1.2: three for the root device, two for every embedded device, one for every service type of each. */
export function advertisedBy(root: AdvertisedDevice): readonly Advertised[] {
  return [{ target: 'upnp:rootdevice', usn: `${root.udn}::upnp:rootdevice` }, ...ofDevice(root)];
}

function ofDevice({ udn, deviceType, services, devices }: AdvertisedDevice): readonly Advertised[] {
  const serviceTypes = new Set(services.map((service) => service.serviceType));
  return [
    { target: udn, usn: udn },
    ...[deviceType, ...serviceTypes].map((type) => ({ target: type, usn: `${udn}::${type}` })),
    ...devices.flatMap(ofDevice),
  ];
}

/**
 * What answers a search for this target. UDA 1.1, 1.3.2: a device answers for the lower versions of its types, too, and
 * in their name.
 */
export function matching(advertised: readonly Advertised[], target: string): readonly Advertised[] {
  if (target === 'ssdp:all') return advertised;
  return advertised.flatMap((candidate) => {
    if (candidate.target === target) return [candidate];
    return isLowerVersion(target, candidate.target)
      ? [{ target, usn: candidate.usn.slice(0, -candidate.target.length) + target }]
      : [];
  });
}

function isLowerVersion(wanted: string, offered: string): boolean {
  const [wantedType, wantedVersion] = splitVersion(wanted);
  const [offeredType, offeredVersion] = splitVersion(offered);
  return wantedType === offeredType && wantedVersion >= 1 && wantedVersion < offeredVersion;
}

function splitVersion(type: string): readonly [type: string, version: number] {
  const match = /^(urn:.+):(\d{1,3})$/.exec(type);
  return match === null ? [type, NaN] : [match[1] ?? '', Number(match[2])];
}
