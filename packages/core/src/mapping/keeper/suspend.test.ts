import { expect, it } from 'vitest';
import { wasSuspended } from './suspend.ts';

it.each([
  ['eight hours of sleep', { now: 1_000, wall: 1_000_000 }, { now: 2_000, wall: 29_801_000 }, true],
  ['just above ten seconds', { now: 0, wall: 0 }, { now: 15_000, wall: 25_001 }, true],
  ['just ten seconds', { now: 0, wall: 0 }, { now: 15_000, wall: 25_000 }, false],
  ['both clocks alike', { now: 0, wall: 5_000 }, { now: 15_000, wall: 20_000 }, false],
  ['a time of day that is set back', { now: 0, wall: 3_600_000 }, { now: 15_000, wall: 0 }, false],
  ['a suspend long after the start', { now: 100_000, wall: 0 }, { now: 115_000, wall: 30_000 }, true],
  ['a long wait without sleep', { now: 0, wall: 0 }, { now: 3_600_000, wall: 3_600_000 }, false],
  ['no time of day before', { now: 0, wall: null }, { now: 0, wall: 3_600_000 }, false],
  ['no time of day after', { now: 0, wall: -20_000 }, { now: 0, wall: null }, false],
])('%s', (_what, before, after, expected) => {
  expect(wasSuspended(before, after)).toBe(expected);
});
