/** Leases of PCP and NAT-PMP mappings. */
import type { RandomPort } from '../../ports.ts';
import type { PortMapping } from '../../port-mapping.ts';
import type { GatewayIdentity, LostLease } from '../port-mapper.ts';
import type { Lease } from '../types.ts';
import type { ControlServer, PortControl } from './port-control.ts';

/** What a mapper needs to renew or delete a mapping; it may come from the file of an earlier run. */
export interface ControlDetails {
  /** Only requests with the same one change a PCP mapping (RFC 6887, 11.1). NAT-PMP has none. */
  readonly nonce: string;
  /** The addresses of this host that it leads to: one with IPv4, each global one with IPv6. */
  readonly clients: readonly string[];
  /** The server's run in which it was granted, see {@link ServerState.run}. */
  readonly run: number;
}

/** @param requestedSeconds - the lifetime that was asked for */
export function controlLease(
  protocol: PortControl,
  server: ControlServer,
  mapping: PortMapping,
  requestedSeconds: number,
  details: ControlDetails,
): Lease {
  return {
    ...mapping,
    via: protocol.via,
    gateway: serverId(server),
    family: familyOf(server),
    requestedSeconds,
    details,
  };
}

/** Null where there are none that can be used: the file of an earlier run is not trusted. */
export function controlDetails({
  details,
  internalClient,
}: Pick<LostLease, 'details' | 'internalClient'>): ControlDetails | null {
  const { nonce, clients, run } = (details ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof nonce !== 'string' || !/^[\da-f]{24}$/.test(nonce)) return null;
  const listed: readonly unknown[] = Array.isArray(clients) ? clients : [internalClient];
  const addresses = listed.filter((one) => typeof one === 'string').slice(0, MAX_CLIENTS);
  return { nonce, clients: addresses, run: typeof run === 'number' ? run : -1 };
}

/** Addresses of one host for which a port is opened; more are of no use. */
export const MAX_CLIENTS = 8;

/** 96 bits as 24 hexadecimal digits. */
export function newNonce(random: RandomPort): string {
  const digits = Array.from({ length: 24 }, () => Math.floor(random.fraction() * 16).toString(16));
  return digits.join('');
}

export function familyOf({ address }: ControlServer): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** A server is known by its address, on the interface that leads to it: every home has a 192.168.1.1. */
function serverId({ address, name }: ControlServer): string {
  return name === undefined || address.includes('%') ? address : `${address}%${name}`;
}

/** @param localAddress - the address that this host was reached by last; null: nothing was sent yet */
export function serverIdentity(server: ControlServer, localAddress: () => string | null): GatewayIdentity {
  return {
    id: serverId(server),
    get endpoint() {
      return `${serverId(server)} ${localAddress() ?? ''}`;
    },
    name: null,
  };
}
