import type { AbortSignalLike, ClockPort } from '@portwright/core';

/** The longest delay that setTimeout takes, some 25 days; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * The system's monotonic clock, by process.hrtime: performance.now() would load a module. A sleep keeps the process alive,
 * and may be of any length.
 */
export function nodeClock(): ClockPort {
  return { now, wallTime: () => Date.now(), sleep };
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function sleep(ms: number, signal?: AbortSignalLike): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = now() + ms;
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    // A timer may fire a fraction of a millisecond early, and a long sleep takes several of them.
    const arm = (): NodeJS.Timeout =>
      setTimeout(
        () => {
          if (now() < end) timer = arm();
          else wake();
        },
        Math.min(end - now(), MAX_TIMER_MS),
      );
    let timer = arm();
    signal?.addEventListener('abort', wake);
  });
}
