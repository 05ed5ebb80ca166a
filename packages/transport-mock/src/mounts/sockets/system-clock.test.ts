import { expect, test } from 'vitest';
import { systemClock } from './system-clock.ts';

test('a sleep lasts at least its time', async () => {
  const clock = systemClock();
  const before = clock.now();
  await clock.sleep(20);
  expect(clock.now() - before).toBeGreaterThanOrEqual(20);
});

test.each([1_000_000, 2 ** 31, Infinity])('a sleep of %d ms ends when its signal aborts', async (ms) => {
  const clock = systemClock();
  const controller = new AbortController();
  let isAwake = false;
  const sleep = clock.sleep(ms, controller.signal).then(() => (isAwake = true));
  // More than setTimeout takes would be over at once.
  await clock.sleep(5);
  expect(isAwake).toBe(false);
  controller.abort();
  await sleep;
  expect(isAwake).toBe(true);
});

test('a sleep does not begin once its signal has aborted', async () => {
  const clock = systemClock();
  await clock.sleep(1_000_000, AbortSignal.abort());
});
