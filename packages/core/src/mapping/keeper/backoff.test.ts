import { expect, it } from 'vitest';
import { Pace, pauseAfter } from './backoff.ts';

it('what is false in a row waits twice as long, and what is true, or comes after a quiet, does not', () => {
  const pace = new Pace(10, 100);
  const pauses: number[] = [];
  const go = (now: number, wasTrue: boolean): void => {
    pace.begin(now);
    pace.end(wasTrue);
    pauses.push(pace.nextAt - now);
  };
  expect(pace.nextAt).toBe(-Infinity);
  go(0, false);
  go(20, false);
  go(60, false);
  go(140, false);
  go(240, false);
  go(340, true);
  go(350, false);
  go(1_000, false);
  expect(pauses).toEqual([20, 40, 80, 100, 100, 10, 20, 20]);
});

it('pauses double up to half an hour, a fifth more or less', () => {
  const pauses = (fraction: number): readonly number[] =>
    [1, 2, 9, 99].map((n) => pauseAfter(n, { fraction: () => fraction }));
  expect(pauses(0.5)).toEqual([5_000, 10_000, 1_280_000, 1_800_000]);
  expect(pauses(0)).toEqual([4_000, 8_000, 1_024_000, 1_440_000]);
});
