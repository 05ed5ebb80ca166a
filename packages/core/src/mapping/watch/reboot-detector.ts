/** Signs of a restart: an uptime that fell behind the clock, and another BOOTID. */

/** An uptime, and the time within which the gateway read it: between the request and the answer, in milliseconds. */
export interface UptimeSample {
  readonly seconds: number;
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** Whether an uptime is known to count seconds. `none`: it has shown a restart, and has to be seen to count again. */
export type UptimeTrust = 'unknown' | 'counts' | 'none';

/** Lost to rounding at both ends, and to a gateway whose clock is slow. */
const TOLERANCE_SECONDS = 5;
/** Some gateways count in whole minutes, or refresh the value every ten seconds. */
const GRANULARITIES = [60, 10];

/**
 * Compares two uptimes of one gateway.
 *
 * Some gateways report the same number for ever, so an uptime can fall behind only if it was seen to count. After a
 * restart it has to be seen to count again, so that an odd counter does not show one at every poll.
 */
export function compareUptimes(
  before: UptimeSample,
  now: UptimeSample,
  trust: UptimeTrust,
): 'restarted' | 'counts' | 'inconclusive' {
  // At least so much time has passed, however long both answers took.
  const elapsed = (now.askedAt - before.answeredAt) / 1000;
  const gained = now.seconds - before.seconds;
  if (gained < 0 && trust !== 'none') return 'restarted';
  if (gained < elapsed - toleranceOf(before, now) && trust === 'counts') return 'restarted';
  return gained > elapsed / 2 ? 'counts' : 'inconclusive';
}

function toleranceOf(before: UptimeSample, now: UptimeSample): number {
  const granularity = GRANULARITIES.find((step) => before.seconds % step === 0 && now.seconds % step === 0) ?? 0;
  return TOLERANCE_SECONDS + granularity;
}

/** `first`: there was no BOOTID to compare it with. `none`: the announcement has none (UDA 1.0). */
export type BootIdShows = 'restart' | 'same run' | 'first' | 'none';

/** Follows the uptime and the BOOTID of one gateway. */
export class RebootDetector {
  #uptime: UptimeSample | null = null;
  #trust: UptimeTrust = 'unknown';
  #bootId: number | null = null;
  #isBaseline = false;

  /** Whether the last uptime is the only one of its run: only a second one shows that it counts. */
  get needsSecondSample(): boolean {
    return this.#isBaseline;
  }

  /**
   * @param sample - null if the gateway reported no uptime, or its connection is down
   * @returns whether the gateway has restarted since the last sample
   */
  addUptime(sample: UptimeSample | null): boolean {
    const before = this.#uptime;
    this.#uptime = sample;
    this.#isBaseline = before === null && sample !== null;
    if (before === null || sample === null) return false;
    const shows = compareUptimes(before, sample, this.#trust);
    if (shows === 'restarted') this.#trust = 'none';
    else if (shows === 'counts') this.#trust = 'counts';
    return shows === 'restarted';
  }

  /** Forgets the last uptime: a restart was reported, and it belongs to the run before. */
  forgetUptime(): void {
    this.#uptime = null;
    this.#isBaseline = false;
  }

  /**
   * Compares BOOTID.UPNP.ORG with that of the last announcement: it "MUST be increased on each initial announce" (UDA
   * 1.1, 1.2.2).
   *
   * @param isUpdate - the announcement is an ssdp:update, which changes the BOOTID without a restart (1.2.4)
   */
  addBootId(bootId: number | null, isUpdate: boolean): BootIdShows {
    const before = this.#bootId;
    this.#bootId = bootId ?? before;
    if (bootId === null) return 'none';
    if (before === null) return 'first';
    return isUpdate || bootId === before ? 'same run' : 'restart';
  }
}
