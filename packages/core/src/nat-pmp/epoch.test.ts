import { describe, expect, it } from 'vitest';
import type { EpochReading } from '../pcp/epoch.ts';
import { isNatPmpEpochValid } from './epoch.ts';

type Seconds = readonly [server: number, client: number];
type Case = readonly [name: string, earlier: Seconds, later: Seconds, isValid: boolean];

/** Seconds by the gateway's clock, and by this host's. */
const reading = (epochSeconds: number, seconds: number): EpochReading => ({
  epochSeconds,
  atMs: 5000 + seconds * 1000,
});

describe('isNatPmpEpochValid', () => {
  it.each([
    ['both clocks agree', [1000, 0], [4600, 3600], true],
    ['two messages at once', [1000, 0], [1000, 0], true],
    ['a reordered message, 2 seconds older', [1000, 0], [998, 0], true],
    ['3 seconds older', [1000, 0], [997, 0], false],
    ['a reboot', [1000, 0], [3, 60], false],
    ['a router that was off for a while', [1000, 0], [1300, 3600], false],
    ['a clock that lags by 2 seconds and an eighth', [1000, 0], [1138, 160], true],
    ['a clock that lags by a little more', [1000, 0], [1137, 160], false],
    ['a slow clock: 12 % in a day', [1000, 0], [1000 + 76_032, 86_400], true],
    ['a clock that is too slow: 13 % in a day', [1000, 0], [1000 + 75_168, 86_400], false],
    ['a fast clock, however fast', [1000, 0], [1_000_000, 60], true],
    ['a host that was suspended: its clock stood still', [1000, 0], [4600, 10], true],
  ] as readonly Case[])('%s', (_name, earlier, later, isValid) => {
    expect(isNatPmpEpochValid(reading(...earlier), reading(...later))).toBe(isValid);
  });

  it.each([
    [30, 0],
    [600, 5],
    [1800, 300],
  ])('finds a restart of a simulated gateway that is asked every %i s and is down for %i s', (every, downSeconds) => {
    const restartAt = 3601;
    const found: number[] = [];
    let earlier = reading(7200, 0);
    for (let now = every; now <= 4 * 3600; now += every) {
      if (now >= restartAt && now < restartAt + downSeconds) continue;
      const later = reading(now < restartAt ? 7200 + now : now - restartAt - downSeconds, now);
      if (!isNatPmpEpochValid(earlier, later)) found.push(now);
      earlier = later;
    }
    expect(found).toEqual([Math.ceil((restartAt + downSeconds) / every) * every]);
  });

  it.each([-0.12, 0, 0.12])('never suspects a gateway whose clock is off by %d', (drift) => {
    for (const every of [1, 7, 600, 43_200]) {
      for (let now = 0, earlier = reading(500, 0); now < 40 * every; now += every) {
        const later = reading(500 + Math.floor(now * (1 + drift)), now);
        expect(isNatPmpEpochValid(earlier, later)).toBe(true);
        earlier = later;
      }
    }
  });
});
