/** Whether the computer was suspended: the monotonic clock stands still meanwhile, the time of day does not. Pure. */

/** The longest time from one comparison of the two clocks to the next. */
export const COMPARE_CLOCKS_MS = 15_000;
/** A clock that is set right by less than this is no suspend. */
const TOLERANCE_MS = 10_000;

/** Both clocks at one moment; `wall` is null where the transport does not know the time of day. */
export interface Moment {
  readonly now: number;
  readonly wall: number | null;
}

export function wasSuspended(before: Moment, after: Moment): boolean {
  if (before.wall === null || after.wall === null) return false;
  return after.wall - before.wall - (after.now - before.now) > TOLERANCE_MS;
}
