/** Values that a reader has not fetched yet; of more, the oldest go. */
const MAX_UNREAD = 64;

type Listener<T> = (value: T) => void;

/** Is told what a function of the caller's has thrown, which stops nothing else. */
export type OnThrown = (error: unknown) => void;

/** What throws itself is a mistake that nobody is left to be told of. */
export function withoutThrowing(onThrown: OnThrown): OnThrown {
  return (error) => {
    try {
      onThrown(error);
    } catch (mistake) {
      reject(mistake);
    }
  };
}

const NOBODY: readonly never[] = [];

/** From one that tells to whoever listens, by callback or by iteration. It costs next to nothing until somebody does. */
export class EventStream<T> implements AsyncIterable<T> {
  #listeners: readonly Listener<T>[] = NOBODY;
  /** Null once it is over. */
  #readers: readonly (() => void)[] | null = NOBODY;

  /**
   * Tells all of them, whatever one of them does.
   *
   * @param onThrown - is told what a listener has thrown
   */
  emit(value: T, onThrown: OnThrown = reject): void {
    for (const listener of this.#listeners) {
      try {
        listener(value);
      } catch (error) {
        onThrown(error);
      }
    }
  }

  /** @returns a function that ends the listening */
  on(listener: Listener<T>): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  /** Ends every iteration, after what it has not read yet. */
  end(): void {
    const readers = this.#readers ?? NOBODY;
    this.#readers = null;
    this.#listeners = NOBODY;
    for (const wake of readers) wake();
  }

  /** From now on, until the end. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    const unread: T[] = [];
    let isOver = this.#readers === null;
    /** Whoever asked for the next value before there was one. */
    let asking: readonly (() => void)[] = NOBODY;
    const wake = (): void => {
      const woken = asking;
      asking = NOBODY;
      for (const resolve of woken) resolve();
    };
    const off = this.on((value) => {
      unread.push(value);
      if (unread.length > MAX_UNREAD) unread.shift();
      wake();
    });
    const leave = (): void => {
      isOver = true;
      wake();
    };
    if (this.#readers !== null) this.#readers = [...this.#readers, leave];
    return {
      next: async () => {
        while (unread.length === 0 && !isOver) {
          await new Promise<void>((resolve) => {
            asking = [...asking, resolve];
          });
        }
        return unread.length === 0 ? { done: true, value: undefined } : { done: false, value: unread.shift() as T };
      },
      return: () => {
        off();
        this.#readers = this.#readers?.filter((other) => other !== leave) ?? null;
        leave();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}

/** As a rejection that nobody handles: the runtime tells of it as of any other mistake in a program. */
export function reject(error: unknown): void {
  void Promise.reject(error instanceof Error ? error : new Error(String(error)));
}
