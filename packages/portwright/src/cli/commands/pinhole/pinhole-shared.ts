/** What the commands for pinholes share. The IPv6 firewall translates nothing: a port has the same number outside. */
import type { Protocol } from '@portwright/core';
import type { Gateway } from '@portwright/core/upnp';
import { err, ok } from '@portwright/core/result';
import type { Flags, Option, Parameter } from '../../arguments/option.ts';
import {
  GATEWAY,
  gatewayRequest,
  SEARCH_OPTIONS,
  type GLOBAL_OPTIONS,
  type GatewayRequest,
} from '../../arguments/options.ts';
import { isIpv6, readLease, readNumber, readPortNumber } from '../../arguments/values.ts';
import type { Outcome } from '../../output/outcome.ts';
import { gatewayJson } from '../../output/phrases.ts';

/** WANIPv6FirewallControl:1, 2.3.5: at most a day, and never permanent. */
const MAX_LEASE_SECONDS = 86_400;

export const ID: Parameter<number> = {
  name: 'id',
  description: 'the number that "pinhole add" printed',
  read: readNumber('the id', 0, 65_535),
};

export const LEASE: Option<'lease', number> = {
  name: 'lease',
  description: 'lease time, at most a day, such as 30m or 12h, or seconds (default: 1h)',
  value: { label: 'time', read: readLease(1, MAX_LEASE_SECONDS, '12h') },
};

const PROTOCOL: Option<'protocol', Protocol> = {
  name: 'protocol',
  description: 'protocol of the port (default: tcp)',
  value: {
    label: 'tcp|udp',
    read: (text) => {
      const protocol = text.toUpperCase();
      if (protocol === 'TCP' || protocol === 'UDP') return ok<Protocol>(protocol);
      return err(`--protocol must be tcp or udp, not "${text}"`);
    },
  },
};

const CLIENT: Option<'client', string> = {
  name: 'client',
  description: "IPv6 address that the port belongs to (default: this computer's)",
  value: {
    label: 'ip',
    read: (text) => (isIpv6(text) ? ok(text) : err(`--client must be an IPv6 address, not "${text}"`)),
  },
};

/** A remote address, and one port of it where that is given. */
export interface Remote {
  readonly host: string;
  readonly port?: number | undefined;
}

const REMOTE: Option<'remote', Remote> = {
  name: 'remote',
  description: 'the only remote host to let in: an IPv6 address or [address]:port (default: everyone)',
  value: {
    label: 'ip',
    // `2001:db8::7`, or `[2001:db8::7]:443`.
    read: (text) => {
      const [, bracketed, port] = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? [];
      const host = bracketed ?? text;
      if (!isIpv6(host)) return err(`--remote must be an IPv6 address, or [address]:port, not "${text}"`);
      return port === undefined
        ? ok<Remote>({ host })
        : readPortNumber('the remote port')(port).map((number) => ({ host, port: number }));
    },
  },
};

/** The options that name a flow of packets. */
type FlowOption = typeof PROTOCOL | typeof CLIENT | typeof REMOTE;
export const FLOW_OPTIONS: readonly [typeof PROTOCOL, typeof CLIENT, typeof REMOTE] = [PROTOCOL, CLIENT, REMOTE];

/** A flow of packets. */
export interface FlowRequest {
  readonly protocol: Protocol;
  /** The IPv6 address of the host behind the router; default: this computer's. */
  readonly client?: string | undefined;
  /** Default: any. */
  readonly remote?: Remote | undefined;
}

export function flowRequest({ protocol = 'TCP', client, remote }: Flags<FlowOption>): FlowRequest {
  return { protocol, client, remote };
}

/** Searches always use both families, so there is no `--ipv6`, and no `--remember`. */
type PinholeGatewayOption = typeof GATEWAY | Exclude<(typeof SEARCH_OPTIONS)[number], { readonly name: 'ipv6' }>;

export const PINHOLE_GATEWAY_OPTIONS: readonly PinholeGatewayOption[] = [
  GATEWAY,
  ...SEARCH_OPTIONS.filter((one): one is Exclude<typeof one, { readonly name: 'ipv6' }> => one.name !== 'ipv6'),
];

/**
 * The router must be asked from the address that the pinhole leads to (WANIPv6FirewallControl:1, 2.6.2), so over IPv6. A
 * router that answers searches over IPv4 only is asked over IPv4.
 */
export function pinholeGatewayRequest(
  flags: Flags<PinholeGatewayOption | (typeof GLOBAL_OPTIONS)[number]>,
): GatewayRequest {
  return { ...gatewayRequest(flags), families: ['ipv4', 'ipv6'], preferFamily: 'ipv6' };
}

export function pinholeOutcome(gateway: Gateway, json: object, text: string): Outcome {
  return { json: { ...json, gateway: gatewayJson(gateway) }, text: () => text };
}
