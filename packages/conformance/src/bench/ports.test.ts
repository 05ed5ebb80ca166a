import { expect, test } from 'vitest';
import { seededRandom } from '../run/seeded-random.ts';
import { PortSource } from './ports.ts';

test('ports are high, and none comes twice', () => {
  const ports = new PortSource(seededRandom(1), []);
  const drawn = Array.from({ length: 2_000 }, () => ports.next());
  expect(new Set(drawn).size).toBe(2_000);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(40_000);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(49_151);
});

test('a range keeps clear of what is taken', () => {
  const taken = Array.from({ length: 9_152 }, (_, index) => 40_000 + index).filter(
    (port) => port % 10 !== 1 && port % 10 !== 2,
  );
  const ports = new PortSource(seededRandom(2), taken);
  for (let count = 0; count < 20; count += 1) expect(ports.range(2) % 10).toBe(1);
});

test('the same seed draws the same ports, and another one others', () => {
  const draw = (seed: number): readonly number[] => {
    const ports = new PortSource(seededRandom(seed), []);
    return Array.from({ length: 5 }, () => ports.next());
  };
  expect(draw(3)).toEqual(draw(3));
  expect(draw(3)).not.toEqual(draw(4));
});
