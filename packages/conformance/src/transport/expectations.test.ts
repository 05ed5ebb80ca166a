import { VirtualClock } from '@portwright/transport-mock';
import { err, ok } from '@portwright/core/result';
import { expect, test } from 'vitest';
import { atLeast, within } from './expectations.ts';

test('within gives the value of a promise that comes true before the limit, and leaves no sleep behind', async () => {
  const clock = new VirtualClock();
  const answer = clock.sleep(99).then(() => 7);
  expect(await within(clock, 100, 'an answer', answer)).toEqual(ok(7));
  expect(clock.now()).toBe(99);
  expect(clock.pending).toBe(0);
});

test('within misses a promise that comes true after the limit', async () => {
  const clock = new VirtualClock();
  const missed = err({ kind: 'missed', expected: 'an answer within 100 ms', actual: 'nothing' });
  expect(await within(clock, 100, 'an answer', clock.sleep(101))).toEqual(missed);
  expect(clock.now()).toBe(100);
});

test('atLeast holds from the limit on', () => {
  expect(atLeast('the sleep', 50, 50)).toEqual(ok(undefined));
  expect(atLeast('the sleep', 49.4, 50)).toEqual(
    err({ kind: 'missed', expected: 'the sleep: at least 50 ms', actual: '49 ms' }),
  );
});
