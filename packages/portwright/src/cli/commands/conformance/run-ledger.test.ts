import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runLedger } from './run-ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'portwright-ledger-'));
const runs = join(folder, 'conformance');
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function note(pid: number | undefined, run: string): string {
  mkdirSync(runs, { recursive: true });
  const path = join(runs, String(pid));
  writeFileSync(path, `${run}\n`);
  return path;
}

test('a run is entered for as long as it goes on, and is no other one for itself', async () => {
  const ledger = runLedger(folder);
  const leave = await ledger.enter('0badcafe');
  expect(readdirSync(runs)).toEqual([String(process.pid)]);
  // One of that name which has crashed, with the same --seed.
  expect(await ledger.has('0badcafe')).toBe(false);
  await leave();
  expect(readdirSync(runs)).toEqual([]);
});

test('a run of another process goes on until that has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
  const path = note(child.pid, '0badcafe');
  const ledger = runLedger(folder);
  expect(await ledger.has('0badcafe')).toBe(true);
  expect(await ledger.has('0badcaff')).toBe(false);
  // Longer than any run takes: its number may be another program's.
  utimesSync(path, 0, 0);
  expect(await ledger.has('0badcafe')).toBe(false);
  child.kill('SIGKILL');
});

test('a run whose process is dead is none, and is forgotten', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const path = note(pid, '0badcafe');
  expect(await runLedger(folder).has('0badcafe')).toBe(false);
  expect(existsSync(path)).toBe(false);
});

test('a folder that can’t be is no reason not to run', async () => {
  const ledger = runLedger('/dev/null');
  const leave = await ledger.enter('0badcafe');
  expect(await ledger.has('0badcafe')).toBe(false);
  await leave();
});
