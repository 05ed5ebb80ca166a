import { VirtualClock } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { createAbort } from '../abort.ts';
import { err, ok, type Result } from '../result.ts';
import { decideRace, race, type Search, type Standing } from './race.ts';

it.each<readonly [readonly Standing[], 'grace' | 'over', number | 'wait' | 'none']>([
  [['searching', 'searching'], 'grace', 'wait'],
  [['searching', 'searching'], 'over', 'wait'],
  [['found', 'searching'], 'grace', 0],
  [['searching', 'found'], 'grace', 'wait'],
  [['searching', 'found'], 'over', 1],
  [['failed', 'found'], 'grace', 1],
  [['found', 'found'], 'grace', 0],
  [['found', 'found'], 'over', 0],
  [['searching', 'failed', 'found'], 'grace', 'wait'],
  [['failed', 'searching', 'found'], 'grace', 'wait'],
  [['failed', 'failed', 'found'], 'grace', 2],
  [['searching', 'found', 'found'], 'over', 1],
  [['failed', 'searching'], 'over', 'wait'],
  [['failed', 'failed'], 'grace', 'none'],
  [['failed', 'failed'], 'over', 'none'],
  [[], 'grace', 'none'],
])('%j, %s: %s', (standings, grace, expected) => {
  expect(decideRace(standings, grace === 'over')).toBe(expected);
});

describe('a race', () => {
  const clock = new VirtualClock();

  /** It finds its name, or fails, after some time, and notes when it is aborted before that. */
  function search(name: string, ms: number, outcome: 'found' | 'failed', notes: string[]): Search<string, string> {
    return async (signal) => {
      await clock.sleep(ms, signal);
      if (signal.aborted) notes.push(`${name} aborted`);
      return outcome === 'found' && !signal.aborted ? ok(name) : err(name);
    };
  }

  async function run(
    contenders: readonly (readonly [name: string, ms: number, outcome: 'found' | 'failed'])[],
    graceMs = 1_000,
  ): Promise<{ readonly result: Result<string, readonly string[]>; readonly ms: number; readonly notes: string[] }> {
    const notes: string[] = [];
    const started = clock.now();
    const searches = contenders.map(([name, ms, outcome]) => search(name, ms, outcome, notes));
    const result = await race(searches, { clock, graceMs });
    return { result, ms: clock.now() - started, notes };
  }

  it.each([
    [
      'takes the preferred one at once',
      'igd',
      60,
      ['pcp aborted'],
      [
        ['igd', 60, 'found'],
        ['pcp', 900, 'found'],
      ],
    ],
    [
      'waits for the preferred one',
      'igd',
      900,
      [],
      [
        ['igd', 900, 'found'],
        ['pcp', 5, 'found'],
      ],
    ],
    [
      'waits no longer than the grace',
      'pcp',
      1_000,
      ['igd aborted'],
      [
        ['igd', 1_500, 'found'],
        ['pcp', 5, 'found'],
      ],
    ],
    [
      'does not wait for what has failed',
      'pcp',
      300,
      [],
      [
        ['igd', 300, 'failed'],
        ['pcp', 5, 'found'],
      ],
    ],
    [
      'takes the first one after the grace',
      'nat',
      1_200,
      ['igd aborted', 'pcp aborted'],
      [
        ['igd', 1_500, 'found'],
        ['pcp', 1_300, 'found'],
        ['nat', 1_200, 'found'],
      ],
    ],
    [
      'goes on after the grace while nothing is found',
      'igd',
      1_500,
      [],
      [
        ['igd', 1_500, 'found'],
        ['pcp', 20, 'failed'],
      ],
    ],
  ] as const)('%s', async (_what, winner, ms, notes, contenders) => {
    expect(await run(contenders)).toEqual({ result: ok(winner), ms, notes });
  });

  it('has the errors of all in their order where none finds anything', async () => {
    const { result, ms } = await run([
      ['igd', 2_600, 'failed'],
      ['pcp', 1_750, 'failed'],
    ]);
    expect([result, ms]).toEqual([err(['igd', 'pcp']), 2_600]);
  });

  it('without a grace takes what comes first', async () => {
    const { result, ms } = await run(
      [
        ['igd', 60, 'found'],
        ['pcp', 5, 'found'],
      ],
      0,
    );
    expect([result, ms]).toEqual([ok('pcp'), 5]);
  });

  it('without a search finds nothing, at once', async () => {
    expect(await run([])).toEqual({ result: err([]), ms: 0, notes: [] });
  });

  it('ends when its caller aborts, and all searches with it', async () => {
    const notes: string[] = [];
    const ending = createAbort();
    const racing = race([search('igd', 5_000, 'found', notes), search('pcp', 5_000, 'found', notes)], {
      clock,
      graceMs: 1_000,
      signal: ending.signal,
    });
    ending.abort();
    expect(await racing).toEqual(err(['igd', 'pcp']));
    expect(notes).toEqual(['igd aborted', 'pcp aborted']);
  });
});
