/** IP addresses as bytes: read strictly, since a URL that another reader takes for another host is an attack. */

export interface IpAddress {
  /** 4 or 16. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) has 4: it is the IPv4 address. */
  readonly bytes: readonly number[];
  /** The interface of a link-local IPv6 address: `eth0` in `fe80::1%eth0`. */
  readonly zone: string | null;
}

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/**
 * An IPv4 address of four decimal numbers (no octal, no hexadecimal, no short forms: RFC 6943, 3.1.1) or an IPv6 address
 * in any form of RFC 4291, 2.2, with or without a zone (RFC 4007, 11). Null for anything else.
 */
export function parseIpAddress(text: string): IpAddress | null {
  if (!text.includes(':')) {
    const bytes = parseIpv4(text);
    return bytes && { bytes, zone: null };
  }
  // Zone characters as in RFC 6874, 2, so that an address fits into a URL.
  const [, address = '', zone = null] = /^([\da-f:.]+)(?:%([\w.~-]{1,64}))?$/i.exec(text) ?? [];
  const bytes = parseIpv6(address);
  if (bytes === null) return null;
  return MAPPED.every((byte, index) => bytes[index] === byte)
    ? { bytes: bytes.slice(12), zone: null }
    : { bytes, zone };
}

function parseIpv4(text: string): readonly number[] | null {
  const parts = text.split('.');
  const valid = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return valid ? parts.map(Number) : null;
}

function parseIpv6(text: string): readonly number[] | null {
  // An IPv4 address may only stand at the end.
  if (/\..*:/.test(text)) return null;
  const halves = text.split('::').map(parseGroups);
  const [head, tail] = halves;
  if (!head || tail === null || halves.length > 2) return null;
  if (tail === undefined) return head.length === 16 ? head : null;
  const missing = 16 - head.length - tail.length;
  // "::" stands for at least one group of zeros.
  return missing >= 2 ? [...head, ...Array<number>(missing).fill(0), ...tail] : null;
}

/** The bytes of groups between colons, the last of which may be an IPv4 address. */
function parseGroups(text: string): readonly number[] | null {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    const ipv4 = index === groups.length - 1 && group.includes('.') ? parseIpv4(group) : null;
    if (ipv4 !== null) bytes.push(...ipv4);
    else if (/^[\da-f]{1,4}$/i.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff);
    else return null;
  }
  return bytes;
}

/** Whether two texts are the same address. Zones are compared only where both have one. */
export function sameAddress(one: string, other: string): boolean {
  const [a, b] = [parseIpAddress(one), parseIpAddress(other)];
  if (a === null || b === null || a.bytes.length !== b.bytes.length) return false;
  return shareBits(a.bytes, b.bytes, 128) && (a.zone === null || b.zone === null || a.zone === b.zone);
}

/** Whether an address lies in the subnet of an interface's address, e.g. `192.168.1.7` and 24. */
export function inSubnet(address: string, interfaceAddress: string, prefixLength: number): boolean {
  const [a, b] = [parseIpAddress(address), parseIpAddress(interfaceAddress)];
  return a !== null && b !== null && a.bytes.length === b.bytes.length && shareBits(a.bytes, b.bytes, prefixLength);
}

function shareBits(a: readonly number[], b: readonly number[], length: number): boolean {
  return a.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, length - 8 * index));
    return (byte ^ (b[index] as number)) >> (8 - bits) === 0;
  });
}
