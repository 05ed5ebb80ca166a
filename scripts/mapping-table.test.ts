import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generate, page } from './mapping-table.mjs';
import { root } from './workspace.mjs';

test('the tables of routers and faults are what the tests of keeping a port say', async () => {
  const text = readFileSync(join(root, page), 'utf8');
  expect(text, `${page} is out of date: node scripts/mapping-table.mjs`).toBe(await generate());
});
