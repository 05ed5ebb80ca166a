import { describe, expect, it } from 'vitest';
import { EventStream } from './event-stream.ts';

type Reader = AsyncIterator<number, undefined>;

/** A channel needs no timer: what waits for longer than this waits for ever. */
async function soon<T>(promise: Promise<T> | undefined): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => setTimeout(reject, 0, new Error('still waiting')));
  return Promise.race([promise ?? Promise.reject(new Error('nothing to wait for')), late]);
}

async function readAll(reader: Reader): Promise<readonly number[]> {
  const values: number[] = [];
  for (;;) {
    const next = await soon(reader.next());
    if (next.done === true) return values;
    values.push(next.value);
  }
}

function emitAll(channel: EventStream<number>, count: number): void {
  for (let value = 0; value < count; value += 1) channel.emit(value);
}

describe('a reader that does not read', () => {
  it.each([
    [64, 64, 0],
    [65, 64, 1],
    [1_000, 64, 936],
  ])('of %d values has the last %d, from %d on', async (emitted, kept, first) => {
    const channel = new EventStream<number>();
    const reader = channel[Symbol.asyncIterator]();
    emitAll(channel, emitted);
    channel.end();
    expect(await readAll(reader)).toEqual(Array.from({ length: kept }, (_, index) => first + index));
  });

  it('takes nothing from one that reads', async () => {
    const channel = new EventStream<number>();
    const [idle, busy] = [channel[Symbol.asyncIterator](), channel[Symbol.asyncIterator]()];
    const seen: number[] = [];
    for (let value = 0; value < 100; value += 1) {
      channel.emit(value);
      seen.push((await soon(busy.next())).value ?? -1);
    }
    channel.end();
    expect(seen).toHaveLength(100);
    expect((await soon(busy.next())).done).toBe(true);
    expect(await readAll(idle)).toHaveLength(64);
  });
});

describe('a channel', () => {
  it('wakes every read that waits, and ends all of them', async () => {
    const channel = new EventStream<number>();
    const reader = channel[Symbol.asyncIterator]();
    const reads = [reader.next(), reader.next(), reader.next()];
    emitAll(channel, 2);
    channel.end();
    expect((await soon(Promise.all(reads))).map(({ value, done = false }) => [value, done])).toEqual([
      [0, false],
      [1, false],
      [undefined, true],
    ]);
    expect((await soon(channel[Symbol.asyncIterator]().next())).done).toBe(true);
  });

  it('tells the other listeners what one of them has thrown at', () => {
    const channel = new EventStream<number>();
    const [seen, thrown]: [number[], unknown[]] = [[], []];
    const stop = channel.on(() => {
      throw new Error('a mistake');
    });
    channel.on((value) => seen.push(value));
    channel.emit(1, (error) => thrown.push(error));
    stop();
    channel.emit(2, (error) => thrown.push(error));
    expect([seen, thrown]).toEqual([[1, 2], [new Error('a mistake')]]);
  });

  it('forgets a reader that has left, and the listeners at its end', async () => {
    const channel = new EventStream<number>();
    const reader = channel[Symbol.asyncIterator]();
    channel.emit(1);
    expect(await reader.return?.()).toEqual({ done: true, value: undefined });
    channel.emit(2);
    expect(await readAll(reader)).toEqual([1]);
    const seen: number[] = [];
    channel.on((value) => seen.push(value));
    channel.end();
    channel.emit(3);
    expect(seen).toEqual([]);
  });

  it('goes on for the other readers when one has left, and ends them', async () => {
    const channel = new EventStream<number>();
    const readers = [1, 2, 3].map(() => channel[Symbol.asyncIterator]());
    const waiting = readers.map((reader) => reader.next());
    expect(await soon(readers[1]?.return?.())).toEqual({
      done: true,
      value: undefined,
    });
    channel.emit(7);
    channel.end();
    expect(await soon(Promise.all(waiting))).toEqual([
      { done: false, value: 7 },
      { done: true, value: undefined },
      { done: false, value: 7 },
    ]);
    for (const reader of readers) expect(await readAll(reader)).toEqual([]);
  });

  it('may be ended twice, and is read by a listener until that stops', () => {
    const channel = new EventStream<number>();
    const seen: string[] = [];
    const stop = channel.on((value) => seen.push(`first ${value}`));
    channel.on((value) => seen.push(`second ${value}`));
    channel.emit(1);
    stop();
    channel.emit(2);
    channel.end();
    channel.end();
    channel.emit(3);
    expect(seen).toEqual(['first 1', 'second 1', 'second 2']);
  });

  it('can be left once it has ended', async () => {
    const channel = new EventStream<number>();
    const reader = channel[Symbol.asyncIterator]();
    channel.end();
    await soon(reader.return?.());
    const late = channel[Symbol.asyncIterator]();
    await soon(late.return?.());
    channel.emit(1);
    expect([await readAll(reader), await readAll(late)]).toEqual([[], []]);
  });
});

describe('what a listener throws at', () => {
  /** What the runtime tells of as unhandled. */
  async function unhandled(thrown: unknown): Promise<unknown> {
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    const told: unknown[] = [];
    process.on('unhandledRejection', (error) => told.push(error));
    const channel = new EventStream<number>();
    channel.on(() => {
      throw thrown;
    });
    channel.emit(1);
    await new Promise((resolve) => setTimeout(resolve, 0));
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
    return told;
  }

  it('is an unhandled rejection, unless the caller takes it', async () => {
    const mistake = new TypeError('a mistake');
    expect(await unhandled(mistake)).toEqual([mistake]);
    expect(await unhandled('a text')).toEqual([new Error('a text')]);
  });
});
