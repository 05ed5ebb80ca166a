import { describe, expect, it } from 'vitest';
import {
  afterVerification,
  nextDue,
  nextStep,
  nextVerification,
  NO_VERIFICATION,
  pollInterval,
  reportTime,
  type DueTimes,
  type Verifications,
  type WatchStep,
} from './watch-schedule.ts';

const NEVER: DueTimes = {
  reconnect: Infinity,
  poll: Infinity,
  probe: Infinity,
  verify: Infinity,
  renew: Infinity,
  report: Infinity,
};

describe('the next step', () => {
  it.each<readonly [Partial<DueTimes>, WatchStep | null, number]>([
    [{}, null, Infinity],
    [{ poll: 1000 }, 'poll', 1000],
    [{ poll: 1001 }, null, 1001],
    [{ probe: 1000 }, 'probe', 1000],
    [{ verify: 1000 }, 'verify', 1000],
    [{ renew: 1000 }, 'renew', 1000],
    [{ report: 1000 }, 'report', 1000],
    [{ reconnect: -Infinity }, 'reconnect', -Infinity],
    [{ reconnect: 1000, poll: 0 }, 'reconnect', 0],
    [{ poll: 1000, probe: 0 }, 'poll', 0],
    [{ probe: 1000, verify: 0 }, 'probe', 0],
    [{ verify: 1000, renew: 0 }, 'verify', 0],
    [{ renew: 1000, report: 0 }, 'renew', 0],
    [{ poll: 3000, report: 2000, probe: 4000 }, null, 2000],
  ])('of %j at 1000 is %s, and the first is due at %d', (due, step, at) => {
    expect(nextStep({ ...NEVER, ...due }, 1000)).toBe(step);
    expect(nextDue({ ...NEVER, ...due })).toBe(at);
  });
});

it.each([
  [120_000, { hasEvents: false, needsSecondSample: false }, 120_000],
  [120_000, { hasEvents: true, needsSecondSample: false }, 600_000],
  [120_000, { hasEvents: false, needsSecondSample: true }, 10_000],
  [120_000, { hasEvents: true, needsSecondSample: true }, 10_000],
  [3_000, { hasEvents: false, needsSecondSample: true }, 3_000],
])('polls of %d ms with %j are %d ms apart', (pollMs, circumstances, expected) => {
  expect(pollInterval(pollMs, circumstances)).toBe(expected);
});

it.each([
  [1_000, -Infinity, 1_000],
  [31_000, 1_000, 31_000],
  [30_999, 1_000, 31_000],
])('a restart at %d, after a report at %d, is reported at %d', (now, last, expected) => {
  expect(reportTime(now, last)).toBe(expected);
});

describe('checks for a restart', () => {
  it('may begin at once', () => {
    expect(nextVerification(NO_VERIFICATION)).toBe(-Infinity);
  });

  it.each<readonly [string, Verifications, number, boolean, Verifications]>([
    ['the first one', NO_VERIFICATION, 1_000, false, { lastAt: 1_000, pauseMs: 5_000 }],
    ['a false claim', { lastAt: 0, pauseMs: 5_000 }, 5_000, false, { lastAt: 5_000, pauseMs: 10_000 }],
    ['the next', { lastAt: 5_000, pauseMs: 10_000 }, 15_000, false, { lastAt: 15_000, pauseMs: 20_000 }],
    ['many', { lastAt: 0, pauseMs: 80_000 }, 80_000, false, { lastAt: 80_000, pauseMs: 120_000 }],
    ['more', { lastAt: 0, pauseMs: 120_000 }, 120_000, false, { lastAt: 120_000, pauseMs: 120_000 }],
    ['two quiet minutes', { lastAt: 0, pauseMs: 120_000 }, 120_001, false, { lastAt: 120_001, pauseMs: 5_000 }],
    ['a true one', { lastAt: 0, pauseMs: 80_000 }, 80_000, true, { lastAt: 80_000, pauseMs: 5_000 }],
  ])('after %s', (_what, before, now, isConfirmed, expected) => {
    const after = afterVerification(before, now, isConfirmed);
    expect(after).toEqual(expected);
    expect(nextVerification(after)).toBe(expected.lastAt + expected.pauseMs);
  });
});
