/** How long a piece of work may go on, and when its caller has had enough. */
import type { CallOptions } from '../client/service-client.ts';
import type { AbortSignalLike, ClockPort } from '../ports.ts';

/** Milliseconds for one request of several. */
const LONGEST_REQUEST_MS = 5_000;

export interface TimeBudget {
  /** For every request of the work: none is sent when the time is over, and none outlasts it. */
  readonly limits: CallOptions;
  isOver(): boolean;
  /** Whether the caller wants no more of it. A request that was sent is heard to its end all the same. */
  isAborted(): boolean;
}

/** Begins now. @param ms - from now on, for all of it */
export function timeBudget(
  clock: ClockPort,
  ms: number,
  signal: Pick<AbortSignalLike, 'aborted'> | undefined,
): TimeBudget {
  const end = clock.now() + ms;
  const isOver = (): boolean => clock.now() >= end;
  return {
    limits: {
      get deadlineMs() {
        return Math.min(end - clock.now(), LONGEST_REQUEST_MS);
      },
      signal: {
        get aborted() {
          return isOver();
        },
        // What is under way ends by its deadline.
        addEventListener: () => undefined,
        removeEventListener: () => undefined,
      },
    },
    isOver,
    isAborted: () => signal?.aborted === true,
  };
}
