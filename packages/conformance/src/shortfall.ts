import { err, ok, type Result, type ResultAsync } from '@portwright/core/result';
import type { Level } from './checks/requirement.ts';

/** Why a check did not pass. */
export interface Shortfall {
  /**
   * `missed`: the gateway did something else than was asked of it. `not-applicable`: what the check is about isn't there.
   * `inconclusive`: it could not be found out, since what comes before it failed.
   */
  readonly kind: 'missed' | 'not-applicable' | 'inconclusive';
  /** For people, and so is the next: what the gateway should have done, what it did. */
  readonly expected: string;
  readonly actual: string;
  /** How binding that is which was missed, where it is a part with another level than the whole requirement's. */
  readonly level?: Level | undefined;
}

export function missed(expected: string, actual: string, level?: Level): Result<never, Shortfall> {
  return err({ kind: 'missed', expected, actual, level });
}

export function notApplicable(expected: string, actual: string): Result<never, Shortfall> {
  return err({ kind: 'not-applicable', expected, actual });
}

export function inconclusive(expected: string, actual: string): Result<never, Shortfall> {
  return err({ kind: 'inconclusive', expected, actual });
}

/** Holds, or is missed. */
export function expectThat(holds: boolean, expected: string, actual: string): Result<void, Shortfall> {
  return holds ? ok(undefined) : missed(expected, actual);
}

/** What a check only builds on: where it is missed, the check finds out nothing. */
export function given<T>(precondition: ResultAsync<T, Shortfall>): ResultAsync<T, Shortfall> {
  return precondition.mapErr((shortfall) =>
    shortfall.kind === 'missed' ? { ...shortfall, kind: 'inconclusive' } : shortfall,
  );
}
