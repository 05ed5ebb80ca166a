/** IP addresses in binary messages, as hexadecimal digits in lower case. */
import { parseIpAddress } from './ip-address.ts';

/**
 * 8 digits of an IPv4 address, 32 of an IPv6 address. An IPv4-mapped IPv6 address is the IPv4 address. The zone is left
 * out: it has no meaning outside this host. Null: the text is no address.
 */
export function digitsOfAddress(text: string): string | null {
  const nibbles = parseIpAddress(text)?.bits.match(/.{4}/g);
  return nibbles?.map((bits) => parseInt(bits, 2).toString(16)).join('') ?? null;
}

/** The address of 8 or 32 digits, IPv6 as canonical text (RFC 5952). */
export function addressOfDigits(digits: string): string {
  const isIpv4 = digits.length === 8;
  const parts = digits.match(isIpv4 ? /../g : /..../g) ?? [];
  const numbers = parts.map((part) => parseInt(part, 16));
  if (isIpv4) return numbers.join('.');
  const text = `:${numbers.map((group) => group.toString(16)).join(':')}:`;
  // "::" stands for the longest run of zeros, the first of equal ones, and never for a single group (RFC 5952, 4.2).
  const runs = text.match(/(?::0){2,}:/g) ?? [];
  const longest = runs.reduce((one, other) => (other.length > one.length ? other : one), '::');
  return text.replace(longest, '::').replace(/^:(?!:)|(?<!:):$/g, '');
}
