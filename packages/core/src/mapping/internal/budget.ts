/** How long a piece of work may go on, and when its caller has had enough. */
import type { CallOptions } from '../../call-options.ts';
import type { AbortSignalLike, ClockPort } from '../../ports.ts';
import { limitsUntil, LONGEST_REQUEST_MS } from './call-limits.ts';

/** Of the whole, and milliseconds at most: kept back for what has to be settled when the rest is used up. */
const RESERVE = 0.2;
const LARGEST_RESERVE_MS = 4_000;

/** Milliseconds for mapping a port. */
export const DEFAULT_BUDGET_MS = 20_000;

/**
 * How much of the whole one request and its repetitions may take, where 8 s are less: who gives more time has a slow router.
 * There are three requests in a mapping that nothing delays, and one more where an answer is lost.
 */
const REQUEST_SHARE = 0.2;

/** Milliseconds for mapping a port on a router that needs up to `timeoutMs` for each answer. */
export function budgetFor(timeoutMs = 0): number {
  return Math.max(DEFAULT_BUDGET_MS, timeoutMs / REQUEST_SHARE);
}

export interface TimeBudget {
  /** For every request that is a step forward: none is sent when the time for those is over, and none outlasts it. */
  readonly limits: CallOptions;
  /**
   * For finding out what became of a request that was sent, and for taking back what is not wanted any more. The last
   * fifth of the budget, 4 s at most, is kept for that; each such request may take half of what is left, so that there
   * is something left for the next.
   */
  readonly settling: CallOptions;
  /** Whether there is no time for a further step. */
  isOver(): boolean;
  /** Whether the caller wants no more of it. A request that was sent is heard to its end all the same. */
  isAborted(): boolean;
}

/** Begins now. @param ms - from now on, for all of it */
export function timeBudget(clock: ClockPort, ms: number, signal?: Pick<AbortSignalLike, 'aborted'>): TimeBudget {
  const end = clock.now() + ms;
  const lastStep = end - Math.min(ms * RESERVE, LARGEST_RESERVE_MS);
  const longestMs = Math.max(LONGEST_REQUEST_MS, ms * REQUEST_SHARE);
  return {
    limits: limitsUntil(lastStep, clock, undefined, 1, longestMs),
    settling: limitsUntil(end, clock, undefined, 0.5, longestMs),
    isOver: () => clock.now() >= lastStep,
    isAborted: () => signal?.aborted === true,
  };
}
