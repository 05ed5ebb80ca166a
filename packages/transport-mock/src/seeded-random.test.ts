import { expect, test } from 'vitest';
import { seededRandom } from './seeded-random.ts';

function draw(seed: number | undefined, count: number): readonly number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.fraction());
}

test('the same seed gives the same numbers, another seed others', () => {
  expect(draw(7, 10)).toEqual(draw(7, 10));
  expect(draw(7, 10)).not.toEqual(draw(8, 10));
  expect(draw(undefined, 3)).toEqual(draw(1, 3));
});

test('they are spread over 0 to 1', () => {
  const numbers = draw(1, 10_000);
  const tenths = Array.from({ length: 10 }, (_, tenth) => numbers.filter((n) => Math.floor(n * 10) === tenth).length);
  expect(Math.min(...tenths)).toBeGreaterThan(900);
  expect(Math.max(...tenths)).toBeLessThan(1_100);
});
