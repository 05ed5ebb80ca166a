/** The attempts to map a port, and their outcomes. Data alone. */
import type { CallError } from '../errors.ts';
import type { PortMapping, Protocol } from '../port-mapping.ts';

/** The most requests for one port. Six different requests without success mean that the router will not grant it. */
export const MAX_ATTEMPTS = 6;

/** The mapping that the caller wants. */
export interface MappingDemand {
  /** 1..65535. */
  readonly externalPort: number;
  readonly internalPort: number;
  /** Seconds; 0 is a permanent mapping. */
  readonly leaseSeconds: number;
  readonly description: string;
  /** `any`: another external port is acceptable. */
  readonly port: 'exact' | 'any';
  /** Other ports to try, in this order; used with `any` only. */
  readonly otherPorts: readonly number[];
  /** Whether the gateway is known to have AddAnyPortMapping. */
  readonly offersAny: boolean;
}

/** One request for a mapping. */
export interface MappingAttempt {
  /** `any`: AddAnyPortMapping, which grants another port if the wanted one is taken (WANIPConnection:2, 2.5.17). */
  readonly method: 'exact' | 'any';
  readonly externalPort: number;
  /** Seconds; 0 is a permanent mapping. */
  readonly leaseSeconds: number;
  readonly description: string;
  /** Deletes this host's own mapping of the port first. */
  readonly replacing: boolean;
  /** Milliseconds to wait before the request, after a refusal that may be temporary. */
  readonly delayMs: number;
}

/** The port is taken. It was not requested, because some gateways would have overwritten the other mapping. */
export interface PortConflictError {
  readonly kind: 'conflict';
  /** `foreign`: it leads to another host, or to another program on this one. */
  readonly code: 'foreign';
  readonly message: string;
  /** The other mapping. */
  readonly entry: PortMapping;
  readonly hint?: string | undefined;
}

/** The gateway reported success, but its table does not have the mapping. */
export interface UnconfirmedError {
  readonly kind: 'unconfirmed';
  /**
   * `absent`: the table has no such entry; `unlisted`: nor has it ever listed any mapping, which proves nothing; `foreign`:
   * the entry leads to another host or port, or is disabled.
   */
  readonly code: 'absent' | 'unlisted' | 'foreign';
  readonly message: string;
  /** The entry that the table has instead. */
  readonly entry: PortMapping | null;
  readonly hint?: string | undefined;
}

export type AttemptError = CallError | PortConflictError | UnconfirmedError;

/** The owner of the mapping of a port; `unknown` if it was not read, or the gateway did not show it. */
export type Owner = 'own' | 'other' | 'nobody' | 'unknown';

/** An attempt without success. */
export interface FailedAttempt extends MappingAttempt {
  readonly protocol: Protocol;
  /** After a lost or malformed answer with the owner `unknown`, a mapping may exist until its lease ends. */
  readonly error: AttemptError;
  readonly owner: Owner;
}

/**
 * Whether the mapping was read back. `unverifiable`: the gateway does not show the entry, or not its target; `unverified`:
 * the caller did not want it to be read, or the protocol cannot read it (PCP, NAT-PMP).
 */
export type Verification = 'verified' | 'unverifiable' | 'unverified';

/**
 * Chooses the next attempt; null gives up. A pure function.
 *
 * @param failed - the attempts so far, oldest first; none at first
 */
export type MappingPolicy = (demand: MappingDemand, failed: readonly FailedAttempt[]) => MappingAttempt | null;
