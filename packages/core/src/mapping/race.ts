/** Searches by several protocols at the same time, and takes the best that is found in time. */
import { err, ok, type Result } from '../result.ts';
import { createAbort } from '../abort.ts';
import type { AbortSignalLike, ClockPort } from '../ports.ts';

/** One way to search. It starts at once, and ends soon after its signal aborts. */
export type Search<Found, Failure> = (signal: AbortSignalLike) => PromiseLike<Result<Found, Failure>>;

export type Standing = 'searching' | 'found' | 'failed';

export interface RaceOptions {
  readonly clock: ClockPort;
  /**
   * Milliseconds from the start for which a preferred search is awaited once another one has found something; Infinity:
   * until it has ended.
   */
  readonly graceMs: number;
  readonly signal?: AbortSignalLike | undefined;
}

/** The key of the grace, beside the indexes of the searches. */
const GRACE = -1;

/**
 * What to do next: take the result of the search at this index, wait for more, or give up. Pure.
 *
 * @param standings - of the searches, the preferred one first
 * @param isGraceOver - whether preferred searches have had the time that they get
 */
export function decideRace(standings: readonly Standing[], isGraceOver: boolean): number | 'wait' | 'none' {
  const first = standings.indexOf('found');
  if (first < 0) return standings.includes('searching') ? 'wait' : 'none';
  return isGraceOver || !standings.slice(0, first).includes('searching') ? first : 'wait';
}

/**
 * Runs all searches at once. The first in the list that finds something wins, if it does so within the grace; after that,
 * the first one to find anything. The others are aborted, and have ended when this resolves.
 *
 * @param searches - the preferred one first
 * @returns the errors of all of them, in their order, if none finds anything
 */
export async function race<Found, Failure>(
  searches: readonly Search<Found, Failure>[],
  { clock, graceMs, signal }: RaceOptions,
): Promise<Result<Found, readonly Failure[]>> {
  const ending = createAbort(signal);
  const results: (Result<Found, Failure> | undefined)[] = searches.map(() => undefined);
  const running = searches.map(async (search, index) => {
    results[index] = await search(ending.signal);
    return index;
  });
  const pending = new Map<number, Promise<number>>(running.entries());
  let isGraceOver = graceMs <= 0;
  if (graceMs > 0 && graceMs < Infinity) {
    pending.set(
      GRACE,
      clock.sleep(graceMs, ending.signal).then(() => {
        isGraceOver = true;
        return GRACE;
      }),
    );
  }
  const standing = (result: Result<Found, Failure> | undefined): Standing =>
    result === undefined ? 'searching' : result.isOk() ? 'found' : 'failed';
  let decision = decideRace(results.map(standing), isGraceOver);
  while (decision === 'wait') {
    pending.delete(await Promise.race(pending.values()));
    decision = decideRace(results.map(standing), isGraceOver);
  }
  ending.abort();
  await Promise.all(running);
  const winner = decision === 'none' ? undefined : results[decision];
  if (winner?.isOk() === true) return ok(winner.value);
  return err(results.flatMap((result) => (result?.isErr() === true ? [result.error] : [])));
}
