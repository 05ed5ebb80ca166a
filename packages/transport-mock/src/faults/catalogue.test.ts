import { expect, test } from 'vitest';
import { FAULTS } from './catalogue.ts';

test('every row of the fault model, 1 to 65, has a fault', () => {
  const rows = new Set(Object.values(FAULTS).map(({ row }) => row));
  expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 65 }, (_row, at) => at + 1));
});

test('names are in kebab-case, and each has a description that is a part of a sentence', () => {
  for (const [name, { what, remedy }] of Object.entries(FAULTS)) {
    expect(name).toMatch(/^[a-z\d]+(?:[-.][a-z\d]+)*$/);
    expect(what, name).toMatch(/[^.|]$/);
    expect(remedy, name).toMatch(/[^.|]$/);
  }
});
