import type { RandomPort } from '@portwright/core';

/**
 * Where the suite's external ports begin: above what services are known by, so that a run is in nobody's way, and below
 * what systems choose by themselves (RFC 6335, 6).
 */
export const FIRST_PORT = 40_000;
const LAST_PORT = 49_151;

/** Ports to be mapped: random, and none that the gateway had mapped or the run has used before. */
export class PortSource {
  readonly #random: RandomPort;
  readonly #used: Set<number>;

  constructor(random: RandomPort, taken: Iterable<number>) {
    this.#random = random;
    this.#used = new Set(taken);
  }

  next(): number {
    return this.range(1);
  }

  /** The first of that many consecutive ports; with a table that is full of this range, one that may be taken. */
  range(length: number): number {
    let first = FIRST_PORT;
    for (let tries = 0; tries < 1_000; tries += 1) {
      first = FIRST_PORT + Math.floor(this.#random.fraction() * (LAST_PORT - FIRST_PORT - length));
      const ports = Array.from({ length }, (_, index) => first + index);
      if (ports.every((port) => !this.#used.has(port))) break;
    }
    for (let port = first; port < first + length; port += 1) this.#used.add(port);
    return first;
  }
}
