import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generate, page } from './faults-table.mjs';
import { root } from './workspace.mjs';

test('the table of faults is what their declarations say', async () => {
  const text = readFileSync(join(root, page), 'utf8');
  expect(text, `${page} is out of date: node scripts/faults-table.mjs`).toBe(await generate());
});
