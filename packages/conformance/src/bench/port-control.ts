import type { Caller } from './caller.ts';
import type { ControlEndpoint } from './control-exchange.ts';
import type { PortSource } from './ports.ts';
import type { UndoList } from './undo.ts';
import type { RandomPort } from '@portwright/core';

/** The servers on UDP port 5351 of the gateway under test, as this host asks them. Null: none answers there. */
export interface PortControl {
  readonly pcp: ControlEndpoint | null;
  /** Over IPv6, where a mapping is a pinhole in the firewall. */
  readonly pcp6: ControlEndpoint | null;
  /** Over IPv4: NAT-PMP knows nothing else. */
  readonly natPmp: ControlEndpoint | null;
}

export const NO_PORT_CONTROL: PortControl = { pcp: null, pcp6: null, natPmp: null };

/** What a client of such a server needs beside it. */
export interface ControlClientOptions {
  readonly endpoint: ControlEndpoint;
  readonly ports: PortSource;
  readonly random: RandomPort;
  readonly undoing: UndoList;
  /** Gives the signal that aborts a request. It is called once for each request. */
  readonly signal: () => AbortSignal | undefined;
}

/** The same server, asked by another host. */
export function askedBy(endpoint: ControlEndpoint, { transport, address }: Caller): ControlEndpoint {
  return { ...endpoint, transport, client: address };
}

/** Whatever is made lasts for so many seconds: by RFC 6887, 15, no server has to grant less. */
export const LEASE = 120;
