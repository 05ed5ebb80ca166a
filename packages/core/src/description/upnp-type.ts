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
  // Callers in JavaScript have no compiler to tell them, and exec makes a text of anything.
  const parts =
    typeof text !== 'string' ? null : /^urn:([^:\s]+):(device|service):([^:\s]+):([1-9]\d{0,4})$/i.exec(text);
  if (parts === null) return null;
  const [domain, kind, name, version] = parts.slice(1) as [string, string, string, string];
  return { domain, kind: kind.toLowerCase() as UpnpType['kind'], name, version: Number(version) };
}
