/** What the README shows must work: its programs parse, and those that need no real router run. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
// Inside the workspace, so that the packages' names lead to the packages.
const folder = join(root, 'artifacts', 'readme');

const readme = await readFile(join(root, 'README.md'), 'utf8');
const programs = [...readme.matchAll(/^```js\n(.*?)^```/gms)].map(([, code = '']) => code);

function fileOf(index: number): string {
  return join(folder, `${index}.mjs`);
}

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  await Promise.all(programs.map((code, index) => writeFile(fileOf(index), code)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('README.md', () => {
  it('shows programs', () => {
    expect(programs).toHaveLength(4);
  });

  it.each(programs.map((_code, index) => index))('program %i parses', async (index) => {
    await run(process.execPath, ['--check', fileOf(index)]);
  });

  it.each(programs.map((_code, index) => index))('program %i imports what there is', async (index) => {
    const imports = (programs[index] ?? '').split('\n').filter((line) => line.startsWith('import '));
    expect(imports.length).toBeGreaterThan(0);
    await writeFile(fileOf(index), imports.join('\n'));
    await run(process.execPath, [fileOf(index)]);
  });

  it('the one on a simulated router does what it says', async () => {
    const index = programs.findIndex((code) => code.includes('simulateGateway'));
    const code = (programs[index] ?? '').replaceAll(
      /^(attempts\[0\]\.error\.code|granted\.leaseSeconds);.*$/gm,
      'console.log($1);',
    );
    await writeFile(fileOf(index), code);
    expect((await run(process.execPath, [fileOf(index)])).stdout).toBe('725\n0\n');
  });

  it('names every command', async () => {
    const { stdout } = await run(process.execPath, [join(root, 'packages/portwright/dist/bin.cjs'), '--help']);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) .*? {2}/gm)]
      .map(([, name]) => name)
      .filter((name) => !['help', 'demo'].includes(name ?? ''));
    expect(commands.length).toBeGreaterThan(5);
    for (const name of commands) expect(readme).toMatch(new RegExp(`\`${String(name)}[\` ]`));
  });
});
