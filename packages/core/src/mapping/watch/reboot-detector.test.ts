import { describe, expect, it } from 'vitest';
import { RestartSigns } from './reboot-detector.ts';

/** What uptimes, seen two minutes apart, come to. */
function restarts(...uptimes: readonly (number | null)[]): readonly boolean[] {
  const signs = new RestartSigns();
  return uptimes.map((seconds, at) => signs.sawUptime(seconds, at * 120_000));
}

describe('the uptime', () => {
  it.each<readonly [string, readonly (number | null)[], readonly boolean[]]>([
    ['that runs', [1000, 1120, 1240, 1360], [false, false, false, false]],
    ['that counts in minutes', [1020, 1080, 1260, 1320], [false, false, false, false]],
    ['that never moves', [5, 5, 5, 5], [false, false, false, false]],
    ['that is not told', [null, null, 7, null], [false, false, false, false]],
    ['that begins anew', [1000, 20, 140, 260], [false, true, false, false]],
    ['that has begun anew a long time after a start', [10, 130, 40, 160], [false, false, true, false]],
    ['that is more than it was, and less than it should be', [10, 130, 140, 260], [false, false, true, false]],
    ['that stops', [10, 130, 130, 130, 130], [false, false, true, false, false]],
    ['that always runs backwards', [900, 800, 700, 600], [false, true, false, false]],
    ['that begins anew twice', [900, 10, 130, 20], [false, true, false, true]],
  ])('%s', (_what, uptimes, expected) => {
    expect(restarts(...uptimes)).toEqual(expected);
  });
});

describe('BOOTID', () => {
  it('is first seen, then compared; one that is not told changes nothing', () => {
    const signs = new RestartSigns();
    expect([null, 1, 1, null, 1, 2, 2].map((bootId) => signs.sawBootId(bootId, false))).toEqual([
      'nothing',
      'first',
      'same run',
      'nothing',
      'same run',
      'restart',
      'same run',
    ]);
  });

  it('of an update is the next one, without a start', () => {
    const signs = new RestartSigns();
    expect([signs.sawBootId(1, false), signs.sawBootId(2, true), signs.sawBootId(2, false)]).toEqual([
      'first',
      'same run',
      'same run',
    ]);
  });
});

it('shows nothing twice: what was known of the run before is forgotten', () => {
  const signs = new RestartSigns();
  signs.sawUptime(1000, 0);
  signs.sawBootId(1, false);
  signs.forget('event');
  expect([signs.sawUptime(5, 120_000), signs.sawBootId(2, false)]).toEqual([false, 'first']);
});
