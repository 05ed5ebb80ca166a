import type { AbortSignalLike } from '@portwright/core';

/** Resolves when the signal is aborted, or at once if it is already. */
export function untilAborted(signal: AbortSignalLike): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', resolve);
  });
}
