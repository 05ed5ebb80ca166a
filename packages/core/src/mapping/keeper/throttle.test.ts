import { expect, it } from 'vitest';
import { Throttle } from './throttle.ts';

it('false restarts in a row double the pause; a real one, or a quiet time, ends that', () => {
  const throttle = new Throttle(10, 100);
  const pauses: number[] = [];
  const go = (now: number, wasReal: boolean): void => {
    throttle.begin(now);
    throttle.end(wasReal);
    pauses.push(throttle.nextAt - now);
  };
  expect(throttle.nextAt).toBe(-Infinity);
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
