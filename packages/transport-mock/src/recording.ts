import type { Endpoint, HttpRequest, HttpResponse } from '@portwright/core';
import type { HttpOutcome } from './network/network-host.ts';

/** Something that a gateway was asked and what it answered, or an event of its own; plain data, to assert on or to print. */
export type Exchange = HttpExchange | GarbageExchange | SearchExchange | PortControlExchange | EventExchange;

interface Recorded {
  /** On the gateway's clock, in milliseconds. */
  readonly at: number;
  /** The injected faults that happened to it, by their names. */
  readonly faults: readonly string[];
}

export interface HttpExchange extends Recorded {
  readonly kind: 'http';
  /** The address that it came from. */
  readonly from: string;
  readonly request: HttpRequest;
  /** The answer, or what kept it from getting through. */
  readonly outcome: HttpOutcome;
}

/** Bytes on a connection that were no HTTP request, or not a whole one; only sockets can carry them. */
export interface GarbageExchange extends Recorded {
  readonly kind: 'garbage';
  /** The address that they came from. */
  readonly from: string;
  /** The first 1024 of them. */
  readonly received: Uint8Array;
  /** 4xx or 505, and the reason in its body. */
  readonly response: HttpResponse;
}

/** A datagram to port 1900; no answers: it wasn't a search, or nothing of what the gateway is. */
export interface SearchExchange extends Recorded {
  readonly kind: 'search';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly payload: Uint8Array;
  readonly answers: readonly Uint8Array[];
}

/** A datagram to port 5351. */
export interface PortControlExchange extends Recorded {
  readonly kind: 'port-control';
  /** By its first byte, the version: 0 is NAT-PMP's. */
  readonly protocol: 'pcp' | 'nat-pmp';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly payload: Uint8Array;
  readonly answers: readonly Uint8Array[];
}

/** An event that the gateway sent to a subscriber, and what came of it. */
export interface EventExchange extends Recorded {
  readonly kind: 'event';
  /** The gateway's own address. */
  readonly from: string;
  readonly request: HttpRequest;
  /** Null: nobody has that address. */
  readonly outcome: HttpOutcome | null;
}

/** The latest exchanges, as many as it may keep. */
export class Recording {
  readonly #limit: number;
  #kept: Exchange[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(exchange: Exchange): void {
    if (this.#limit <= 0) return;
    this.#kept.push(exchange);
    // Cut rarely, so that keeping the latest costs nothing to speak of.
    if (this.#kept.length >= 2 * this.#limit) this.#kept = this.#kept.slice(-this.#limit);
  }

  all(): readonly Exchange[] {
    return this.#kept.slice(-this.#limit);
  }
}
