import { sharePrefix } from './ip-address.ts';

/** RFC 6890, 2.2.2, and RFC 5737: what leads to nobody on the Internet. */
const RESERVED = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;

/** Whether an IPv4 address is private, shared by a provider's clients, or otherwise not on the Internet. */
export function isReservedIPv4(address: string): boolean {
  return RESERVED.some(([prefix, length]) => sharePrefix(address, prefix, length));
}
