import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { nodeFile } from './file.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'portwright-file-'));
  onTestFinished(() => {
    rmSync(path, { recursive: true });
  });
  return path;
}

it('is null before it was written, and then what was written last', async () => {
  const file = nodeFile(join(folder(), 'memory.json'));
  expect((await file.read())._unsafeUnwrap()).toBeNull();
  expect((await file.write('one')).isOk()).toBe(true);
  expect((await file.write('two')).isOk()).toBe(true);
  expect((await file.read())._unsafeUnwrap()).toBe('two');
});

it('makes the folders that are missing, and leaves nothing beside itself', async () => {
  const home = folder();
  const path = join(home, 'a', 'b', 'memory.json');
  expect((await nodeFile(path).write('text')).isOk()).toBe(true);
  expect(readdirSync(join(home, 'a', 'b'))).toEqual(['memory.json']);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('says why it can’t be written or read', async () => {
  const home = folder();
  writeFileSync(join(home, 'file'), '');
  expect((await nodeFile(join(home, 'file', 'below')).write('')).isErr()).toBe(true);
  expect((await nodeFile(home).read())._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', cause: 'EISDIR' });
});
