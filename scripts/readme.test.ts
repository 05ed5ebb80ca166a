/** What the README names is there. (Its programs are compiled and run by scripts/packaging.mjs.) */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const readme = await readFile(join(root, 'README.md'), 'utf8');

describe('README.md', () => {
  it('names every command', async () => {
    const bin = join(root, 'packages/portwright/dist/bin.cjs');
    const { stdout } = await promisify(execFile)(process.execPath, [bin, '--help']);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) .*? {2}/gm)]
      .map(([, name]) => name)
      .filter((name) => !['help', 'demo'].includes(name ?? ''));
    expect(commands.length).toBeGreaterThan(5);
    for (const name of commands) expect(readme).toMatch(new RegExp(`\`${String(name)}[\` ]`));
  });
});
