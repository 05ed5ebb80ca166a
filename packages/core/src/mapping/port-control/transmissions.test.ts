import { expect, it } from 'vitest';
import { waitAfter, type Purpose } from './transmissions.ts';

/** The waits after each of so many transmissions. */
function waits(purpose: Purpose, times: number, fraction = 0.5): readonly (number | null)[] {
  const all: (number | null)[] = [];
  for (let sent = 1; sent <= times; sent += 1) all.push(waitAfter(purpose, sent, all.at(-1) ?? 0, fraction));
  return all;
}

it.each([
  ['discovery', 0.5, [250, 500, 1_000, null]],
  ['request', 0.5, [1_000, 2_000, 4_000, 8_000]],
  ['renewal', 0.5, [3_000, 6_000, 12_000, 24_000]],
  ['renewal', 0, [2_700, 4_860, 8_748, 15_746.4]],
  ['renewal', 1, [3_300, 7_260, 15_972, 35_138.4]],
] as const)('%s at %s: waits of %j milliseconds', (purpose, fraction, expected) => {
  const found = waits(purpose, 4, fraction);
  expect(found.map((ms) => (ms === null ? null : Math.round(ms * 10) / 10))).toEqual(expected);
});

it.each(['request', 'renewal'] as const)('%s: no wait is longer than 1024 seconds', (purpose) => {
  expect(waits(purpose, 14).at(-1)).toBeLessThanOrEqual(1_024_000);
  expect(waits(purpose, 14).at(-1)).toBeGreaterThan(900_000);
});

it('a forbidden mapping, which miniupnpd takes up to 2.9 s to refuse, is sent twice until then', () => {
  const [first = 0, second = 0] = waits('request', 2).map(Number);
  expect(first).toBeLessThan(2_500);
  expect(first + second).toBeGreaterThan(2_900);
});
