/** A queue between a socket that pushes and a reader that pulls; what does not fit is dropped, so a flood costs no memory. */
export interface Inbox<T> extends AsyncIterable<T> {
  readonly put: (item: T) => void;
  /** Ends the iteration, after what is already in the queue. */
  readonly end: () => void;
}

/** An empty {@link Inbox} for at most `capacity` unread items. Every iteration draws on the same queue. */
export function createInbox<T>(capacity: number): Inbox<T> {
  const items: T[] = [];
  const readers: ((result: IteratorResult<T, undefined>) => void)[] = [];
  let ended = false;

  const end = (): void => {
    ended = true;
    for (const reader of readers.splice(0)) reader({ done: true, value: undefined });
  };

  // Not an async generator: its return() waits for a next() that is pending, and so for a datagram that may never come.
  const iterator: AsyncIterator<T, undefined> = {
    next: () =>
      new Promise((resolve) => {
        const [item] = items.splice(0, 1);
        if (item !== undefined) resolve({ done: false, value: item });
        else if (ended) resolve({ done: true, value: undefined });
        else readers.push(resolve);
      }),
    return: () => {
      items.length = 0;
      end();
      return Promise.resolve({ done: true, value: undefined });
    },
  };

  return {
    put(item) {
      if (ended) return;
      const reader = readers.shift();
      if (reader !== undefined) reader({ done: false, value: item });
      else if (items.length < capacity) items.push(item);
    },
    end,
    [Symbol.asyncIterator]: () => iterator,
  };
}
