/** What the server on UDP port 5351 remembers between two requests; a new one with each boot. */
export class PortControlState {
  readonly #now: () => number;
  #epochStart: number;
  #isBusyUntil = -Infinity;

  constructor(now: () => number) {
    this.#now = now;
    this.#epochStart = now();
  }

  /** Seconds since the server has started, or has lost its mappings (RFC 6887, 8.5; RFC 6886, 3.6). */
  get epochSeconds(): number {
    return Math.floor((this.#now() - this.#epochStart) / 1000);
  }

  /** As after a reboot. miniupnpd does so as well when the external address changes. */
  restartEpoch(): void {
    this.#epochStart = this.#now();
  }

  /** One request after the other. @returns milliseconds until this one is done, which takes so many by itself */
  takeTurn(ms: number): number {
    const now = this.#now();
    this.#isBusyUntil = Math.max(now, this.#isBusyUntil) + ms;
    return this.#isBusyUntil - now;
  }
}
