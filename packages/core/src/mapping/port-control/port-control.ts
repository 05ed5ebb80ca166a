/** What PCP (RFC 6887) and NAT-PMP (RFC 6886) have in common, and what a mapper needs to know of either. Data alone. */
import type { InvalidArgumentError, RefusalError } from '../../errors.ts';
import type { EpochReading } from '../../pcp/epoch.ts';
import type { Protocol } from '../../port-mapping.ts';
import type { Result } from '../../result.ts';

/** A PCP or NAT-PMP server: mostly a default router. A `DefaultRouter` is one. */
export interface ControlServer {
  /** A link-local IPv6 address has its zone: `fe80::1%eth0`. */
  readonly address: string;
  /** The interface that leads to it, if known. */
  readonly name?: string | undefined;
}

/** A request for a mapping; one of 0 seconds deletes it. */
export interface MapRequest {
  readonly protocol: Protocol;
  /** 1..65535: port 0 would be every port. */
  readonly internalPort: number;
  /** The port to suggest. */
  readonly externalPort: number;
  /** The address to suggest; null: any. */
  readonly externalAddress: string | null;
  readonly lifetimeSeconds: number;
  /** 24 hexadecimal digits. NAT-PMP has none. */
  readonly nonce: string;
  /** Whether another port is of no use: PREFER_FAILURE of PCP (RFC 6887, 13.2). NAT-PMP cannot say so. */
  readonly isExact: boolean;
}

/** An answer of a server to a request of ours. */
export type Answer =
  /** To the question; `externalAddress` is null if the server has none, and absent if the protocol does not tell. */
  | { readonly kind: 'present'; readonly epochSeconds: number; readonly externalAddress?: string | null }
  | {
      readonly kind: 'mapped';
      readonly epochSeconds: number;
      readonly externalPort: number;
      /** Absent: the protocol does not tell. */
      readonly externalAddress?: string | null;
      readonly lifetimeSeconds: number;
    }
  /** `lifetimeSeconds`: how long the server will go on refusing; 0 if it does not say. */
  | {
      readonly kind: 'refused';
      readonly epochSeconds: number | null;
      readonly resultCode: number;
      readonly lifetimeSeconds: number;
    }
  /** It speaks another version: 0 is NAT-PMP, 2 is PCP. */
  | { readonly kind: 'other-version'; readonly version: number };

/** One of the two protocols, as pure functions. */
export interface PortControl {
  readonly via: 'pcp' | 'nat-pmp';
  /** The request that maps nothing: ANNOUNCE of PCP, the address question of NAT-PMP. */
  question(clientAddress: string): Result<Uint8Array, InvalidArgumentError>;
  mapRequest(request: MapRequest, clientAddress: string): Result<Uint8Array, InvalidArgumentError>;
  /**
   * What a datagram of the server answers. Null: it is no answer to this request.
   *
   * @param request - null: the question
   */
  read(payload: Uint8Array, request: MapRequest | null): Answer | null;
  /** Whether the server still has the mappings that it had at the time of an earlier answer. */
  isSameRun(before: EpochReading, now: EpochReading): boolean;
  refusalOf(resultCode: number, lifetimeSeconds: number): RefusalError;
  /** Whether the refusal of a deletion means that there is no such mapping any more. */
  isAbsent(resultCode: number): boolean;
}

/** For one that speaks another version, whichever protocol was spoken first (RFC 6886, 3.5; RFC 6887, 9). */
export function otherVersion(payload: Uint8Array, version: number): Answer | null {
  const [theirs = version, opcode = 0, , result = 0] = payload;
  return theirs !== version && opcode >= 128 && result === 1 ? { kind: 'other-version', version: theirs } : null;
}
