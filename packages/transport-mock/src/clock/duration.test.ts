import { describe, expect, test } from 'vitest';
import { type Duration, milliseconds } from './duration.ts';

describe('milliseconds', () => {
  test.each<readonly [Duration, number]>([
    [0, 0],
    [250, 250],
    ['250ms', 250],
    ['90s', 90_000],
    ['1.5m', 90_000],
    ['12h', 43_200_000],
    ['7d', 604_800_000],
    [Infinity, Infinity],
  ])('%s is %d', (duration, expected) => {
    expect(milliseconds(duration)).toBe(expected);
  });

  test.each(['', '12', '12x', '-5s', 'h', '1e3s', -1, NaN])('%s is none', (duration) => {
    expect(() => milliseconds(duration as Duration)).toThrow(RangeError);
  });
});
