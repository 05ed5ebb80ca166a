import { expect, test } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { type Timer, TimerHeap } from './timer-heap.ts';

function drain(heap: TimerHeap<Timer>): Timer[] {
  const drained: Timer[] = [];
  for (let next = heap.peek(); next !== undefined; next = heap.peek()) {
    heap.remove(next);
    drained.push(next);
  }
  return drained;
}

test('gives timers by their time, and those of one time in the order in which they came', () => {
  const heap = new TimerHeap<Timer>();
  const timers = [30, 10, 20, 10, 30, 10].map((due, sequence) => ({ due, sequence, position: -1 }));
  for (const timer of timers) heap.add(timer);
  expect(drain(heap).map(({ due, sequence }) => [due, sequence])).toEqual([
    [10, 1],
    [10, 3],
    [10, 5],
    [20, 2],
    [30, 0],
    [30, 4],
  ]);
});

test('any timer can be removed, once', () => {
  const random = seededRandom(7);
  const heap = new TimerHeap<Timer>();
  const timers = Array.from({ length: 500 }, (_, sequence) => ({
    due: Math.floor(random.fraction() * 100),
    sequence,
    position: -1,
  }));
  for (const timer of timers) heap.add(timer);
  const removed = timers.filter(() => random.fraction() < 0.5);
  for (const timer of removed) expect(heap.remove(timer)).toBe(true);
  for (const timer of removed) expect(heap.remove(timer)).toBe(false);
  const left = timers.filter((timer) => !removed.includes(timer));
  expect(heap.size).toBe(left.length);
  expect(drain(heap)).toEqual(left.toSorted((a, b) => a.due - b.due || a.sequence - b.sequence));
});
