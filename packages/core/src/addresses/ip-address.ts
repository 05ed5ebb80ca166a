/** IP addresses as bits: read strictly, since a URL that another reader takes for another host is an attack. */

export interface IpAddress {
  /**
   * 32 or 128 binary digits. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) has 32: it is the IPv4 address.
   */
  readonly bits: string;
  /** The interface of a link-local IPv6 address: `eth0` in `fe80::1%eth0`. */
  readonly zone: string | null;
}

/** A decimal number of an IPv4 address: without leading zeros, which other readers take for octal numbers. */
const STRICT = /^(?:0|[1-9]\d{0,2})$/;
/** The same as routers print it in their tables: `010` is ten. */
const PADDED = /^\d{1,3}$/;

/** ::ffff:0:0/96 */
const MAPPED = /* @__PURE__ */ '0'.repeat(80).padEnd(96, '1');

/**
 * An IPv4 address of four decimal numbers (no octal, no hexadecimal, no short forms: RFC 6943, 3.1.1) or an IPv6 address
 * in any form of RFC 4291, 2.2, with or without a zone (RFC 4007, 11). Null for anything else.
 */
export function parseIpAddress(text: string): IpAddress | null {
  return parse(text, STRICT);
}

function parse(text: string, octet: RegExp): IpAddress | null {
  // Callers in JavaScript have no compiler to tell them, and exec makes a text of anything.
  if (typeof text !== 'string') return null;
  // Zone characters as in RFC 6874, 2, so that an address fits into a URL.
  const [, address = '', zone = null] = /^([\da-f:.]+)(?:%([\w.~-]{1,64}))?$/i.exec(text) ?? [];
  if (!address.includes(':')) {
    const bits = zone === null ? bitsOfIpv4(address, octet) : null;
    return bits === null ? null : { bits, zone };
  }
  const bits = bitsOfIpv6(address, octet);
  if (bits === null) return null;
  return bits.startsWith(MAPPED) ? { bits: bits.slice(MAPPED.length), zone: null } : { bits, zone };
}

function bitsOfIpv4(text: string, octet: RegExp): string | null {
  const parts = text.split('.');
  const valid = parts.length === 4 && parts.every((part) => octet.test(part) && Number(part) <= 255);
  return valid ? parts.map((part) => binary(Number(part), 8)).join('') : null;
}

function bitsOfIpv6(text: string, octet: RegExp): string | null {
  const [head = '', tail, ...more] = text
    .split('::')
    .map((half, index, halves) => bitsOfGroups(half, index === halves.length - 1, octet));
  if (head === null || tail === null || more.length > 0) return null;
  if (tail === undefined) return head.length === 128 ? head : null;
  const missing = 128 - head.length - tail.length;
  // "::" stands for at least one group of zeros.
  return missing >= 16 ? head + '0'.repeat(missing) + tail : null;
}

/** Groups of four hexadecimal digits; the last of an address may be an IPv4 address instead. */
function bitsOfGroups(text: string, isEnd: boolean, octet: RegExp): string | null {
  if (text === '') return '';
  const bits = text.split(':').map((group, index, groups) => {
    if (/^[\da-f]{1,4}$/i.test(group)) return binary(Number(`0x${group}`), 16);
    return isEnd && index === groups.length - 1 ? bitsOfIpv4(group, octet) : null;
  });
  return bits.includes(null) ? null : bits.join('');
}

function binary(value: number, length: number): string {
  return value.toString(2).padStart(length, '0');
}

/**
 * Whether two texts are the same address, as routers and people spell it: with leading zeros (`192.168.001.002`), as an
 * IPv4-mapped IPv6 address, in either case. Zones are compared only where both have one.
 *
 * Not for the host of a URL, which another reader may read otherwise: see sameUrlHost.
 */
export function sameAddress(one: string, other: string): boolean {
  const a = parse(one, PADDED);
  if (a === null || one === other) return a !== null;
  const b = parse(other, PADDED);
  return b !== null && areEqual(a, b);
}

function areEqual(a: IpAddress, b: IpAddress): boolean {
  return a.bits === b.bits && (a.zone === null || b.zone === null || a.zone === b.zone);
}

/**
 * Whether the internal client of a mapping, as a router's table spells it, is a host with this address. `unknown`: the
 * text is no host's address. Some routers list a host name there, some nothing or 0.0.0.0.
 */
export function sameHost(entryClient: string, ownAddress: string): 'same' | 'different' | 'unknown' {
  const [entry, own] = [parse(entryClient, PADDED), parse(ownAddress, PADDED)];
  if (entry === null || own === null || !entry.bits.includes('1')) return 'unknown';
  return areEqual(entry, own) ? 'same' : 'different';
}

/** Whether an address lies in the subnet of an interface's address, e.g. `192.168.1.7` and 24. */
export function inSubnet(address: string, interfaceAddress: string, prefixLength: number): boolean {
  const [a, b] = [parseIpAddress(address), parseIpAddress(interfaceAddress)];
  if (a === null || a.bits.length !== b?.bits.length) return false;
  return a.bits.startsWith(b.bits.slice(0, prefixLength));
}
