import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { linuxStart, livenessOf, macStart, startOf, UNKNOWN_START, type ProcessSource } from './process-start.ts';

describe('livenessOf', () => {
  it.each([
    ['12x9', '12x9', 'running'],
    ['12x9', '13x9', 'ended'],
    ['12x9', '12x8', 'ended'],
    ['12x9', null, 'ended'],
    [UNKNOWN_START, null, 'ended'],
    [UNKNOWN_START, '12x9', 'undecided'],
    ['12x9', UNKNOWN_START, 'undecided'],
    [UNKNOWN_START, UNKNOWN_START, 'undecided'],
  ] as const)('of %s, when the process with its pid has %s, is %s', (recorded, actual, liveness) => {
    expect(livenessOf(recorded, actual)).toBe(liveness);
  });
});

const STAT = (name: string) =>
  `11013 (${name}) R 10966 10966 7090 0 -1 4194304 103 0 0 0 0 0 0 0 20 0 1 0 2829581 3133440 414 0\n`;
const BOOT = '96cc1a54-c5dd-408f-8315-8750dc7558f9\n';

describe('linuxStart', () => {
  it.each(['cat', 'a b', 'a) R 1 (b', ')'])('is the field after the name (%s), with the boot', (name) => {
    expect(linuxStart(STAT(name), BOOT)).toBe('2829581x96cc1a54c5dd408f83158750dc7558f9');
  });

  it.each([
    ['', BOOT],
    ['1 (a) R 1', BOOT],
    [STAT('cat'), '\n'],
  ])('is null where something is missing: %j, %j', (stat, boot) => {
    expect(linuxStart(stat, boot)).toBeNull();
  });
});

it('macStart has letters and digits alone', () => {
  expect(macStart('Sun Nov 29 00:24:37 2026    \n')).toBe('SunNov290024372026');
  expect(macStart('\n')).toBeNull();
});

describe('startOf', () => {
  const source = (changes: Partial<ProcessSource>): ProcessSource => ({
    platform: 'linux',
    exists: () => true,
    read: (path) => Promise.resolve(path.endsWith('boot_id') ? BOOT : STAT('cat')),
    run: () => Promise.reject(new Error('not here')),
    ...changes,
  });

  it('reads /proc on Linux', async () => {
    const paths: string[] = [];
    const read = (path: string): Promise<string> => {
      paths.push(path);
      return source({}).read(path);
    };
    expect(await startOf(11013, source({ read }))).toBe('2829581x96cc1a54c5dd408f83158750dc7558f9');
    expect(paths).toEqual(['/proc/11013/stat', '/proc/sys/kernel/random/boot_id']);
  });

  it('asks ps on macOS', async () => {
    const run = (file: string, args: readonly string[]): Promise<string> =>
      Promise.resolve(
        [file, ...args].join(' ') === '/usr/bin/env LC_ALL=C TZ=UTC /bin/ps -o lstart= -p 77'
          ? 'Sun Nov 29 00:24:37 2026\n'
          : '',
      );
    expect(await startOf(77, source({ platform: 'darwin', run }))).toBe('SunNov290024372026');
  });

  it.each([
    ['elsewhere', { platform: 'win32' }],
    ['where /proc can’t be read', { read: () => Promise.reject(new Error('EACCES')) }],
    ['where ps is missing', { platform: 'darwin' }],
  ] as const)('is unknown %s', async (_where, changes) => {
    expect(await startOf(77, source(changes))).toBe(UNKNOWN_START);
  });

  it('is null for a process that does not exist, or has just ended', async () => {
    expect(await startOf(77, source({ exists: () => false }))).toBeNull();
    let asked = 0;
    const exists = (): boolean => (asked += 1) === 1;
    expect(await startOf(77, source({ exists, read: () => Promise.reject(new Error('ENOENT')) }))).toBeNull();
  });

  it.skipIf(process.platform === 'win32')('is the same each time for a process that runs', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    const start = await startOf(pid);
    expect(start).toMatch(/^[\da-z]+$/i);
    expect(start).not.toBe(UNKNOWN_START);
    expect(await startOf(pid)).toBe(start);
    expect(await startOf(process.pid)).not.toBe(start);
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
    expect(await startOf(pid)).toBeNull();
  });
});
