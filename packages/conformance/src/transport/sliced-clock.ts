import type { ClockPort } from '@portwright/core';

/** Milliseconds of a slice. */
export const SLICE_MS = 10;

/**
 * A clock whose sleeps are made of short slices, each of which lets the event loop turn. A process that does not get to run
 * loses one slice at most. So a busy machine never uses up the patience with a peer, or a transport, of the same process.
 */
export function slicedClock(clock: ClockPort): ClockPort {
  return {
    now: () => clock.now(),
    sleep: async (ms, signal) => {
      for (let left = ms; left > 0 && signal?.aborted !== true; left -= SLICE_MS) {
        await clock.sleep(Math.min(left, SLICE_MS), signal);
      }
    },
  };
}
