import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERATORS } from './generate.mjs';
import { root } from './workspace.mjs';

test.each(Object.entries(GENERATORS))('what is written of %s is what the declarations say', async (_name, generate) => {
  for (const { path, text } of await generate()) {
    expect(readFileSync(join(root, path), 'utf8'), `${path} is out of date: pnpm fix`).toBe(text);
  }
});
