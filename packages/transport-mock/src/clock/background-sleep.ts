import type { AbortSignalLike, ClockPort } from '@portwright/core';
import { VirtualClock } from './virtual-clock.ts';

/** Waits on any clock; on a virtual one without making the time fly ({@link VirtualClock.sleepInBackground}). */
export function sleepInBackground(clock: ClockPort, ms: number, signal?: AbortSignalLike): Promise<void> {
  return clock instanceof VirtualClock ? clock.sleepInBackground(ms, signal) : clock.sleep(ms, signal);
}
