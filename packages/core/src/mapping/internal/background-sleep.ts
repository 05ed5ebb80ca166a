import type { AbortSignalLike, ClockPort } from '../../ports.ts';

/** Sleeps until something recurs that no caller waits for; a virtual clock does not move by it. */
export function backgroundSleep(clock: ClockPort, ms: number, signal: AbortSignalLike): Promise<void> {
  return clock.sleepInBackground?.(ms, signal) ?? clock.sleep(ms, signal);
}
