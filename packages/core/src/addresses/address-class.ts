import { parseIpAddress } from './ip-address.ts';

/** What an address is for (IANA's special-purpose registries; RFC 6890). */
export type AddressClass =
  | 'invalid'
  /** 0.0.0.0 and ::, which some routers give as their external address. */
  | 'unspecified'
  | 'loopback'
  /** RFC 1918 and fc00::/7. As an external address it means two routers in a row ("double NAT"). */
  | 'private'
  /** 100.64.0.0/10, behind a provider's own NAT (RFC 6598). */
  | 'shared'
  | 'link-local'
  | 'multicast'
  /** Everything else that is not of the public Internet, the networks for examples (RFC 5737, 3849, 9637) among it. */
  | 'reserved'
  | 'public';

/** The first that fits counts. */
const RANGES: readonly (readonly [network: string, prefixLength: number, is: AddressClass])[] = [
  ['10.0.0.0', 8, 'private'],
  ['172.16.0.0', 12, 'private'],
  ['192.168.0.0', 16, 'private'],
  ['100.64.0.0', 10, 'shared'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['0.0.0.0', 32, 'unspecified'],
  ['0.0.0.0', 8, 'reserved'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'reserved'],
  ['198.51.100.0', 24, 'reserved'],
  ['203.0.113.0', 24, 'reserved'],
  // The relay anycast address of 6to4, deprecated (RFC 7526), and benchmarks (RFC 2544).
  ['192.88.99.0', 24, 'reserved'],
  ['198.18.0.0', 15, 'reserved'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
  ['0.0.0.0', 0, 'public'],
  ['::1', 128, 'loopback'],
  ['::', 128, 'unspecified'],
  ['fc00::', 7, 'private'],
  ['fe80::', 10, 'link-local'],
  ['ff00::', 8, 'multicast'],
  ['2001:db8::', 32, 'reserved'],
  ['3fff::', 20, 'reserved'],
  // Teredo, ORCHID and their like, then 6to4: with these an IPv4 address could hide in an IPv6 one.
  ['2001::', 23, 'reserved'],
  ['2002::', 16, 'reserved'],
  ['2000::', 3, 'public'],
  ['::', 0, 'reserved'],
];

/** The same as bits: size of the address, beginning, class. Made once, when the first address is classified. */
let prefixes: readonly (readonly [size: number, prefix: string, is: AddressClass])[] | undefined;

/** The class of an address; an IPv4-mapped IPv6 address has the class of the IPv4 address in it. */
export function classifyAddress(text: string): AddressClass {
  const bits = parseIpAddress(text)?.bits ?? '';
  prefixes ??= RANGES.map(([network, length, is]) => {
    const all = parseIpAddress(network)?.bits ?? '';
    return [all.length, all.slice(0, length), is];
  });
  return prefixes.find(([size, prefix]) => size === bits.length && bits.startsWith(prefix))?.[2] ?? 'invalid';
}
