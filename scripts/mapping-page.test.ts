/** The program that docs/mapping.md shows does what it says. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
// Inside the workspace, so that the packages' names lead to the packages.
const folder = join(root, 'artifacts', 'mapping-page');

afterAll(() => rm(folder, { recursive: true, force: true }));

it('docs/mapping.md shows one program, and it maps a port', async () => {
  const page = await readFile(join(root, 'docs/mapping.md'), 'utf8');
  const programs = [...page.matchAll(/^```js\n(.*?)^```/gms)].map(([, code = '']) => code);
  expect(programs).toHaveLength(1);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'program.mjs'), programs[0] ?? '');
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'program.mjs')]);
  expect(stdout).toBe('reachable at port 7777\n');
});
