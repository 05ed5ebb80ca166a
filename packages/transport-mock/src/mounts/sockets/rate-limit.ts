import type { ClockPort } from '@portwright/core';

/** So many at once, and so many more each second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** @returns whether another one may pass now, and then counts it */
export function rateLimit({ burst, perSecond }: Rate, clock: Pick<ClockPort, 'now'>): () => boolean {
  let left = burst;
  let at = clock.now();
  return () => {
    const now = clock.now();
    left = Math.min(burst, left + ((now - at) / 1_000) * perSecond);
    at = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
