/** What is asked of a gateway for a port, and what comes of it. Data alone. */
import type { FailedAttempt, MappingAttempt, MappingPolicy } from './attempts.ts';
import type { InvalidArgumentError } from '../errors.ts';
import type { CallOptions } from '../call-options.ts';
import type { MappingKey, PortMapping, ProtocolName } from '../port-mapping.ts';
import type { AbortSignalLike } from '../ports.ts';

/** The protocol that a port is opened by. */
export type Via = 'upnp-igd' | 'pcp' | 'nat-pmp';

export interface MapPortOptions {
  /** 1..65535: the port to be reached at from outside. */
  readonly externalPort: number;
  /** In either case. */
  readonly protocol: ProtocolName;
  /** 1..65535; default: the external port. */
  readonly internalPort?: number | undefined;
  /**
   * The IPv4 address of the host that it leads to; default: this one, by the address that the gateway is spoken to from.
   * If it is another address of this host, that is what the gateway is spoken to from: some let each host map to itself
   * alone (miniupnp#359).
   */
  readonly internalClient?: string | undefined;
  /** Shown in the router's settings; default `Portwright`. */
  readonly description?: string | undefined;
  /**
   * Seconds; default 3600; 0 is a permanent mapping, which a version 2 gateway makes a week of. Some gateways give
   * permanent ones alone: then it is that, with the warning `permanent`, and nobody ends it but {@link unmapPort}. A
   * mapping that is kept ({@link keepMapped}) is deleted by its keeper when it is closed.
   */
  readonly leaseSeconds?: number | undefined;
  /** `any`: another external port will do where this one can't be had. Default: `exact`. */
  readonly port?: 'exact' | 'any' | undefined;
  /** Whether to read back what was granted; default true. Some routers say yes, and do nothing. */
  readonly verify?: boolean | undefined;
  /** Whether to ask for the gateway's status and address afterwards, for the warnings; default true. */
  readonly askState?: boolean | undefined;
  /**
   * Trust a version 2 gateway to refuse a port that another host holds, as it has to (WANIPConnection:2, 2.5.16): a
   * request less. One that does not keep to that takes the port away from the other host, whose mapping is overwritten
   * and lost, and nobody is told. Default: false; who holds the port is read before it is asked for, on version 1 in
   * any case.
   */
  readonly trustConflicts?: boolean | undefined;
  /**
   * Milliseconds for all of it; default 20000. The last fifth, 4 s at most, is kept back for finding out what became of
   * a request whose answer did not come, and for taking back what is not wanted any more.
   */
  readonly budgetMs?: number | undefined;
  /** What to ask for next when something was refused, up to six attempts; default: {@link ladder}. */
  readonly policy?: MappingPolicy | undefined;
  /** Checked between requests: one that was sent is heard to its end, and taken back. */
  readonly signal?: Pick<AbortSignalLike, 'aborted'> | undefined;
}

/** A port that a gateway has granted, or that was asked for. Data alone: it can be written down as JSON. */
export interface Lease extends PortMapping {
  readonly via: Via;
  /** Which gateway it is on: its {@link GatewayIdentity.id}. */
  readonly gateway: string;
  readonly family: 'ipv4' | 'ipv6';
  /** Seconds that were asked for; 0 is a permanent mapping. */
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

/** What happens while a port is mapped, as soon as it happens. */
export type MappingStep =
  | { readonly kind: 'requested'; readonly attempt: MappingAttempt }
  /** The gateway said yes. It is read back next; should the gateway have lied, other steps follow. */
  | { readonly kind: 'granted'; readonly lease: Lease }
  | { readonly kind: 'failed'; readonly attempt: FailedAttempt };

/** The port could not be mapped. Nothing was left behind but what `unknownLeases` names. */
export interface NotMappedError {
  readonly kind: 'not-mapped';
  /**
   * `refused`: every way was refused; `out-of-time`: the budget ran out; `aborted`: the caller's signal; `left-behind`:
   * a mapping that was granted is of no use, and the gateway did not take it back; `double-nat`: the router refuses
   * everything, since its own external address is not public (miniupnpd); `no-address`: this computer has no IPv4 address
   * that a mapping could lead to, and nothing was sent.
   */
  readonly code: 'refused' | 'out-of-time' | 'aborted' | 'left-behind' | 'double-nat' | 'no-address';
  readonly message: string;
  /** Every attempt and why it failed, oldest first. */
  readonly attempts: readonly FailedAttempt[];
  /**
   * What may stand until its lease ends: a request for it was sent, and nobody could find out what became of it, or
   * take it back. Mostly none.
   */
  readonly unknownLeases: readonly Lease[];
  readonly hint?: string | undefined;
}

export type MapPortError = InvalidArgumentError | NotMappedError;

/** What was refused before it was given up. */
export function attemptsOf(error: MapPortError): readonly FailedAttempt[] {
  return error.kind === 'not-mapped' ? error.attempts : [];
}

export interface UnmapPortOptions extends MappingKey, CallOptions {
  /** Delete it whosever it is. Default: only one that leads to this host. */
  readonly force?: boolean | undefined;
  /**
   * This host, where the gateway sees another address than its mappings lead to. If it is an address of this host's own,
   * that is what the gateway is spoken to from.
   */
  readonly internalClient?: string | undefined;
}

/** The mapping was not deleted. */
export interface NotUnmappedError {
  readonly kind: 'not-unmapped';
  /** `not-own`: it leads to another host; `absent`: there is no such mapping; `unknown`: it can't be read. */
  readonly code: 'not-own' | 'absent' | 'unknown';
  readonly message: string;
  readonly mapping: PortMapping | null;
  readonly hint?: string | undefined;
}
