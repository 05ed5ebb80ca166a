import type { TransportError } from './errors.ts';
import type { AbortSignalLike } from './ports.ts';

/** An AbortController in ECMAScript alone. */
export interface Abort {
  readonly signal: AbortSignalLike;
  /** To be called in the end in any case: it lets go of the parent signal. */
  abort(): void;
}

/** A signal that can be aborted by itself, and that aborts with its parent. */
export function createAbort(parent?: AbortSignalLike): Abort {
  const listeners = new Set<() => void>();
  const signal = {
    aborted: parent?.aborted ?? false,
    addEventListener: (_type: string, listener: () => void): void => {
      listeners.add(listener);
    },
    removeEventListener: (_type: string, listener: () => void): void => {
      listeners.delete(listener);
    },
  };
  const abort = (): void => {
    parent?.removeEventListener('abort', abort);
    signal.aborted = true;
    for (const listener of listeners) {
      listeners.delete(listener);
      listener();
    }
  };
  parent?.addEventListener('abort', abort);
  return { signal, abort };
}

/** The error of work that its caller aborted. */
export function aborted(what: string): TransportError {
  return { kind: 'transport', code: 'aborted', message: `${what} was aborted` };
}
