import { LeaseSweeper, type Leased } from '../gateway/leases.ts';

/** A subscription to the events of one service (UDA 1.1, 4.1). */
export interface Subscription extends Leased {
  /** `uuid:` and a UUID. */
  readonly sid: string;
  /** The path of the event URL, which tells the service. */
  readonly eventPath: string;
  /** Where its events go: the first of these URLs that can be reached. */
  readonly callbacks: readonly string[];
}

/**
 * Who has subscribed to what, and until when. It sends nothing and sets no timer: whoever looks finds those that have
 * not run out. A gateway begins with an empty one at each boot.
 */
export class SubscriptionTable {
  readonly #now: () => number;
  readonly #bySid = new Map<string, Subscription>();
  readonly #leases = new LeaseSweeper<Subscription>();
  #granted = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    this.#sweep();
    return this.#bySid.size;
  }

  /** How many there have been since the boot. */
  get granted(): number {
    return this.#granted;
  }

  all(): readonly Subscription[] {
    this.#sweep();
    return [...this.#bySid.values()];
  }

  /** Null for a SID that was never given, has run out, or is for another service. */
  find(sid: string, eventPath: string): Subscription | null {
    this.#sweep();
    const subscription = this.#bySid.get(sid);
    return subscription?.eventPath === eventPath ? subscription : null;
  }

  has(subscription: Subscription): boolean {
    this.#sweep();
    return this.#bySid.get(subscription.sid) === subscription;
  }

  /** @param seconds - for which it is granted */
  add(identity: Omit<Subscription, 'expiresAt'>, seconds: number): Subscription {
    const subscription = { ...identity, expiresAt: this.#now() + seconds * 1000 };
    this.#granted += 1;
    this.#bySid.set(subscription.sid, subscription);
    this.#leases.note(subscription);
    return subscription;
  }

  renew(subscription: Subscription, seconds: number): void {
    this.#leases.note(Object.assign(subscription, { expiresAt: this.#now() + seconds * 1000 }));
  }

  remove(subscription: Subscription): void {
    this.#bySid.delete(subscription.sid);
  }

  #sweep(): void {
    for (const ended of this.#leases.sweep(this.#now(), this.#bySid.values())) this.remove(ended);
  }
}
