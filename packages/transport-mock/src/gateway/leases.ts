/** Something that ends by itself. */
export interface Leased {
  /** On the gateway's clock, in milliseconds; Infinity for what stays. */
  readonly expiresAt: number;
}

/**
 * Leases without timers: whoever looks at a table sweeps it first. That costs one comparison, but for when a lease may
 * have run out: `#earliest` is never later than the end of any lease, and a sweep sets it right.
 */
export class LeaseSweeper<T extends Leased> {
  #earliest = Infinity;

  /** Has to be told of every lease, new or renewed. */
  note({ expiresAt }: Leased): void {
    if (expiresAt < this.#earliest) this.#earliest = expiresAt;
  }

  /** No lease ends before this. */
  get earliest(): number {
    return this.#earliest;
  }

  /** Those of the leases that have run out. */
  sweep(now: number, leases: Iterable<T>): readonly T[] {
    if (now < this.#earliest) return [];
    this.#earliest = Infinity;
    const ended: T[] = [];
    for (const lease of leases) {
      if (lease.expiresAt <= now) ended.push(lease);
      else this.note(lease);
    }
    return ended;
  }
}

/** Seconds left, rounded up, so that a lease of an hour reads 3600 while it is new; 0 for what stays. */
export function secondsLeft({ expiresAt }: Leased, now: number): number {
  return expiresAt === Infinity ? 0 : Math.ceil((expiresAt - now) / 1000);
}
