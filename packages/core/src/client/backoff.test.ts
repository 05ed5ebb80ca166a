import { describe, expect, it } from 'vitest';
import {
  afterAnswer,
  afterConstantAnswer,
  afterFailure,
  afterGivingUp,
  afterSilence,
  delayBefore,
  NO_BACKOFF,
  retryDelay,
  tryLimit,
  type Backoff,
} from './backoff.ts';

/** What is known after a number of failures, the last at that time. */
function failed(times: number, at: number, from: Backoff = NO_BACKOFF): Backoff {
  let backoff = from;
  for (let count = 0; count < times; count += 1) backoff = afterFailure(backoff, at);
  return backoff;
}

describe('the pause after failures in a row', () => {
  it.each([
    [0, 0],
    [1, 200],
    [2, 400],
    [3, 800],
    [4, 1600],
    [5, 3200],
    [6, 3200],
    [60, 3200],
  ])('%i: %i ms', (failures, ms) => {
    expect(retryDelay(failures)).toBe(ms);
    expect(delayBefore(failed(failures, 1000), 1000, true)).toBe(ms);
    expect(delayBefore(failed(failures, 1000), 1000, false)).toBe(ms);
  });

  it.each([
    [1000, 200],
    [1050, 150],
    [1200, 0],
    [9000, 0],
  ])('counts from the end of the last exchange: at %i, %i ms are left', (now, ms) => {
    expect(delayBefore(failed(1, 1000), now, false)).toBe(ms);
  });

  it('is none before the first request, and none after answers alone', () => {
    expect(delayBefore(NO_BACKOFF, 0, false)).toBe(0);
    expect(delayBefore(afterAnswer(NO_BACKOFF, 1000, true), 1000, false)).toBe(0);
  });

  it('stays as long after an exchange that shows nothing', () => {
    expect(delayBefore(afterSilence(failed(2, 1000), 4000), 4000, true)).toBe(400);
  });

  it('is the shortest after a request that no pause has helped', () => {
    expect(delayBefore(afterGivingUp(failed(4, 1000), 1000), 1000, true)).toBe(200);
  });

  it('ends with an answer that no pause changes', () => {
    const settled = afterConstantAnswer(failed(4, 1000), 1000);
    expect(delayBefore(settled, 1000, true)).toBe(0);
    expect(delayBefore(settled, 1000, false)).toBe(0);
  });
});

describe('the spacing after failures that a pause has ended', () => {
  it.each([
    [1, 200],
    [2, 400],
    [3, 800],
    [6, 800],
  ])('%i failures: %i ms, for reads and writes', (failures, ms) => {
    const backoff = afterAnswer(failed(failures, 1000), 5000, true);
    expect(delayBefore(backoff, 5000, true)).toBe(ms);
    expect(delayBefore(backoff, 5000, false)).toBe(ms);
  });

  it('is kept by eight reads, and by every write', () => {
    let backoff = afterAnswer(failed(2, 0), 0, true);
    const delays = Array.from({ length: 10 }, () => {
      const delay = delayBefore(backoff, 0, true);
      backoff = afterAnswer(backoff, 0, true);
      return delay;
    });
    expect(delays).toEqual([400, 400, 400, 400, 400, 400, 400, 400, 0, 0]);
    expect(delayBefore(backoff, 0, false)).toBe(400);
  });

  it('is not used up by writes', () => {
    let backoff = afterAnswer(failed(2, 0), 0, true);
    for (let count = 0; count < 20; count += 1) backoff = afterAnswer(backoff, 0, false);
    expect(delayBefore(backoff, 0, true)).toBe(400);
  });

  it('is the least after the next failure, and stays after it', () => {
    const learned = afterAnswer(failed(3, 0), 0, true);
    const again = failed(1, 5000, learned);
    expect(delayBefore(again, 5000, true)).toBe(800);
    expect(delayBefore(afterAnswer(again, 6000, true), 6000, true)).toBe(800);
  });
});

describe('the time for one try of a read', () => {
  it.each([
    [100, 100],
    [5_000, 5_000],
    [8_000, 5_000],
    [10_000, 5_000],
    [10_002, 5_001],
    [40_000, 20_000],
  ])('is of %i ms %i', (leftMs, tryMs) => {
    expect(tryLimit(leftMs)).toBe(tryMs);
  });
});
