import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generate } from './personas.mjs';
import { root } from './workspace.mjs';

test('the list of personas and the page about them are what their files say', async () => {
  for (const { path, text } of await generate()) {
    expect(readFileSync(join(root, path), 'utf8'), `${path} is out of date: node scripts/personas.mjs`).toBe(text);
  }
});
