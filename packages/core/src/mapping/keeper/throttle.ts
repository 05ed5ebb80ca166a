/**
 * How soon an unverified restart may be verified: anybody can announce a thousand of them, and the keeper has to act on a
 * real one.
 */
export class Throttle {
  readonly #least: number;
  readonly #most: number;
  #pause: number;
  #at = -Infinity;

  /**
   * @param least - milliseconds after a real one
   * @param most - milliseconds after any number of false ones in a row; after so long without any, the next is not delayed
   */
  constructor(least: number, most: number) {
    this.#least = least;
    this.#most = most;
    this.#pause = least;
  }

  /** When the next one may be verified. */
  get nextAt(): number {
    return this.#at + this.#pause;
  }

  begin(now: number): void {
    if (now - this.#at > this.#most) this.#pause = this.#least;
    this.#at = now;
  }

  /** A false one doubles the pause. */
  end(wasReal: boolean): void {
    this.#pause = wasReal ? this.#least : Math.min(this.#pause * 2, this.#most);
  }
}
