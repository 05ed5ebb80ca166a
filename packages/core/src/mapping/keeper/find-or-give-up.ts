/** Runs the caller's `find`, which may throw, or ignore its signal. */
import { err, type Result, type ResultAsync } from '../../result.ts';
import { aborted, createAbort } from '../../abort.ts';
import type { AbortSignalLike, ClockPort } from '../../ports.ts';
import type { FindMapperError } from '../find-mapper.ts';
import type { FoundMapper } from '../port-mapper.ts';
import type { Via } from '../types.ts';
import { thrownError, type KeepError } from './events.ts';

/** @param lastVia - the protocol of a lease that there is; undefined: there is none */
export type Find = (signal: AbortSignalLike, lastVia: Via | undefined) => ResultAsync<FoundMapper, FindMapperError>;

/** Grace period for an aborted search, so that one that ignores its signal cannot block close(). */
const GRACE_MS = 1_000;

/** The mapper that `find` finds. An exception is an error, and a second after the abort it gives up. */
export async function findOrGiveUp(
  find: Find,
  clock: ClockPort,
  signal: AbortSignalLike,
  lastVia?: Via,
): Promise<Result<FoundMapper, KeepError>> {
  const [aborting, done] = [createAbort(signal), createAbort()];
  const givenUp = new Promise<Result<never, KeepError>>((resolve) => {
    aborting.signal.addEventListener('abort', () => {
      void clock.sleep(GRACE_MS, done.signal).then(() => {
        resolve(err(aborted('the search')));
      });
    });
  });
  try {
    return await Promise.race([find(signal, lastVia), givenUp]);
  } catch (error) {
    return err(thrownError(error));
  } finally {
    done.abort();
    aborting.abort();
  }
}
