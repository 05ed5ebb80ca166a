import { expect, it } from 'vitest';
import { createInbox } from './inbox.ts';

async function rest<T>(inbox: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of inbox) items.push(item);
  return items;
}

it('gives what was put in, in order', async () => {
  const inbox = createInbox<string>(10);
  inbox.put('a');
  inbox.put('b');
  inbox.end();
  expect(await rest(inbox)).toEqual(['a', 'b']);
});

it('serves readers that came first', async () => {
  const inbox = createInbox<string>(10);
  const iterator = inbox[Symbol.asyncIterator]();
  const reads = [iterator.next(), iterator.next(), iterator.next()];
  inbox.put('a');
  inbox.put('b');
  inbox.end();
  expect(await Promise.all(reads)).toEqual([
    { done: false, value: 'a' },
    { done: false, value: 'b' },
    { done: true, value: undefined },
  ]);
});

it('keeps no more than its capacity, and drops the newest', async () => {
  const inbox = createInbox<number>(3);
  for (let i = 0; i < 1000; i += 1) inbox.put(i);
  inbox.end();
  expect(await rest(inbox)).toEqual([0, 1, 2]);
});

it('has room again once something was read', async () => {
  const inbox = createInbox<number>(1);
  inbox.put(1);
  inbox.put(2);
  expect(await inbox[Symbol.asyncIterator]().next()).toEqual({ done: false, value: 1 });
  inbox.put(3);
  inbox.end();
  expect(await rest(inbox)).toEqual([3]);
});

it('is over once ended, or left', async () => {
  const ended = createInbox<number>(3);
  ended.end();
  ended.put(1);
  ended.end();
  expect(await rest(ended)).toEqual([]);

  const left = createInbox<number>(3);
  left.put(1);
  left.put(2);
  for await (const item of left) {
    expect(item).toBe(1);
    break;
  }
  left.put(3);
  expect(await rest(left)).toEqual([]);
});

it('can be left while a read is pending', async () => {
  const iterator = createInbox<number>(3)[Symbol.asyncIterator]();
  const pending = iterator.next();
  await iterator.return?.();
  expect(await pending).toEqual({ done: true, value: undefined });
});
