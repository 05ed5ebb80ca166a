import type { AbortSignalLike } from './ports.ts';

/** The deadline and the abort signal of a request to a gateway. */
export interface CallOptions {
  /** Milliseconds for the request and its repetitions, from the moment it is this call's turn; default 5000. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignalLike | undefined;
}
