/// <reference lib="esnext.disposable" preserve="true" />
import { errAsync, okAsync, ResultAsync, type Result, err, ok } from '../../result.ts';
import type { CallError } from '../../errors.ts';
import type { AbortSignalLike } from '../../ports.ts';
import { EventStream, type OnThrown } from '../internal/event-stream.ts';
import type { KeepError, KeptEvent } from './events.ts';
import type { Lease, MapPortOptions } from '../types.ts';

/** `waiting` for its first success, `mapped`, `lost` for now, or `closed` for good. */
export type KeptPhase = 'waiting' | 'mapped' | 'lost' | 'closed';

/** The keeper of a port, as the port sees it. */
export interface KeptPortOwner {
  /** Deletes the mapping, if it is still this host's. */
  release(mapping: KeptPort): ResultAsync<void, CallError>;
  readonly onThrown: OnThrown;
}

/**
 * A port that a keeper keeps mapped until it is closed: the keeper renews the lease at half its lifetime, restores the
 * mapping after a router restart, and follows this host to another network.
 */
export class KeptPort implements AsyncIterable<KeptEvent>, AsyncDisposable {
  readonly options: MapPortOptions;
  phase: KeptPhase = 'waiting';
  /** Why the port is not mapped. */
  error: KeepError | null = null;
  /** When the next renewal is due, on the transport's clock. */
  dueAt: number;
  /** Failed renewals in a row. */
  failures = 0;
  /** For its keeper: the last granted lease, active or not. */
  lease: Lease | null = null;
  /** For its keeper: why the mapping may be gone: a restart, or a router that drops mappings silently, or a suspend. */
  doubt: 'restart' | 'silent-loss' | null = null;
  /** For its keeper: when the mapping was last read, on the transport's clock. */
  inspectedAt = 0;
  #closing: ResultAsync<void, CallError> | null = null;
  #unhear: (() => void) | null = null;
  readonly #events = new EventStream<KeptEvent>();
  readonly owner: KeptPortOwner;

  /** Made by a keeper. */
  constructor(options: MapPortOptions, owner: KeptPortOwner, now: number) {
    this.options = options;
    this.owner = owner;
    this.dueAt = now;
    const { signal } = options;
    if (signal !== undefined && isHeard(signal)) {
      const abort = (): void => void this[Symbol.asyncDispose]();
      signal.addEventListener('abort', abort);
      this.#unhear = (): void => {
        signal.removeEventListener('abort', abort);
      };
    }
  }

  /** The active lease; null while there is none. */
  get granted(): Lease | null {
    return this.phase === 'mapped' ? this.lease : null;
  }

  /**
   * Adds a listener for its events. A listener that throws stops nothing: see {@link KeeperOptions.onThrown}.
   *
   * @returns a function that removes the listener
   */
  on(listener: (event: KeptEvent) => void): () => void {
    return this.#events.on(listener);
  }

  [Symbol.asyncIterator](): AsyncIterator<KeptEvent, undefined> {
    return this.#events[Symbol.asyncIterator]();
  }

  /** The first lease, or the error of the first try. The keeper goes on trying after an error. */
  settled(): ResultAsync<Lease, KeepError | ClosedError> {
    if (this.granted !== null) return okAsync(this.granted);
    if (this.phase !== 'waiting') return errAsync(this.error ?? CLOSED);
    const first = async (): Promise<Result<Lease, KeepError | ClosedError>> => {
      for await (const event of this) {
        if (event.kind === 'mapped') return ok(event.mapping.granted);
        if (event.kind === 'lost') return err(event.error);
      }
      return err(CLOSED);
    };
    return new ResultAsync(first());
  }

  /** For its keeper. */
  emit(event: KeptEvent): void {
    this.#events.emit(event, this.owner.onThrown);
  }

  /**
   * Stops keeping the port, and deletes its mapping, and others that an unknown outcome may have left. Further calls return
   * the same result.
   *
   * It first waits for a renewal that is under way, for `budgetMs` at most: 20 seconds by default. The deletion takes 5
   * seconds at most, and 0.2 more for each port that is closed before this one.
   *
   * Errors: those of the requests. The port may then stay mapped until its lease ends.
   */
  close(): ResultAsync<void, CallError> {
    if (this.#closing === null) {
      this.phase = 'closed';
      this.#unhear?.();
      this.#events.end();
      this.#closing = this.owner.release(this);
    }
    return this.#closing;
  }

  /** Closes it. A mapping that could not be deleted stays until its lease ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    (await this.close()).unwrapOr(undefined);
  }
}

/** The port was closed before the router granted it. */
export interface ClosedError {
  readonly kind: 'closed';
  readonly code: 'closed';
  readonly message: string;
  readonly hint?: string | undefined;
}

const CLOSED: ClosedError = {
  kind: 'closed',
  code: 'closed',
  message: 'the mapping was closed before the router granted it',
  hint: 'Close it later, or map the port again.',
};

/** Whether a signal has events, so that it need not be polled. */
function isHeard(signal: Pick<AbortSignalLike, 'aborted'>): signal is AbortSignalLike {
  return 'addEventListener' in signal;
}
