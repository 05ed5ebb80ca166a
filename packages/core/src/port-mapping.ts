/** What a port mapping is, and the checks before one is asked for. */
import type { Result } from './result.ts';
import { checkArguments, PROTOCOL } from './arguments.ts';
import type { InvalidArgumentError } from './errors.ts';
import { checkWhole } from './invalid-argument.ts';

export type Protocol = 'TCP' | 'UDP';

/** A protocol as callers may write it. */
export type ProtocolName = Protocol | Lowercase<Protocol>;

/** Sent for an empty description, which some routers refuse (-911). miniupnpc sends its own name, too. */
export const DEFAULT_DESCRIPTION = 'Portwright';

/** A row of a gateway's mapping table, as the gateway gives it. */
export interface PortMapping {
  /** 1..65535; 0 stands for every port. */
  readonly externalPort: number;
  readonly protocol: Protocol;
  /** The only remote address that may come in; empty: any. */
  readonly remoteHost: string;
  readonly internalClient: string;
  readonly internalPort: number;
  /** Null where the gateway left it out. */
  readonly enabled: boolean | null;
  /** Untrusted. */
  readonly description: string | null;
  /** Seconds that are left; 0 is for ever. Null where the gateway left it out. */
  readonly leaseSeconds: number | null;
}

/** Which mapping is meant: a gateway holds at most one of each. */
export interface MappingKey {
  /** 1..65535. Never 0, which would open every port. */
  readonly externalPort: number;
  /** In either case. */
  readonly protocol: ProtocolName;
  /** An IPv4 address, or empty for any, which is the default. */
  readonly remoteHost?: string | undefined;
}

/** A key that was checked. */
export interface CheckedKey extends MappingKey {
  readonly protocol: Protocol;
}

/** What a mapping is to be, once it is checked. */
export interface WantedMapping extends CheckedKey {
  readonly internalClient: string;
  readonly internalPort: number;
  /** An empty one is not sent. */
  readonly description?: string | null | undefined;
  readonly leaseSeconds: number;
}

/** A protocol in either case, as it is sent. */
export function checkProtocol(protocol: unknown): Result<Protocol, InvalidArgumentError> {
  return checkArguments(['protocol', protocol, PROTOCOL]).map(() => (protocol as string).toUpperCase() as Protocol);
}

export function checkPort(argument: string, port: number): Result<number, InvalidArgumentError> {
  return checkWhole(argument, port, 1, 65_535);
}

/** A lease in whole seconds; 0 asks for a permanent mapping. */
export function checkLease(seconds: number): Result<number, InvalidArgumentError> {
  return checkWhole('leaseSeconds', seconds, 0, 4_294_967_295);
}
