import { mustBeOptions } from '../misuse.ts';
import type { AbortSignalLike, ClockPort } from '@portwright/core';
import { type Duration, milliseconds } from './duration.ts';
import { macrotask } from './macrotask.ts';
import { type Timer, TimerHeap } from './timer-heap.ts';

/** In milliseconds since 1970. */
const START_OF_2026_MS = 1_767_225_600_000;

export interface VirtualClockOptions {
  /** What `now()` says at first, in milliseconds. Default: 0. */
  readonly startMs?: number | undefined;
  /**
   * Waits of at most this many milliseconds pass by themselves; longer ones wait for {@link VirtualClock.advance}.
   * Default: 60,000. 0: only waits of no length pass by themselves.
   */
  readonly autoAdvanceLimitMs?: number | undefined;
}

interface Sleeper extends Timer {
  readonly isShort: boolean;
  readonly wake: () => void;
}

/**
 * Macrotask turns that have to pass without a wait begun or ended before the clock moves. One is enough for promises;
 * the second is for code that takes one macrotask of its own (a stream, an iterator over a message port).
 */
const CALM_TURNS = 2;

/**
 * A clock that only moves when everything else has come to rest, so that a day of leases takes milliseconds and every
 * run is the same.
 *
 * Short waits (a search, a request, a retry) pass by themselves: as soon as nothing else happens, the clock jumps to
 * the next moment for which something waits. Long waits (a lease, its renewal: those longer than
 * `autoAdvanceLimitMs`) hold it, until {@link VirtualClock.advance} is called. A wait is short or long by the length
 * that was asked for, not by what is left of it; a long one that ends on the way of a short one ends then.
 *
 * The clock sees waits on itself only. Code under test that waits for something real meanwhile (a socket, a file)
 * looks like rest to it: give such tests `autoAdvanceLimitMs: 0` and advance by hand. The same goes for code that
 * polls for ever at short intervals: it would make the time fly.
 */
export class VirtualClock implements ClockPort {
  readonly #limit: number;
  readonly #sleepers = new TimerHeap<Sleeper>();
  #now: number;
  #sequence = 0;
  /** How many of the sleepers are short. */
  #short = 0;
  /** Counts the waits begun and ended: while it moves, something happens. */
  #activity = 0;
  #isDrifting = false;
  #isAdvancing = false;
  #lastAdvance: Promise<void> = Promise.resolve();

  constructor(options: VirtualClockOptions = {}) {
    mustBeOptions(options);
    this.#now = options.startMs ?? 0;
    this.#limit = options.autoAdvanceLimitMs ?? 60_000;
  }

  now(): number {
    return this.#now;
  }

  /** Midnight of 2026-01-01 (UTC) when `now()` is 0. */
  wallTime(): number {
    return START_OF_2026_MS + this.#now;
  }

  /** How many waits have neither ended nor been aborted. */
  get pending(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignalLike): Promise<void> {
    return this.#sleep(ms, !(ms > this.#limit), signal);
  }

  /**
   * A wait that never moves the clock, however short: for what a simulated host does by itself (its next announcement,
   * the end of a lease), which nobody waits for. It ends on the way of others, or by {@link VirtualClock.advance}.
   */
  sleepInBackground(ms: number, signal?: AbortSignalLike): Promise<void> {
    return this.#sleep(ms, false, signal);
  }

  #sleep(ms: number, isShort: boolean, signal: AbortSignalLike | undefined): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wait = ms > 0 ? ms : 0;
      const onAbort = (): void => {
        if (this.#remove(sleeper)) sleeper.wake();
      };
      const sleeper: Sleeper = {
        due: this.#now + wait,
        sequence: this.#sequence++,
        position: -1,
        isShort,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort);
      this.#add(sleeper);
    });
  }

  /**
   * Moves the time on: first everything under way settles, then the waits that end on the way end one by one, in
   * order, everything settling after each. Waits begun on the way count, too. Resolves when the time is reached;
   * calls made meanwhile follow one another.
   */
  advance(duration: Duration): Promise<void> {
    const ms = milliseconds(duration);
    this.#lastAdvance = this.#lastAdvance.then(() => this.#advance(ms));
    return this.#lastAdvance;
  }

  async #advance(ms: number): Promise<void> {
    this.#isAdvancing = true;
    const target = this.#now + ms;
    for (;;) {
      await this.#rest();
      const next = this.#sleepers.peek();
      if (next === undefined || next.due > target) break;
      this.#end(next);
    }
    this.#now = target;
    this.#isAdvancing = false;
    this.#startDrifting();
  }

  #startDrifting(): void {
    if (!this.#isDrifting && !this.#isAdvancing && this.#short > 0) void this.#drift();
  }

  async #drift(): Promise<void> {
    this.#isDrifting = true;
    for (;;) {
      await this.#rest();
      // An advance that began meanwhile moves the time itself, and starts the drift again at its end.
      const next = this.#isAdvancing || this.#short === 0 ? undefined : this.#sleepers.peek();
      if (next === undefined) break;
      this.#end(next);
    }
    this.#isDrifting = false;
  }

  async #rest(): Promise<void> {
    for (let calm = 0; calm < CALM_TURNS; calm += 1) {
      const before = this.#activity;
      await macrotask();
      if (this.#activity !== before) calm = -1;
    }
  }

  #add(sleeper: Sleeper): void {
    this.#sleepers.add(sleeper);
    this.#activity += 1;
    if (sleeper.isShort) this.#short += 1;
    this.#startDrifting();
  }

  #remove(sleeper: Sleeper): boolean {
    if (!this.#sleepers.remove(sleeper)) return false;
    this.#activity += 1;
    if (sleeper.isShort) this.#short -= 1;
    return true;
  }

  #end(sleeper: Sleeper): void {
    this.#remove(sleeper);
    this.#now = Math.max(this.#now, sleeper.due);
    sleeper.wake();
  }
}
