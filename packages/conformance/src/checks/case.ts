import type { Err } from '@portwright/core/result';
import type { Bench } from '../bench/bench.ts';
import type { Shortfall } from '../shortfall.ts';

/**
 * How a requirement is checked. `yield*` of a Result goes on with its value, or ends the check with its shortfall; a check
 * that comes to its end has passed. What it makes on the gateway the bench takes back.
 */
export type Case = (bench: Bench) => Steps;

export type Steps = AsyncGenerator<Err<never, Shortfall>, void>;

/** Runs a check. Null: passed. */
export async function perform(check: Case, bench: Bench): Promise<Shortfall | null> {
  const steps = check(bench);
  const { done, value } = await steps.next();
  if (done === true) return null;
  // It ends here, with whatever it has in `finally`.
  await steps.return();
  return value.error;
}
