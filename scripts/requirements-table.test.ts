import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generate, page } from './requirements-table.mjs';
import { root } from './workspace.mjs';

test('the table of requirements is what their entries say', async () => {
  const text = readFileSync(join(root, page), 'utf8');
  expect(text, `${page} is out of date: node scripts/requirements-table.mjs`).toBe(await generate());
});
