import type { AddressFamily } from '../messages.ts';

/** The UDP port of SSDP, for multicast and for unicast searches (UDA 1.1, 1.2 and 1.3.2). */
export const SSDP_PORT = 1900;

/**
 * The groups on which devices listen and announce themselves (UDA 1.0, 1.1.2; UDA 1.1, annex A): for IPv6 the
 * link-local scope, then the site-local one, on which a router that routes between a home's subnets may listen.
 */
export const SSDP_GROUPS: Readonly<Record<AddressFamily, readonly string[]>> = {
  ipv4: ['239.255.255.250'],
  ipv6: ['FF02::C', 'FF05::C'],
};
