import type { ClockPort } from '@portwright/core';
import { VirtualClock } from '@portwright/transport-mock';
import { expect, test } from 'vitest';
import { within } from './expectations.ts';
import { slicedClock } from './sliced-clock.ts';

/** The clock of a machine that is so busy that each sleep takes an hour. */
function starved(): { readonly clock: ClockPort; readonly sleeps: number[] } {
  const sleeps: number[] = [];
  let now = 0;
  const sleep = (ms: number): Promise<void> => {
    sleeps.push(ms);
    now += 3_600_000;
    return new Promise((resolve) => setImmediate(resolve));
  };
  return { clock: { now: () => now, sleep }, sleeps };
}

test('a sleep is made of slices, and lasts as long as it was asked to', async () => {
  const virtual = new VirtualClock();
  await slicedClock(virtual).sleep(25);
  expect(virtual.now()).toBe(25);
  const { clock, sleeps } = starved();
  await slicedClock(clock).sleep(25);
  expect(sleeps).toEqual([10, 10, 5]);
  await slicedClock(clock).sleep(20);
  expect(sleeps).toEqual([10, 10, 5, 10, 10]);
});

test('a signal ends it', async () => {
  const { clock, sleeps } = starved();
  const controller = new AbortController();
  const sleep = slicedClock(clock).sleep(1_000_000, controller.signal);
  controller.abort();
  await sleep;
  expect(sleeps).toEqual([10]);
  await slicedClock(clock).sleep(1_000_000, AbortSignal.abort());
  expect(sleeps).toEqual([10]);
});

test('a signal ends a slice before its end', async () => {
  const virtual = new VirtualClock();
  const controller = new AbortController();
  const sleep = slicedClock(virtual).sleep(25, controller.signal);
  controller.abort();
  await sleep;
  expect(virtual.now()).toBe(0);
});

test('what comes after some turns of the event loop is not late, however long each of them takes', async () => {
  const clock = slicedClock(starved().clock);
  let answer: Promise<unknown> = Promise.resolve();
  for (let turns = 0; turns < 20; turns += 1)
    answer = answer.then(() => new Promise((resolve) => setImmediate(resolve)));
  expect((await within(clock, 1000, 'an answer', answer)).isOk()).toBe(true);
  const never = new Promise(() => undefined);
  expect((await within(clock, 1000, 'an answer', never)).isErr()).toBe(true);
});
