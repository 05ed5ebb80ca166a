/** How long to wait. */
import type { RandomPort } from '../../ports.ts';

/** How soon a claim may be looked into again: anybody can send a thousand of them, and a true one has to be acted on. */
export class Pace {
  readonly #least: number;
  readonly #most: number;
  #pause: number;
  #at = -Infinity;

  /**
   * @param least - milliseconds after one that was true
   * @param most - after any number of false ones in a row; after so long a quiet, the first is looked into at once
   */
  constructor(least: number, most: number) {
    this.#least = least;
    this.#most = most;
    this.#pause = least;
  }

  /** When the next one may be looked into. */
  get nextAt(): number {
    return this.#at + this.#pause;
  }

  /** One is looked into. */
  begin(now: number): void {
    if (now - this.#at > this.#most) this.#pause = this.#least;
    this.#at = now;
  }

  /** What came of it: one that was false doubles the pause. */
  end(wasTrue: boolean): void {
    this.#pause = wasTrue ? this.#least : Math.min(this.#pause * 2, this.#most);
  }
}

/** After the first failure; it doubles from one to the next. It is the least between two searches as well. */
export const FIRST_PAUSE_MS = 5_000;
/** A gateway that refuses for good is asked twice an hour. */
const LONGEST_PAUSE_MS = 1_800_000;

/** Milliseconds until the next try, a fifth more or less. */
export function pauseAfter(failures: number, random: RandomPort): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS) * (0.8 + 0.4 * random.fraction());
}
