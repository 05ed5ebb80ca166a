/** Whether the computer was suspended: the monotonic clock stands still meanwhile, the time of day does not. */
import type { AbortSignalLike, ClockPort } from '../../ports.ts';
import { backgroundSleep } from '../internal/background-sleep.ts';

/** The longest time from one comparison of the two clocks to the next. */
const COMPARE_CLOCKS_MS = 15_000;
/** A correction of the time of day by less than this is no suspend. */
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

/** Until the signal aborts. @param onSuspend - is called within 15 seconds after one */
export async function watchForSuspend(clock: ClockPort, signal: AbortSignalLike, onSuspend: () => void): Promise<void> {
  const moment = (): Moment => ({ now: clock.now(), wall: clock.wallTime?.() ?? null });
  for (let before = moment(); ; before = moment()) {
    await backgroundSleep(clock, COMPARE_CLOCKS_MS, signal);
    if (signal.aborted) return;
    if (wasSuspended(before, moment())) onSuspend();
  }
}
