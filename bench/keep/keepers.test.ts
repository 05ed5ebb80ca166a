import { expect, test } from 'vitest';
import { keep, putEntries, setUp, tearDown } from './keepers.mjs';

test('every mapping stands for a day on its gateway, and none is left behind', async () => {
  const scene = await setUp(2);
  const kept = await keep(scene, 3, 0);
  await scene.clock.advance('24h');
  expect(kept.map(({ phase }) => phase)).toEqual(Array.from({ length: 6 }, () => 'mapped'));
  expect(scene.routers.map((router) => router.mappings().length)).toEqual([3, 3]);
  await tearDown(scene);
  expect(scene.routers.map((router) => router.mappings())).toEqual([[], []]);
});

test('an entry that nobody keeps is the same in the table', async () => {
  const scene = await setUp(1);
  await keep(scene, 1, 0);
  putEntries(scene, 1, 1);
  const [one, other] = scene.routers[0]?.mappings() ?? [];
  expect({ ...other, externalPort: 20_000, internalPort: 20_000 }).toEqual(one);
  await tearDown(scene);
});
