import type { AddressFamily } from '@portwright/core';

/**
 * The one spelling of an address by which hosts are told apart: no zone, no brackets, IPv6 as eight groups of hex
 * without leading zeros. Null for what is no address.
 */
export function canonicalAddress(text: string): string | null {
  const bare = withoutZone(text.replace(/^\[(.*)\]$/, '$1'));
  if (isIPv4(bare)) return bare;
  return (
    ipv6Groups(bare)
      ?.map((group) => group.toString(16))
      .join(':') ?? null
  );
}

/** Four decimal numbers from 0 to 255 (RFC 3986, IPv4address). */
export function isIPv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

export function isIPv6(text: string): boolean {
  return ipv6Groups(text) !== null;
}

export function familyOf(address: string): AddressFamily {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** fe80::/10 (RFC 4291, 2.5.6). */
export function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

/** 224.0.0.0/4 and ff00::/8. */
export function isMulticast(address: string): boolean {
  return /^(?:ff[\da-f]{2}:|2(?:2[4-9]|3\d)\.)/i.test(address);
}

/** 127.0.0.0/8 and ::1. */
export function isLoopback(address: string): boolean {
  return canonicalAddress(address) === '0:0:0:0:0:0:0:1' || (isIPv4(address) && address.startsWith('127.'));
}

/** Whether both addresses begin with the same `prefixLength` bits. */
export function sharePrefix(a: string, b: string, prefixLength: number): boolean {
  const [bitsA, bitsB] = [addressBits(a), addressBits(b)];
  return bitsA !== null && bitsB !== null && bitsA.length === bitsB.length && samePrefix(bitsA, bitsB, prefixLength);
}

/** An address as it stands in a URL: IPv6 in brackets, its zone left out (it means something on one host only). */
export function urlHost(address: string): string {
  return address.includes(':') ? `[${withoutZone(address)}]` : address;
}

function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? '';
}

function samePrefix(a: string, b: string, length: number): boolean {
  return a.slice(0, length) === b.slice(0, length);
}

function addressBits(address: string): string | null {
  const bare = withoutZone(address);
  if (isIPv4(bare)) return toBits(bare.split('.').map(Number), 8);
  const groups = ipv6Groups(bare);
  return groups === null ? null : toBits(groups, 16);
}

function toBits(parts: readonly number[], width: number): string {
  return parts.map((part) => part.toString(2).padStart(width, '0')).join('');
}

function ipv6Groups(text: string): readonly number[] | null {
  // An IPv4 address at the end (::ffff:192.168.1.1) stands for the last two groups.
  const ipv4 = /(?:^|:)((?:\d{1,3}\.){3}\d{1,3})$/.exec(text)?.[1];
  if (ipv4 !== undefined) {
    if (!isIPv4(ipv4)) return null;
    const [a, b, c, d] = ipv4.split('.').map(Number) as [number, number, number, number];
    return ipv6Groups(text.slice(0, -ipv4.length) + `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`);
  }
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...(head ?? []), ...(tail ?? [])];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return null;
  const missing = 8 - groups.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const zeros = new Array<string>(missing).fill('0');
  return [...(head ?? []), ...zeros, ...(tail ?? [])].map((group) => parseInt(group, 16));
}
