/// <reference lib="esnext.disposable" preserve="true" />
import { errAsync, okAsync, ResultAsync, type Result, err, ok } from '../../result.ts';
import type { CallError } from '../../errors.ts';
import type { AbortSignalLike } from '../../ports.ts';
import { EventStream, type OnThrown } from '../internal/event-stream.ts';
import type { KeepError, KeptEvent } from './events.ts';
import type { Lease, MapPortOptions } from '../types.ts';

/** `waiting` for its first success, `mapped`, `lost` for now, or `closed` for good. */
export type KeptPhase = 'waiting' | 'mapped' | 'lost' | 'closed';

/** What a mapping asks of the keeper that looks after it. */
export interface KeptPortOwner {
  /** Deletes it, if it is still there and still its own. */
  release(mapping: KeptPort): ResultAsync<void, CallError>;
  readonly onThrown: OnThrown;
}

/**
 * A mapping that is looked after until it is closed: renewed at half of its lease, made again after a reboot, moved with
 * the network.
 */
export class KeptPort implements AsyncIterable<KeptEvent>, AsyncDisposable {
  readonly options: MapPortOptions;
  phase: KeptPhase = 'waiting';
  /** Why it does not stand. */
  error: KeepError | null = null;
  /** When it has to be looked after next, on the transport's clock. */
  dueAt: number;
  /** Tries in a row that came to nothing. */
  failures = 0;
  /** For its keeper: the last that was granted, be it active or not. */
  lease: Lease | null = null;
  /** For its keeper: why it may be gone: a sign of a restart, or that the router or the time dropped mappings silently. */
  doubt: 'restart' | 'silent-loss' | null = null;
  /** For its keeper: when it was last read, on the transport's clock. */
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

  /** As it stands on the gateway; null while it does not. */
  get granted(): Lease | null {
    return this.phase === 'mapped' ? this.lease : null;
  }

  /**
   * Follows what happens to it. A listener that throws stops nothing: see {@link KeeperOptions.onThrown}.
   *
   * @returns a function that ends that
   */
  on(listener: (event: KeptEvent) => void): () => void {
    return this.#events.on(listener);
  }

  [Symbol.asyncIterator](): AsyncIterator<KeptEvent, undefined> {
    return this.#events[Symbol.asyncIterator]();
  }

  /** The mapping once it stands, or why the first try came to nothing; trying goes on meanwhile. */
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
   * Stops looking after it, and deletes it if it is still its own, and what else may stand of it. May be called again, and
   * is the same then.
   *
   * What is under way for it is waited for, no longer than its `budgetMs`: 20 seconds by default. The rest takes 5 seconds
   * at most, and a fifth of one more for each mapping that is closed before it.
   *
   * Errors: those of the calls. It may still be mapped then, until its lease ends.
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

  /** Closes it; what could not be deleted stays until its lease ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    (await this.close()).unwrapOr(undefined);
  }
}

/** The mapping was closed before the router granted it. */
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

/** A signal that tells, and need not be asked. */
function isHeard(signal: Pick<AbortSignalLike, 'aborted'>): signal is AbortSignalLike {
  return 'addEventListener' in signal;
}
