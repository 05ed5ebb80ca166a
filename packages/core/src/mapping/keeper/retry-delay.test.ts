import { expect, it } from 'vitest';
import { jitteredDelay } from './retry-delay.ts';

it('delays double up to half an hour, a fifth more or less', () => {
  const pauses = (fraction: number): readonly number[] =>
    [1, 2, 9, 99].map((n) => jitteredDelay(n, { fraction: () => fraction }));
  expect(pauses(0.5)).toEqual([5_000, 10_000, 1_280_000, 1_800_000]);
  expect(pauses(0)).toEqual([4_000, 8_000, 1_024_000, 1_440_000]);
});
