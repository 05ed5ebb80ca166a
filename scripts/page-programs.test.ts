/** The programs that the pages in docs/ show do what they say. (Those of docs/simulator.md are tests, and run as such.) */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
// Inside the workspace, so that the packages' names lead to the packages.
const folder = join(root, 'artifacts', 'page-programs');

beforeAll(() => mkdir(folder, { recursive: true }));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What each page's programs print, in their order. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  'mapping.md': ['reachable at port 7777\n'],
  'conformance.md': ['true 0\n'],
};

describe.each(Object.entries(PAGES))('docs/%s', (page, outputs) => {
  it('shows programs that print what is expected', async () => {
    const text = await readFile(join(root, 'docs', page), 'utf8');
    const programs = [...text.matchAll(/^```js\n(.*?)^```/gms)].map(([, code = '']) => code);
    expect(programs).toHaveLength(outputs.length);
    for (const [index, program] of programs.entries()) {
      const file = join(folder, `${page}-${index}.mjs`);
      await writeFile(file, program);
      expect((await promisify(execFile)(process.execPath, [file])).stdout).toBe(outputs[index]);
    }
  });
});
