/** The fields of PCP and NAT-PMP messages: numbers in network byte order, and addresses (RFC 6887, 5). */

/** A number with its width in bytes, or bytes as they are. */
export type Field = Uint8Array | readonly [value: number, width: 1 | 2 | 4];

export function bytesOf(...fields: readonly Field[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap((field) => {
      if (field instanceof Uint8Array) return [...field];
      const [value, width] = field;
      return Array.from({ length: width }, (_, at) => Math.floor(value / 256 ** (width - 1 - at)) % 256);
    }),
  );
}

/** The number at an offset; what is cut off reads as 0. */
export function numberAt(bytes: Uint8Array, at: number, width: 1 | 2 | 4): number {
  return Array.from({ length: width }, (_, index) => bytes[at + index] ?? 0).reduce((all, one) => all * 256 + one, 0);
}

/** 16 bytes: an IPv4 address as ::ffff:a.b.c.d. @param address - without a zone */
export function addressField(address: string): Uint8Array {
  if (!address.includes(':')) return bytesOf(new Uint8Array(10), [0xffff, 2], ipv4Field(address));
  const [before = [], after] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = after === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return bytesOf(...[...before, ...zeros, ...(after ?? [])].map((group) => [parseInt(group, 16), 2] as const));
}

export function ipv4Field(address: string): Uint8Array {
  return Uint8Array.from(address.split('.'), Number);
}

/** `192.168.1.2` for an IPv4-mapped one, else eight groups: `fd77:0:0:0:0:0:0:2`. */
export function addressIn(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, index) => numberAt(bytes, 2 * index, 2));
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? bytes.slice(12, 16).join('.') : groups.map((group) => group.toString(16)).join(':');
}

/** Whether two spellings are one address. */
export function isSameAddress(one: string, other: string): boolean {
  return addressIn(addressField(one)) === addressIn(addressField(other));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
