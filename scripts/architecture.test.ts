/** docs/ARCHITECTURE.md names files that exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './workspace.mjs';

const page = readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8');
const named = [...new Set([...page.matchAll(/`([\w./-]+\.(?:ts|mjs))`/g)].map(([, path]) => String(path)))];

/** With `/` before each. */
const files = [
  ...readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'src')),
  ...['scripts', 'lab', 'examples'],
].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
    (file) => `/${join(folder, file).replaceAll('\\', '/')}`,
  ),
);

test('there are many', () => {
  expect(named.length).toBeGreaterThan(50);
});

test.each(named)('%s', (path) => {
  expect(files.filter((file) => file.endsWith(`/${path}`))).not.toEqual([]);
});
