/** IP addresses as they stand in binary messages. */
import { parseIpAddress } from './ip-address.ts';

/** The 12 bytes before an IPv4 address in an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2). */
const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/**
 * An address as 16 bytes, an IPv4 address among them as IPv4-mapped IPv6 address; with `ipv4`, as 4 bytes. The zone is
 * left out: it has no meaning outside this host. Null: the text is no address, or not one that fits.
 */
export function bytesOfAddress(text: string, family?: 'ipv4'): readonly number[] | null {
  const octets = parseIpAddress(text)
    ?.bits.match(/.{8}/g)
    ?.map((bits) => parseInt(bits, 2));
  if (octets === undefined || (family === 'ipv4' && octets.length !== 4)) return null;
  return family === 'ipv4' || octets.length === 16 ? octets : [...MAPPED_PREFIX, ...octets];
}

/** The address in 4 or 16 bytes. An IPv4-mapped IPv6 address is the IPv4 address; IPv6 is canonical text (RFC 5952). */
export function addressOfBytes(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (MAPPED_PREFIX.every((byte, at) => bytes[at] === byte)) return bytes.subarray(MAPPED_PREFIX.length).join('.');
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)).toString(16));
  const text = `:${groups.join(':')}:`;
  // "::" stands for the longest run of zeros, the first of equal ones, and never for a single group (RFC 5952, 4.2).
  const runs = text.match(/(?::0){2,}:/g) ?? [];
  const longest = runs.reduce((one, other) => (other.length > one.length ? other : one), '::');
  return text.replace(longest, '::').replace(/^:(?!:)|(?<!:):$/g, '');
}
