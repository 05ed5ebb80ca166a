/** A device type or service type, taken apart (UDA 1.1, 2.3 and 2.5). */
export interface UpnpType {
  /** `schemas-upnp-org`, a vendor's domain, or `dslforum-org` (Huawei). */
  readonly domain: string;
  readonly kind: 'device' | 'service';
  readonly name: string;
  /** 1 and greater. */
  readonly version: number;
}

/** Reads `urn:schemas-upnp-org:service:WANIPConnection:1` and its like; null for anything else. */
export function parseUpnpType(text: string): UpnpType | null {
  const [, domain, kind, name, version] = /^urn:([^:\s]+):(device|service):([^:\s]+):([1-9]\d{0,4})$/i.exec(text) ?? [];
  if (domain === undefined || kind === undefined || name === undefined) return null;
  return { domain, kind: kind.toLowerCase() as UpnpType['kind'], name, version: Number(version) };
}
