import { describe, expect, it } from 'vitest';
import { compareUptimes, RebootDetector, type UptimeTrust } from './reboot-detector.ts';

const POLL_MS = 120_000;

/** Whether each of these uptimes, seen two minutes apart, shows a restart. */
function restarts(...uptimes: readonly (number | null)[]): readonly boolean[] {
  const detector = new RebootDetector();
  return uptimes.map((seconds, index) => {
    const at = index * POLL_MS;
    return detector.addUptime(seconds === null ? null : { seconds, askedAt: at, answeredAt: at });
  });
}

describe('two uptimes', () => {
  it.each<readonly [string, number, number, UptimeTrust, 'restarted' | 'counts' | 'inconclusive']>([
    ['that went back', 1000, 999, 'unknown', 'restarted'],
    ['that went back, of a counter that does so at every poll', 1000, 999, 'none', 'inconclusive'],
    ['that count', 1000, 1120, 'unknown', 'counts'],
    ['that count again', 1000, 1120, 'none', 'counts'],
    ['that are equal', 1001, 1001, 'unknown', 'inconclusive'],
    ['that gained half of the time', 1001, 1061, 'unknown', 'inconclusive'],
    ['that gained more than half of the time', 1001, 1062, 'unknown', 'counts'],
    ['that are within the tolerance', 1001, 1116, 'counts', 'counts'],
    ['that are behind by more than the tolerance', 1001, 1115, 'counts', 'restarted'],
    ['that are behind, of a counter that was not seen to count', 1001, 1115, 'unknown', 'counts'],
    ['that are behind, of a counter that has just shown a restart', 1001, 1115, 'none', 'counts'],
    ['in whole minutes, a minute behind', 1020, 1080, 'counts', 'inconclusive'],
    ['in whole minutes, two minutes behind', 1020, 1020, 'counts', 'restarted'],
    ['in steps of ten seconds, a step behind', 1010, 1120, 'counts', 'counts'],
    ['in steps of ten seconds, two steps behind', 1010, 1110, 'counts', 'restarted'],
    ['of which one is a multiple of ten', 1011, 1120, 'counts', 'restarted'],
  ])('%s', (_which, before, now, trust, expected) => {
    const [first, second] = [
      { seconds: before, askedAt: 0, answeredAt: 0 },
      { seconds: now, askedAt: POLL_MS, answeredAt: POLL_MS },
    ];
    expect(compareUptimes(first, second, trust)).toBe(expected);
  });

  it('are compared with the least time between them: answers may be slow', () => {
    const before = { seconds: 1001, askedAt: 0, answeredAt: 8_000 };
    const now = { seconds: 1108, askedAt: 120_000, answeredAt: 128_000 };
    expect(compareUptimes(before, now, 'counts')).toBe('counts');
    expect(compareUptimes(before, { ...now, seconds: 1107 }, 'counts')).toBe('restarted');
  });
});

describe('an uptime', () => {
  it.each<readonly [string, readonly (number | null)[], readonly boolean[]]>([
    ['that counts', [1000, 1120, 1240, 1360], [false, false, false, false]],
    ['that counts in minutes', [1020, 1080, 1260, 1320], [false, false, false, false]],
    ['that never moves', [5, 5, 5, 5], [false, false, false, false]],
    ['that is not reported', [null, null, 7, null], [false, false, false, false]],
    ['that starts again', [1000, 20, 140, 260], [false, true, false, false]],
    ['that has started again a long time after the last poll', [10, 130, 40, 160], [false, false, true, false]],
    ['that is more than it was, and less than it should be', [10, 130, 140, 260], [false, false, true, false]],
    ['that is half a minute less than it should be', [11, 131, 221, 341], [false, false, true, false]],
    ['that stops', [10, 130, 130, 130, 130], [false, false, true, false, false]],
    ['that always runs backwards', [900, 800, 700, 600], [false, true, false, false]],
    ['that starts again twice', [900, 10, 130, 20], [false, true, false, true]],
    ['that starts again after a time without one', [900, null, 10, 130], [false, false, false, false]],
  ])('%s', (_what, uptimes, expected) => {
    expect(restarts(...uptimes)).toEqual(expected);
  });

  it('needs a second sample when it is the first one, and after a restart that was reported', () => {
    const detector = new RebootDetector();
    const needs = [detector.needsSecondSample];
    for (const seconds of [null, 10, 20, 30]) {
      detector.addUptime(seconds === null ? null : { seconds, askedAt: 0, answeredAt: 0 });
      needs.push(detector.needsSecondSample);
    }
    detector.forgetUptime();
    needs.push(detector.needsSecondSample);
    expect(needs).toEqual([false, false, true, false, false, false]);
    expect(detector.addUptime({ seconds: 5, askedAt: 120_000, answeredAt: 120_000 })).toBe(false);
    expect(detector.needsSecondSample).toBe(true);
    detector.forgetUptime();
    expect(detector.needsSecondSample).toBe(false);
  });
});

describe('a BOOTID', () => {
  it('is compared with the last one; an announcement without one changes nothing', () => {
    const detector = new RebootDetector();
    expect([null, 1, 1, null, 1, 2, 2].map((bootId) => detector.addBootId(bootId, false))).toEqual([
      'none',
      'first',
      'same run',
      'none',
      'same run',
      'restart',
      'same run',
    ]);
  });

  it('of an update is the next one, without a restart', () => {
    const detector = new RebootDetector();
    expect([detector.addBootId(1, false), detector.addBootId(2, true), detector.addBootId(2, false)]).toEqual([
      'first',
      'same run',
      'same run',
    ]);
  });
});
