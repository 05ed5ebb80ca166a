import { cp, mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { missing } from './release.mjs';

const root = join(import.meta.dirname, '..');

/** The repository's files that a release looks at, with all that its owner has to give. */
async function readyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'portwright-release-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, '.changeset'));
  await writeFile(join(folder, 'SECURITY.md'), 'Write to security@example.org.\n');
  for (const name of await readdir(join(root, 'packages'))) {
    const home = join(folder, 'packages', name);
    await mkdir(home, { recursive: true });
    const manifest = JSON.parse(await readFile(join(root, 'packages', name, 'package.json'), 'utf8')) as object;
    const given = { version: '1.2.3', repository: 'r', homepage: 'h', bugs: 'b' };
    await writeFile(join(home, 'package.json'), JSON.stringify({ ...manifest, ...given }));
    await writeFile(join(home, 'CHANGELOG.md'), '# Changelog\n\n## 1.2.3\n');
  }
  return folder;
}

it('lets a release pass that has everything', async () => {
  expect(missing(await readyFolder())).toEqual([]);
});

it.each(['repository', 'homepage', 'bugs'])('names each package without "%s"', async (field) => {
  const folder = await readyFolder();
  const file = join(folder, 'packages/core/package.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace(`"${field}"`, '"other"'));
  expect(missing(folder)).toEqual([`packages/core/package.json has no "${field}".`]);
});

it('refuses without a contact for security', async () => {
  const folder = await readyFolder();
  await cp(join(root, 'SECURITY.md'), join(folder, 'SECURITY.md'));
  expect(missing(folder)).toEqual(['SECURITY.md names no contact.']);
});

it('refuses a changelog that is behind, and changes without a version', async () => {
  const folder = await readyFolder();
  await writeFile(join(folder, 'packages/core/CHANGELOG.md'), '# Changelog\n\n## 1.2.2\n');
  await writeFile(join(folder, '.changeset/brave-cats.md'), '');
  expect(missing(folder)).toEqual([
    'packages/core/CHANGELOG.md does not begin with "## 1.2.3".',
    'Changes are not in a version yet: brave-cats.md.',
  ]);
});
