import type { AbortSignalLike, ClockPort } from '@portwright/core';

/** The longest delay that setTimeout takes, some 25 days; a longer one would fire at once. */
const MAXIMUM_TIMER_MS = 2 ** 31 - 1;

/** The time of this machine, which never goes back, for a gateway that programs outside of this process meet. */
export function systemClock(): ClockPort {
  return { now: () => performance.now(), sleep };
}

function sleep(ms: number, signal?: AbortSignalLike): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  const end = performance.now() + ms;
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    // A timer may fire a fraction of a millisecond early, and a long sleep takes several of them.
    const onTimer = (): void => {
      if (performance.now() < end) timer = start();
      else wake();
    };
    const start = (): NodeJS.Timeout => setTimeout(onTimer, Math.min(end - performance.now(), MAXIMUM_TIMER_MS));
    let timer = start();
    signal?.addEventListener('abort', wake);
  });
}
