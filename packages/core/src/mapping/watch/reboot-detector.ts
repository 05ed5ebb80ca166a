/** What shows that a gateway was started anew: its uptime, and the number of its start. */

/** Seconds by which an uptime may fall behind the clock: some gateways count in minutes. */
const TOLERANCE_SECONDS = 90;

/** `first`: there is nothing to compare it with. `nothing`: the device has none (UDA 1.0). */
export type BootIdShows = 'restart' | 'same run' | 'first' | 'nothing';

/** Follows one gateway from start to start. */
export class RestartSigns {
  #uptime: { readonly seconds: number; readonly at: number } | null = null;
  /**
   * Some gateways give the same number for ever: only one that has been seen to run can fall behind. One that has shown a
   * restart has to be seen to run again before it shows another, so that no odd counter does so at every look.
   */
  #trust: 'unknown' | 'runs' | 'none' = 'unknown';
  #bootId: number | null = null;

  /**
   * @param seconds - the connection's uptime; null where it was not told, or there is no connection that is up
   * @param now - milliseconds
   * @returns whether it was started anew since the last time
   */
  sawUptime(seconds: number | null, now: number): boolean {
    const before = this.#uptime;
    this.#uptime = seconds === null ? null : { seconds, at: now };
    if (before === null || seconds === null) return false;
    const elapsed = (now - before.at) / 1000;
    const isBack = seconds < before.seconds && this.#trust !== 'none';
    const isBehind = seconds < before.seconds + elapsed - TOLERANCE_SECONDS && this.#trust === 'runs';
    if (isBack || isBehind) this.#trust = 'none';
    else if (seconds - before.seconds > elapsed / 2) this.#trust = 'runs';
    return isBack || isBehind;
  }

  /**
   * BOOTID.UPNP.ORG of an announcement; "increased on each initial announce" (UDA 1.1, 1.2.2).
   *
   * @param stays - it will be this number without a start in between: an ssdp:update (1.2.4)
   */
  sawBootId(bootId: number | null, stays: boolean): BootIdShows {
    const before = this.#bootId;
    this.#bootId = bootId ?? before;
    if (bootId === null) return 'nothing';
    if (before === null) return 'first';
    return stays || bootId === before ? 'same run' : 'restart';
  }

  /** A restart is told: what was known of the run before shows nothing any more. */
  forget(source: 'event' | 'announcement' | 'poll'): void {
    this.#uptime = null;
    if (source !== 'announcement') this.#bootId = null;
  }
}
