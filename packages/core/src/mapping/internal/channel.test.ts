import { describe, expect, it } from 'vitest';
import { Channel } from './channel.ts';

async function readAll(reader: AsyncIterator<number, undefined>): Promise<readonly number[]> {
  const values: number[] = [];
  for (;;) {
    const next = await reader.next();
    if (next.done === true) return values;
    values.push(next.value);
  }
}

function emitAll(channel: Channel<number>, count: number): void {
  for (let value = 0; value < count; value += 1) channel.emit(value);
}

describe('a reader that does not read', () => {
  it.each([
    [64, 64, 0],
    [65, 64, 1],
    [1_000, 64, 936],
  ])('of %d values has the last %d, from %d on', async (emitted, kept, first) => {
    const channel = new Channel<number>();
    const reader = channel[Symbol.asyncIterator]();
    emitAll(channel, emitted);
    channel.end();
    expect(await readAll(reader)).toEqual(Array.from({ length: kept }, (_, index) => first + index));
  });

  it('takes nothing from one that reads', async () => {
    const channel = new Channel<number>();
    const [idle, busy] = [channel[Symbol.asyncIterator](), channel[Symbol.asyncIterator]()];
    const seen: number[] = [];
    for (let value = 0; value < 100; value += 1) {
      channel.emit(value);
      seen.push((await busy.next()).value ?? -1);
    }
    channel.end();
    expect(seen).toHaveLength(100);
    expect((await busy.next()).done).toBe(true);
    expect(await readAll(idle)).toHaveLength(64);
  });
});

describe('a channel', () => {
  it('wakes every read that waits, and ends all of them', async () => {
    const channel = new Channel<number>();
    const reader = channel[Symbol.asyncIterator]();
    const reads = [reader.next(), reader.next(), reader.next()];
    emitAll(channel, 2);
    channel.end();
    expect((await Promise.all(reads)).map(({ value, done = false }) => [value, done])).toEqual([
      [0, false],
      [1, false],
      [undefined, true],
    ]);
    expect((await channel[Symbol.asyncIterator]().next()).done).toBe(true);
  });

  it('tells the other listeners what one of them has thrown at', () => {
    const channel = new Channel<number>();
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
    const channel = new Channel<number>();
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
});
