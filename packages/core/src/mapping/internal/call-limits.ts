import type { CallOptions } from '../../call-options.ts';
import type { AbortSignalLike, ClockPort } from '../../ports.ts';

/** Milliseconds for one request of several, with its repetitions. */
export const LONGEST_REQUEST_MS = 8_000;

/**
 * Milliseconds for some requests to one router: the usual, or more if it has been slow up to now. A router that answers
 * in milliseconds and then falls silent, as at the end of a program, is not waited for any longer.
 *
 * @param requests - answers that it must have time for
 * @param router - its mapper, or its queue
 */
export function timeFor(requests: number, usualMs: number, { answerMs = 0 }: { readonly answerMs?: number }): number {
  return Math.max(usualMs, requests * answerMs);
}

/**
 * For requests that are to end together at a time, or as soon as nobody waits for them any more. They are read when it is
 * a request's turn, and not when it begins to wait for it.
 *
 * @param share - of the time that is left, for each request, so that there is something left for the next
 * @param longestMs - for each request, however much is left
 */
export function limitsUntil(
  end: number,
  clock: ClockPort,
  signal?: AbortSignalLike,
  share = 1,
  longestMs: number = LONGEST_REQUEST_MS,
): CallOptions {
  return {
    get deadlineMs() {
      return Math.min((end - clock.now()) * share, longestMs);
    },
    signal: {
      get aborted() {
        return clock.now() >= end || signal?.aborted === true;
      },
      // What is under way at the end is ended by its deadline.
      addEventListener: (type, listener) => {
        signal?.addEventListener(type, listener);
      },
      removeEventListener: (type, listener) => {
        signal?.removeEventListener(type, listener);
      },
    },
  };
}
