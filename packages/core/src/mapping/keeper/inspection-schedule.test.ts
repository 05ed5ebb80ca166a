import { describe, expect, it } from 'vitest';
import { dueForInspection } from './inspection-schedule.ts';

/** Mappings by the times at which they were last read. */
const readAt = (...times: readonly number[]) => times.map((inspectedAt) => ({ inspectedAt }));

describe('what is read at an inspection', () => {
  it.each([
    [0, 0],
    [1, 1],
    [4, 1],
    [5, 1],
    [6, 2],
    [10, 2],
    [10_000, 2_000],
  ])('of %i mappings: %i', (count, expected) => {
    expect(dueForInspection(readAt(...Array.from({ length: count }, () => 0)))).toHaveLength(expected);
  });

  it('is what was not read for the longest time', () => {
    expect(dueForInspection(readAt(50, 10, 40, 20, 30, 60))).toEqual(readAt(10, 20));
  });

  it('covers every mapping within five inspections', () => {
    const mappings = Array.from({ length: 13 }, (_, id) => ({ id, inspectedAt: 0 }));
    for (let inspection = 1; inspection <= 5; inspection += 1) {
      for (const one of dueForInspection(mappings)) one.inspectedAt = inspection;
    }
    expect(mappings.filter(({ inspectedAt }) => inspectedAt === 0)).toEqual([]);
  });
});
