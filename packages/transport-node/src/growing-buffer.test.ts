import { expect, it } from 'vitest';
import { GrowingBuffer } from './growing-buffer.ts';

const MAX = 1 << 16;

it('holds at most twice what has come, in however many pieces', () => {
  const buffer = new GrowingBuffer(MAX);
  const piece = Uint8Array.of(120);
  const isBounded = (length: number): boolean => buffer.append(piece) && buffer.capacity <= Math.max(2 * length, 4096);
  for (let length = 1; length <= MAX; length += 1) if (!isBounded(length)) expect.fail(`after ${length} bytes`);
  expect(buffer.capacity).toBe(MAX);
  expect(Buffer.from(buffer.toBytes()).toString()).toBe('x'.repeat(MAX));
});

it('takes no more than its maximum', () => {
  const buffer = new GrowingBuffer(5);
  expect([buffer.append(Uint8Array.of(1, 2, 3)), buffer.append(Uint8Array.of(4, 5, 6))]).toEqual([true, false]);
  expect([buffer.append(Uint8Array.of(7, 8)), buffer.append(Uint8Array.of(9))]).toEqual([true, false]);
  expect([buffer.toBytes(), buffer.toBytes(2), buffer.toBytes(9)]).toEqual([
    Uint8Array.of(1, 2, 3, 7, 8),
    Uint8Array.of(1, 2),
    Uint8Array.of(1, 2, 3, 7, 8),
  ]);
  expect(buffer.capacity).toBe(5);
});

it('holds nothing before the first byte, and gives an array of its own', () => {
  const buffer = new GrowingBuffer(10);
  expect([buffer.capacity, buffer.toBytes()]).toEqual([0, new Uint8Array()]);
  const piece = Uint8Array.of(1);
  buffer.append(piece);
  const first = buffer.toBytes();
  piece[0] = 2;
  first[0] = 3;
  expect(buffer.toBytes()).toEqual(Uint8Array.of(1));
});
