import { canonicalAddress, isIPv4 } from './ip-address.ts';

/** The same host in another subnet, so many subnets on; IPv6 has subnets of 64 bits, and what is no address stays. */
export function movedBy(address: string, subnets: number, prefixLength: number): string {
  if (subnets === 0) return address;
  if (isIPv4(address)) {
    const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    const moved = (value + subnets * 2 ** (32 - prefixLength)) % 2 ** 32;
    return [24, 16, 8, 0].map((shift) => Math.floor(moved / 2 ** shift) % 256).join('.');
  }
  const groups = canonicalAddress(address)?.split(':');
  if (groups === undefined) return address;
  const [a = '', b = '', c = '', d = '', ...host] = groups;
  const moved = ((parseInt(d, 16) + subnets) % 0x1_0000).toString(16);
  return [a, b, c, moved, ...host].join(':');
}
