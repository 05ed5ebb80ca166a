import type { CallOptions } from '../client/service-client.ts';
import type { AbortSignalLike, ClockPort } from '../ports.ts';

/** Milliseconds for one request of several. */
const LONGEST_REQUEST_MS = 5_000;

/** For requests that are to end together at a time, or as soon as nobody waits for them any more. */
export function limitsUntil(end: number, clock: ClockPort, signal?: AbortSignalLike): CallOptions {
  return {
    get deadlineMs() {
      return Math.min(end - clock.now(), LONGEST_REQUEST_MS);
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
