/** `map --keep` from its start: a try that fails for now is followed by another. */
import { ok, type Result } from '@portwright/core/result';
import type { Problem } from '../../errors/problem.ts';
import type { Outcome } from '../../output/outcome.ts';
import type { MapRun } from './map-run.ts';
import { longestSearch } from './request.ts';
import type { Retries } from './retries.ts';

/** The outcome of the first try. Its `afterwards` leads to further tries. */
export async function keepTrying(run: MapRun): Promise<Result<Outcome, Problem>> {
  const startedAt = run.transport.clock.now();
  let retries: Retries | null = null;

  async function afterFailure(problem: Problem): Promise<Outcome> {
    const { Retries } = await import('./retries.ts');
    retries ??= new Retries(run, startedAt);
    return retries.after(problem, tryOnce);
  }

  async function tryOnce(timeoutMs: number | undefined): Promise<Outcome> {
    return (await run.try(longestSearch(timeoutMs))).match(watched, (problem) => ({
      json: {},
      text: () => '',
      afterwards: () => afterFailure(problem),
    }));
  }

  /** The same outcome, with another try in the place of its problem. */
  function watched({ problem, afterwards, follow, ...shown }: Outcome): Outcome {
    if (problem !== undefined) return { ...shown, afterwards: () => afterFailure(problem) };
    return {
      ...shown,
      afterwards: afterwards && (async () => watched(await afterwards())),
      follow:
        follow &&
        (async (show, notify) => {
          await retries?.close();
          const ended = await follow(show, notify);
          return retries === null ? ended : retries.release(ended);
        }),
    };
  }

  return ok(await tryOnce(run.request.timeoutMs));
}
