import { describe, expect, it } from 'vitest';
import { isPcpEpochValid, type EpochReading } from './epoch.ts';

type Seconds = readonly [server: number, client: number];
type Case = readonly [name: string, earlier: Seconds, later: Seconds, isValid: boolean];

/** Seconds by the server's clock, and by this host's. */
const reading = (epochSeconds: number, seconds: number): EpochReading => ({
  epochSeconds,
  atMs: 5000 + seconds * 1000,
});

describe('isPcpEpochValid', () => {
  it.each([
    ['both clocks agree', [1000, 0], [4600, 3600], true],
    ['two messages at once', [1000, 0], [1000, 0], true],
    ['a reordered message, 1 second older', [1000, 0], [999, 0], true],
    ['2 seconds older', [1000, 0], [998, 0], false],
    ['1 second older after 1 second', [1000, 0], [999, 1], true],
    ['1 second older after 2 seconds', [1000, 0], [999, 2], false],
    ['a reboot', [1000, 0], [3, 60], false],
    // Off for an hour: its clock has gone on, but not by an hour, and has not gone back. "Went backwards" misses this.
    ['a router that was off for a while', [1000, 0], [1300, 3600], false],
    ['a reboot long ago', [10, 0], [3000, 7200], false],
    ['a reboot that is as old as the message before', [60, 0], [60, 62], false],
    // 2 seconds and a sixteenth to each side.
    ['a clock that lags by 2 seconds', [1000, 0], [1000, 2], true],
    ['a clock that lags by 2 seconds and a sixteenth', [1000, 0], [1148, 160], true],
    ['a clock that lags by a little more', [1000, 0], [1147, 160], false],
    ['a clock that leads by 2 seconds', [1000, 0], [1002, 0], true],
    ['a clock that leads by 3 seconds', [1000, 0], [1003, 0], false],
    ['a clock that leads by 2 seconds and a sixteenth', [1000, 0], [1160, 148], true],
    ['a clock that leads by a little more', [1000, 0], [1160, 147.9], false],
    ['a slow clock: 6 % in a day', [1000, 0], [1000 + 81_216, 86_400], true],
    ['a clock that is too slow: 7 % in a day', [1000, 0], [1000 + 80_352, 86_400], false],
    ['a fast clock: 6 % in a day', [1000, 0], [1000 + 91_584, 86_400], true],
    ['a clock that is too fast: 7 % in a day', [1000, 0], [1000 + 92_448, 86_400], false],
    ['a host that was suspended: its clock stood still', [1000, 0], [4600, 10], false],
  ] as readonly Case[])('%s', (_name, earlier, later, isValid) => {
    expect(isPcpEpochValid(reading(...earlier), reading(...later))).toBe(isValid);
  });

  it('finds a restart of a simulated server, once, whenever it is asked', () => {
    for (const every of [1, 30, 600, 1800]) {
      for (const downSeconds of [0, 5, 300]) {
        const restartAt = 3601;
        const found: number[] = [];
        let earlier: EpochReading | undefined;
        for (let now = 0; now <= 4 * 3600; now += every) {
          if (now >= restartAt && now < restartAt + downSeconds) continue;
          // It has been up for 2 hours, and counts from 0 after the restart.
          const epoch = now < restartAt ? 7200 + now : now - restartAt - downSeconds;
          const later = reading(epoch, now);
          if (earlier !== undefined && !isPcpEpochValid(earlier, later)) found.push(now);
          earlier = later;
        }
        const first = Math.ceil((restartAt + downSeconds) / every) * every;
        expect(found, `every ${every} s, down for ${downSeconds} s`).toEqual([first]);
      }
    }
  });

  it.each([-0.06, -0.03, 0, 0.03, 0.06])('never suspects a server whose clock is off by %d', (drift) => {
    for (const every of [1, 7, 600, 43_200]) {
      for (let now = 0, earlier = reading(500, 0); now < 40 * every; now += every) {
        const later = reading(500 + Math.floor(now * (1 + drift)), now);
        expect(isPcpEpochValid(earlier, later)).toBe(true);
        earlier = later;
      }
    }
  });
});
