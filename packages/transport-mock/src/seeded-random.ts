import { mustBe } from './misuse.ts';
import type { RandomPort } from '@portwright/core';

/** Random numbers that are the same in every run with the same seed (the mulberry32 generator). Default seed: 1. */
export function seededRandom(seed = 1): RandomPort {
  mustBe('seed', 'number', seed);
  let state = seed >>> 0;
  return {
    fraction: () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
    },
  };
}
