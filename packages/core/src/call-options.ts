import type { AbortSignalLike } from './ports.ts';

/** How long a request to a gateway may take, and when nobody waits for it any more. */
export interface CallOptions {
  /** Milliseconds for the request and its repetitions, from the moment it is this call's turn; default 5000. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignalLike | undefined;
}
