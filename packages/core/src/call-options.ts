import type { AbortSignalLike } from './ports.ts';

/** The deadline and the abort signal of a request to a gateway. */
export interface CallOptions {
  /**
   * Milliseconds for the request and its repetitions, from the moment it is this call's turn. Default: 8000, or what the
   * search or the description had, if that was more.
   */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignalLike | undefined;
}
