/** How the time of a call is divided: steps forward first, and a reserve for what has to be settled after them. */
import { describe, expect, it } from 'vitest';
import { createAbort } from '../../abort.ts';
import type { ClockPort } from '../../ports.ts';
import { backgroundSleep } from './background-sleep.ts';
import { budgetFor, timeBudget } from './budget.ts';
import { limitsUntil } from './call-limits.ts';

/** A clock that a test sets. */
function clockAt(start: number): ClockPort & { set: (time: number) => void } {
  let now = start;
  return {
    now: () => now,
    sleep: () => Promise.resolve(),
    set: (time) => {
      now = time;
    },
  };
}

it.each([
  [undefined, 20_000],
  [4_000, 20_000],
  [10_000, 50_000],
])('a router that needs up to %s ms for an answer has %i ms for a mapping', (timeoutMs, ms) => {
  expect(budgetFor(timeoutMs)).toBe(ms);
  const { limits } = timeBudget(clockAt(0), ms);
  expect(limits.deadlineMs).toBe(Math.max(8_000, timeoutMs ?? 0));
});

describe('a budget of 10 s', () => {
  it.each([
    // After so many milliseconds: the deadlines of a step and of settling, and whether either may still begin.
    [0, 8_000, 5_000, false, false],
    [2_000, 6_000, 4_000, false, false],
    [5_000, 3_000, 2_500, false, false],
    [7_999, 1, 1_000.5, false, false],
    [8_000, 0, 1_000, true, false],
    [9_000, -1_000, 500, true, false],
    [9_999, -1_999, 0.5, true, false],
    [10_000, -2_000, 0, true, true],
  ])('after %i ms', (ms, step, settling, isOver, isSettled) => {
    const clock = clockAt(500);
    const budget = timeBudget(clock, 10_000);
    clock.set(500 + ms);
    expect({
      step: budget.limits.deadlineMs,
      settling: budget.settling.deadlineMs,
      isOver: budget.isOver(),
      isStepEnded: budget.limits.signal?.aborted,
      isSettled: budget.settling.signal?.aborted,
    }).toEqual({ step, settling, isOver, isStepEnded: isOver, isSettled });
  });
});

it.each([
  ['a fifth', 1_000, 800],
  ['a fifth', 20_000, 16_000],
  ['4 s at most', 60_000, 56_000],
])('%s of the time is kept for settling: of %i ms, steps have %i', (_share, ms, steps) => {
  const clock = clockAt(0);
  const { isOver } = timeBudget(clock, ms);
  clock.set(steps - 1);
  expect(isOver()).toBe(false);
  clock.set(steps);
  expect(isOver()).toBe(true);
});

it.each([
  [20_000, 8_000],
  [60_000, 12_000],
])('of %i ms, one request may take %i', (ms, longest) => {
  const { limits, settling } = timeBudget(clockAt(0), ms);
  expect([limits.deadlineMs, settling.deadlineMs]).toEqual([longest, Math.min(longest, ms / 2)]);
});

it('an abort ends no request under way: it is told to whoever begins the next step', () => {
  const { signal, abort } = createAbort();
  const budget = timeBudget(clockAt(0), 10_000, signal);
  expect(budget.isAborted()).toBe(false);
  abort();
  expect(budget.isAborted()).toBe(true);
  expect([budget.limits.signal?.aborted, budget.settling.signal?.aborted, budget.isOver()]).toEqual([
    false,
    false,
    false,
  ]);
  expect(timeBudget(clockAt(0), 10_000).isAborted()).toBe(false);
});

describe('limits until a time', () => {
  it('end with the caller’s signal, too, and tell of it until the listener is removed', () => {
    const { signal, abort } = createAbort();
    const limits = limitsUntil(1_000, clockAt(0), signal);
    const told: string[] = [];
    const [kept, removed] = [() => told.push('kept'), () => told.push('removed')];
    limits.signal?.addEventListener('abort', kept);
    limits.signal?.addEventListener('abort', removed);
    limits.signal?.removeEventListener('abort', removed);
    expect([limits.signal?.aborted, told]).toEqual([false, []]);
    abort();
    expect([limits.signal?.aborted, told]).toEqual([true, ['kept']]);
  });

  it('need no signal', () => {
    const { signal } = limitsUntil(1_000, clockAt(999));
    const listener = (): void => undefined;
    signal?.addEventListener('abort', listener);
    signal?.removeEventListener('abort', listener);
    expect(signal?.aborted).toBe(false);
  });

  it.each([
    [1, 400],
    [0.5, 200],
  ])('a share of %d of 400 ms is %i', (share, ms) => {
    expect(limitsUntil(1_000, clockAt(600), undefined, share).deadlineMs).toBe(ms);
  });

  it('give one request 8 s at most, or what the caller says', () => {
    expect(limitsUntil(60_000, clockAt(0)).deadlineMs).toBe(8_000);
    expect(limitsUntil(60_000, clockAt(0), undefined, 1, 12_000).deadlineMs).toBe(12_000);
  });
});

describe('a sleep in the background', () => {
  const { signal } = createAbort();

  it('is the clock’s own, where it has one', async () => {
    const slept: unknown[] = [];
    const sleepInBackground: ClockPort['sleepInBackground'] = (...how) => Promise.resolve(void slept.push(how));
    await backgroundSleep({ ...clockAt(0), sleep: () => Promise.reject(new Error()), sleepInBackground }, 70, signal);
    expect(slept).toEqual([[70, signal]]);
  });

  it('is a sleep like any other, where it has none', async () => {
    const slept: unknown[] = [];
    const sleep: ClockPort['sleep'] = (...how) => Promise.resolve(void slept.push(how));
    await backgroundSleep({ ...clockAt(0), sleep }, 70, signal);
    expect(slept).toEqual([[70, signal]]);
  });
});
