import { mustBe } from '../misuse.ts';
import type { Endpoint, HttpRequest, HttpResponse, TransportErrorCode } from '@portwright/core';
import { familyOf, isLinkLocal } from './ip-address.ts';

/**
 * What comes of an HTTP request: an answer, or a failure of the connection, as a client that is right by the book sees
 * it. That is all that a mount without a wire (memory, msw) can show; sockets write `wire`, where it is given.
 */
export type HttpOutcome = (
  | { readonly kind: 'response'; readonly response: HttpResponse }
  | {
      readonly kind: 'failure';
      readonly code: TransportErrorCode;
      /** The system's name for it: `ECONNREFUSED`. */
      readonly cause?: string;
    }
) & {
  /** Infinity: nothing ever comes back, and the caller's deadline decides. */
  readonly delayMs: number;
  /** What is written in place of the plain form of the answer, after the delay; then the connection is closed. */
  readonly wire?: readonly WireStep[];
};

/** One thing that a server does on a connection. */
export type WireStep =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'wait'; readonly ms: number }
  /** A RST: what the client has not read yet is lost. */
  | { readonly kind: 'reset' };

/** A datagram that a host sends in answer to one that it got. */
export interface ReplyDatagram {
  readonly payload: Uint8Array;
  /** The host's own end. */
  readonly from: Endpoint;
  readonly delayMs: number;
}

/**
 * What comes of a datagram: answers, or nothing. `refused`: no program of the host listens on that port, and the host says
 * so by ICMP (RFC 1122, 4.1.3.1), which a connected socket learns of. A datagram to a group is never refused.
 */
export type DatagramOutcome = readonly ReplyDatagram[] | 'refused';

/**
 * A host on a simulated network: a gateway, a television, a machine that is switched off. It is a function of what
 * arrives, and knows nothing of the network that carries it, so that the same host can be reached in memory, by a
 * mocked fetch or on sockets, and so that a fault is a host wrapped round another.
 */
export interface NetworkHost {
  readonly addresses: readonly string[];
  /** A request on a TCP connection to this port; `from` is the caller's address. */
  http(port: number, request: HttpRequest, from: string): HttpOutcome;
  /** A datagram, sent to one of its addresses or to a multicast group. */
  datagram(payload: Uint8Array, to: Endpoint, from: Endpoint): DatagramOutcome;
}

/** Milliseconds until a client that is right by the book knows what has come of its request: waits on the wire count. */
export function durationOf({ delayMs, wire = [] }: HttpOutcome): number {
  return wire.reduce((sum, step) => (step.kind === 'wait' ? sum + step.ms : sum), delayMs);
}

/** The one of a host's addresses that it uses towards another: of its family and its scope. */
export function addressTowards(addresses: readonly string[], destination: string): string | undefined {
  return addresses.find(
    (own) => familyOf(own) === familyOf(destination) && isLinkLocal(own) === isLinkLocal(destination),
  );
}

export const REFUSED: HttpOutcome = { kind: 'failure', code: 'refused', cause: 'ECONNREFUSED', delayMs: 0 };

/** A host that is alive and offers nothing: connections and datagrams are refused. */
export function quietHost(...addresses: readonly string[]): NetworkHost {
  for (const address of addresses) mustBe('address', 'string', address);
  return { addresses, http: () => REFUSED, datagram: () => 'refused' };
}

/** A host that swallows everything: connections run into their deadline. */
export function deadHost(...addresses: readonly string[]): NetworkHost {
  for (const address of addresses) mustBe('address', 'string', address);
  const outcome: HttpOutcome = { kind: 'failure', code: 'timeout', cause: 'ETIMEDOUT', delayMs: Infinity };
  return { addresses, http: () => outcome, datagram: () => [] };
}
