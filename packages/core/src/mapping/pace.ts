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
