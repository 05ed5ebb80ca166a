/** The request for a port, and its outcome. Data alone. */
import type { FailedAttempt, MappingAttempt, MappingPolicy } from './attempts.ts';
import type { InvalidArgumentError } from '../errors.ts';
import type { CallOptions } from '../call-options.ts';
import type { MappingKey, PortMapping, ProtocolName } from '../port-mapping.ts';
import type { AbortSignalLike } from '../ports.ts';

/** The protocol that a port is opened by. */
export type Via = 'upnp-igd' | 'pcp' | 'nat-pmp';

export interface MapPortOptions {
  /** 1..65535: the port on the router's external address. */
  readonly externalPort: number;
  /** In either case. */
  readonly protocol: ProtocolName;
  /** 1..65535; default: the external port. */
  readonly internalPort?: number | undefined;
  /**
   * The IPv4 address of the host that the mapping leads to; default: this host's address towards the gateway. Requests for
   * another address of this host are sent from that address, because some routers let a host map only to itself
   * (miniupnp#359).
   */
  readonly internalClient?: string | undefined;
  /** Shown in the router's settings; default `Portwright`. */
  readonly description?: string | undefined;
  /**
   * Seconds; default 3600. 0 asks for a permanent mapping; a version 2 gateway limits it to a week. Some gateways grant only
   * permanent mappings: the result then has the warning `permanent`, and the mapping stays until {@link unmapPort}. A
   * keeper ({@link keepMapped}) deletes its mappings when it is closed.
   */
  readonly leaseSeconds?: number | undefined;
  /** `any`: accept another external port if this one is not available. Default: `exact`. */
  readonly port?: 'exact' | 'any' | undefined;
  /** Whether to read the mapping back; default true. Some routers report success without making a mapping. */
  readonly verify?: boolean | undefined;
  /** Whether to read the gateway's status and external address afterwards, for the warnings; default true. */
  readonly askState?: boolean | undefined;
  /**
   * Trust a version 2 gateway to refuse a port of another host, as WANIPConnection:2, 2.5.16 requires; this saves a
   * request. A gateway that breaks the rule silently overwrites the other host's mapping. Default: false: the mapper reads
   * the owner of the port first. On a version 1 gateway it always does.
   */
  readonly trustConflicts?: boolean | undefined;
  /**
   * Milliseconds for the whole call; default 20000. The last fifth, 4 s at most, is reserved for reading the outcome of
   * requests without an answer, and for deleting unwanted mappings. One request may take a fifth, or 8 s if that is more.
   */
  readonly budgetMs?: number | undefined;
  /** Chooses the next attempt after a failed one, up to six attempts; default: {@link retryPolicy}. */
  readonly policy?: MappingPolicy | undefined;
  /** Checked between requests. A request that was sent is awaited, and a mapping that it made is deleted. */
  readonly signal?: Pick<AbortSignalLike, 'aborted'> | undefined;
}

/** A port that a gateway has granted, or that was requested from it. JSON-serializable. */
export interface Lease extends PortMapping {
  readonly via: Via;
  /** The {@link GatewayIdentity.id} of its gateway. */
  readonly gateway: string;
  readonly family: 'ipv4' | 'ipv6';
  /** Requested seconds; 0 is a permanent mapping. */
  readonly requestedSeconds: number;
  /** What its mapper needs to renew it. */
  readonly details: object;
}

export interface MappingWarning {
  readonly code:
    /** The external address is private or shared: another NAT upstream blocks incoming traffic. */
    | 'double-nat'
    | 'disconnected'
    /** The gateway reports no external address, or an impossible one. */
    | 'address-unknown'
    | 'altered-port'
    | 'altered-lease'
    | 'altered-description'
    | 'permanent'
    | 'unverifiable';
  readonly message: string;
}

/** A step of mapping a port. */
export type MappingStep =
  | { readonly kind: 'requested'; readonly attempt: MappingAttempt }
  /** The gateway reported success. The mapper reads the mapping back next; if it does not exist, other steps follow. */
  | { readonly kind: 'granted'; readonly lease: Lease }
  | { readonly kind: 'failed'; readonly attempt: FailedAttempt };

/** The port could not be mapped. Only the mappings in `unknownLeases` may be left on the gateway. */
export interface NotMappedError {
  readonly kind: 'not-mapped';
  /**
   * `refused`: the gateway refused every attempt; `out-of-time`: the budget ran out; `aborted`: the caller's signal aborted;
   * `left-behind`: the gateway did not delete a mapping that is not wanted any more; `double-nat`: the router refuses
   * every request because its own external address is not public (miniupnpd); `no-address`: this computer has no IPv4
   * address for a mapping to lead to, and nothing was sent.
   */
  readonly code: 'refused' | 'out-of-time' | 'aborted' | 'left-behind' | 'double-nat' | 'no-address';
  readonly message: string;
  /** Every attempt and why it failed, oldest first. */
  readonly attempts: readonly FailedAttempt[];
  /**
   * Mappings that may exist until their leases end: their requests were sent, and the outcome could not be read, or the
   * mapping could not be deleted. Mostly none.
   */
  readonly unknownLeases: readonly Lease[];
  readonly hint?: string | undefined;
}

export type MapPortError = InvalidArgumentError | NotMappedError;

/** The failed attempts before the error; none for a wrong argument. */
export function attemptsOf(error: MapPortError): readonly FailedAttempt[] {
  return error.kind === 'not-mapped' ? error.attempts : [];
}

export interface UnmapPortOptions extends MappingKey, CallOptions {
  /** Delete the mapping even if it leads to another host. Default: false. */
  readonly force?: boolean | undefined;
  /**
   * The address that the mapping leads to; default: this host's address towards the gateway. Requests for another address
   * of this host are sent from that address.
   */
  readonly internalClient?: string | undefined;
}

/** The mapping was not deleted. */
export interface NotUnmappedError {
  readonly kind: 'not-unmapped';
  /**
   * `not-own`: it leads to another host; `absent`: there is no such mapping; `unknown`: it can't be read; `no-nonce`: PCP
   * deletes only for the program that has mapped it.
   */
  readonly code: 'not-own' | 'absent' | 'unknown' | 'no-nonce';
  readonly message: string;
  readonly mapping: PortMapping | null;
  readonly hint?: string | undefined;
}
