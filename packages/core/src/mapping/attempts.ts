/** What mapping a port comes down to: one way of asking after another, each with what became of it. Data alone. */
import type { CallError } from '../errors.ts';
import type { PortMapping, Protocol } from '../port-mapping.ts';

/** The most requests for one port. Six different requests without success mean that the router will not grant it. */
export const MAX_ATTEMPTS = 6;

/** What is wanted of a gateway, whatever it takes to get it. */
export interface MappingDemand {
  /** 1..65535. */
  readonly externalPort: number;
  readonly internalPort: number;
  /** Seconds; 0 is a permanent mapping. */
  readonly leaseSeconds: number;
  readonly description: string;
  /** Whether another external port will do. */
  readonly port: 'exact' | 'any';
  /** Ports to fall back on, in this order; of use with `any` alone. */
  readonly otherPorts: readonly number[];
  /** Whether the gateway's service has AddAnyPortMapping, as far as that is known by now. */
  readonly offersAny: boolean;
}

/** One way of asking for a mapping. */
export interface MappingAttempt {
  /** `any`: AddAnyPortMapping, which answers with another port where the wanted one is held (WANIPConnection:2, 2.5.17). */
  readonly method: 'exact' | 'any';
  readonly externalPort: number;
  /** Seconds; 0 is a permanent mapping. */
  readonly leaseSeconds: number;
  readonly description: string;
  /** Deletes first what stands there, if it is the same host's own by then. */
  readonly replacing: boolean;
  /** Milliseconds to wait before the request; a refusal that may pass is not followed by a request at once. */
  readonly delayMs: number;
}

/** The port leads somewhere else: it was not asked for, since some gateways would have taken it away from there. */
export interface PortConflictError {
  readonly kind: 'conflict';
  /** `foreign`: to another host, or to another program on this one. */
  readonly code: 'foreign';
  readonly message: string;
  /** What stands there. */
  readonly entry: PortMapping;
  readonly hint?: string | undefined;
}

/** The gateway said that it has mapped the port, and its table says otherwise. */
export interface UnconfirmedError {
  readonly kind: 'unconfirmed';
  /**
   * `absent`: there is no such entry; `unlisted`: there is none, and the table has never listed any mapping, so that it
   * proves nothing; `foreign`: it leads to another host or port, or nowhere.
   */
  readonly code: 'absent' | 'unlisted' | 'foreign';
  readonly message: string;
  /** What stands there instead. */
  readonly entry: PortMapping | null;
  readonly hint?: string | undefined;
}

export type AttemptError = CallError | PortConflictError | UnconfirmedError;

/** Whose the mapping is that was found in place; `unknown` where nobody looked, or the gateway did not tell. */
export type Owner = 'own' | 'other' | 'nobody' | 'unknown';

/** An attempt that came to nothing. */
export interface FailedAttempt extends MappingAttempt {
  readonly protocol: Protocol;
  /** A lost or garbled answer beside the owner `unknown`: a mapping may stand until its lease ends. */
  readonly error: AttemptError;
  readonly owner: Owner;
}

/**
 * Whether the gateway's table was seen to hold a mapping. `unverifiable`: it did not let the entry be read, or not where
 * it leads to; `unverified`: nobody asked.
 */
export type Verification = 'verified' | 'unverifiable' | 'unverified';

/**
 * Says what to ask for next; null: give up. It is pure, so that it can be tested as a table, and replaced.
 *
 * @param failed - the attempts so far, oldest first; none at first
 */
export type MappingPolicy = (demand: MappingDemand, failed: readonly FailedAttempt[]) => MappingAttempt | null;
