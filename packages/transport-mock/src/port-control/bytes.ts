/** The fields of PCP and NAT-PMP datagrams: numbers in network byte order, addresses of 16 bytes (RFC 6887, 5). */
import { canonicalAddress, isIPv4 } from '../network/ip-address.ts';

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** One field after another; a number has its width in bytes. */
export function packet(...fields: readonly (Uint8Array | readonly [value: number, width: 1 | 2 | 4])[]): Uint8Array {
  const parts = fields.map((field) => (field instanceof Uint8Array ? field : bigEndian(...field)));
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function bigEndian(value: number, width: 1 | 2 | 4): Uint8Array {
  return Uint8Array.from({ length: width }, (_byte, at) => Math.floor(value / 2 ** (8 * (width - 1 - at))));
}

/** IPv6, or IPv4 as `::ffff:a.b.c.d`. What is no address becomes zeros. */
export function addressBytes(address: string): Uint8Array {
  const canonical = canonicalAddress(address) ?? '0:0:0:0:0:0:0:0';
  if (isIPv4(canonical)) return packet(new Uint8Array(10), [0xffff, 2], ipv4Bytes(canonical));
  return packet(...canonical.split(':').map((group) => [parseInt(group, 16), 2] as const));
}

/** The four bytes of an IPv4 address; zeros for what is none. */
export function ipv4Bytes(address: string): Uint8Array {
  return isIPv4(address) ? Uint8Array.from(address.split('.').map(Number)) : new Uint8Array(4);
}

/** The address of 16 bytes, as `canonicalAddress` spells it. */
export function addressOf(bytes: Uint8Array): string {
  const view = viewOf(bytes);
  const groups = Array.from({ length: 8 }, (_group, at) => view.getUint16(2 * at));
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? bytes.slice(12, 16).join('.') : groups.map((group) => group.toString(16)).join(':');
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
