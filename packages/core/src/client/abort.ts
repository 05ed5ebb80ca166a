import type { TransportError } from '../errors.ts';
import type { AbortSignalLike } from '../ports.ts';

/** An AbortController in ECMAScript alone. */
export interface Abort {
  readonly signal: AbortSignalLike;
  abort(): void;
  /** Lets go of the parent signal, once the work that this one guards is over. */
  release(): void;
}

/** A signal that can be aborted by itself, and that aborts with its parent. */
export function createAbort(parent?: AbortSignalLike): Abort {
  const listeners = new Set<() => void>();
  let aborted = false;
  const abort = (): void => {
    if (aborted) return;
    aborted = true;
    parent?.removeEventListener('abort', abort);
    for (const listener of [...listeners]) listener();
    listeners.clear();
  };
  if (parent?.aborted === true) aborted = true;
  else parent?.addEventListener('abort', abort);
  const signal: AbortSignalLike = {
    get aborted() {
      return aborted;
    },
    addEventListener: (_type, listener) => {
      listeners.add(listener);
    },
    removeEventListener: (_type, listener) => {
      listeners.delete(listener);
    },
  };
  return { signal, abort, release: () => parent?.removeEventListener('abort', abort) };
}

/** The error of work that its caller aborted. */
export function aborted(what: string): TransportError {
  return { kind: 'transport', code: 'aborted', message: `${what} was aborted` };
}
