/** How the steps that are due are carried out. The build is a stand-in, and so is npm. */
import { chmodSync, existsSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { delimiter } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { begin, signalAll, type Ended, type Run } from './first-contact/clone.ts';
import { smallWorkspace, type SmallWorkspace } from './small-workspace.test-support.ts';

const LOCK = 'artifacts/state/lock';
const BIN = 'packages/portwright/dist/bin.cjs';

const BUILD = `
import { mkdirSync, writeFileSync } from 'node:fs';
import { begin, commandLine, root } from './stamps.mjs';
const end = begin(commandLine);
mkdirSync(root + 'packages/portwright/dist', { recursive: true });
writeFileSync(root + '${BIN}', '');
end({ isOk: true });
`;

/** What npm does when it is asked for the registry, and as pnpm's install. */
const ANSWERS = '';
const UNREACHABLE = `
console.log(JSON.stringify({ error: { code: 'ECONNREFUSED', summary: 'connection refused' } }, null, 2));
process.exit(1);
`;
/** npm ends by itself after 8 s, as a rule. */
const HANGS = 'setInterval(() => {}, 1000);';
const NOT_FOUND = `
console.log(JSON.stringify({ error: { code: 'E404', summary: 'Not Found - GET /-/ping' } }, null, 2));
process.exit(1);
`;
const INSTALLS = `
mkdirSync('node_modules/.pnpm', { recursive: true });
for (const file of ['.modules.yaml', '.pnpm/lock.yaml']) writeFileSync('node_modules/' + file, '');
`;
const FAILS = `
console.log('ERR_PNPM_OUTDATED_LOCKFILE');
process.exit(3);
`;

interface Prepared extends SmallWorkspace {
  /** Begins to carry out the installation and the build of the command line. */
  readonly start: () => Run;
  readonly run: () => Promise<Ended>;
  /** What npm was called with. */
  readonly calls: () => readonly (readonly string[])[];
}

function workspace({ ping = ANSWERS, install = INSTALLS, build = BUILD } = {}): Prepared {
  const small = smallWorkspace({
    'package.json': JSON.stringify({ engines: { node: '>=20.19' }, packageManager: 'pnpm@1.2.3' }),
    'packages/portwright/package.json': '{}',
    'packages/portwright/src/bin.ts': '',
    'scripts/build.mjs': build,
    'scripts/go.mjs': `
      import { prepare } from './prepare.mjs';
      import { commandLine, install } from './stamps.mjs';
      process.exitCode = await prepare(install, commandLine);`,
    'bin/npm': `#!/usr/bin/env node
      const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
      appendFileSync('calls', JSON.stringify(process.argv.slice(2)) + '\\n');
      if (process.argv[2] === 'ping') {${ping}} else {${install}}`,
  });
  chmodSync(small.path('bin/npm'), 0o755);
  const start = (): Run => {
    const begun = begin(process.execPath, [small.path('scripts/go.mjs')], small.root, {
      PATH: [small.path('bin'), process.env['PATH']].join(delimiter),
    });
    // A failed test must leave no process behind.
    onTestFinished(() => {
      if (begun.child.exitCode === null && begun.child.signalCode === null) signalAll(begun, 'SIGKILL');
    });
    return begun;
  };
  return {
    ...small,
    start,
    run: () => start().ended,
    calls: () =>
      readFileSync(small.path('calls'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as readonly string[]),
  };
}

/** Ends when a condition holds. It fails when the command ends before. */
async function until(holds: () => boolean, { ended }: Run): Promise<void> {
  let result: Ended | undefined;
  void ended.then((value) => (result = value));
  while (!holds()) {
    if (result !== undefined) expect.fail(`ended too early: ${JSON.stringify(result)}`);
    await sleep(20);
  }
}

/** The lines on standard error, without those that only show the time. */
function lines({ stderr }: Ended): readonly string[] {
  return stderr.split('\n').filter((line) => line !== '' && !/ \.\.\. \d+ s$/.test(line));
}

const INSTALLED = [
  'Installing the dependencies ...',
  expect.stringMatching(/^Installed the dependencies in \d+\.\d s\.$/) as string,
];
const BUILT = [
  'Building the command line ...',
  expect.stringMatching(/^Built the command line in \d+\.\d s\.$/) as string,
];

describe('the steps', () => {
  it('are carried out in their order, and not again', async () => {
    const { run, path, touch } = workspace();
    const first = await run();
    expect(lines(first)).toEqual([...INSTALLED, ...BUILT]);
    expect(first).toMatchObject({ status: 0, stdout: '' });
    expect(existsSync(path(LOCK))).toBe(false);
    expect(await run()).toEqual({ status: 0, stdout: '', stderr: '' });
    touch('packages/portwright/src/bin.ts');
    expect(lines(await run())).toEqual(BUILT);
  });

  it('end with one that fails: its output and its status are passed on, and it is carried out again', async () => {
    const { run, path, write } = workspace({
      build: `console.log('on stdout'); console.error('on stderr'); process.exit(4);`,
    });
    const failed = await run();
    expect(failed).toMatchObject({ status: 4, stdout: '' });
    expect(lines(failed)).toEqual([...INSTALLED, 'Building the command line ...', 'on stdout', 'on stderr']);
    expect(existsSync(path(LOCK))).toBe(false);
    write('scripts/build.mjs', BUILD);
    expect(lines(await run())).toEqual(BUILT);
  });

  it('go on after a signal from where it came', async () => {
    const { start, run, path, write } = workspace({
      build: `
        import { writeFileSync } from 'node:fs';
        writeFileSync('begun', '');
        setInterval(() => {}, 1000);`,
    });
    const interrupted = start();
    await until(() => existsSync(path('begun')), interrupted);
    interrupted.child.kill('SIGINT');
    const ended = await interrupted.ended;
    expect(ended.status).toBe(130);
    expect(lines(ended).at(-1)).toBe('Interrupted. The same command goes on from here.');
    expect(existsSync(path(LOCK))).toBe(false);
    write('scripts/build.mjs', BUILD);
    expect(lines(await run())).toEqual(BUILT);
  });
});

describe('the installation', () => {
  it('that fails is told with its output, and nothing is built', async () => {
    const { run, path, write } = workspace({ install: FAILS });
    // An earlier installation has left its files.
    write('node_modules/.modules.yaml', '');
    write('node_modules/.pnpm/lock.yaml', '');
    const failed = await run();
    expect(failed.status).toBe(3);
    expect(lines(failed)).toEqual([
      'Installing the dependencies ...',
      'ERR_PNPM_OUTDATED_LOCKFILE',
      "The dependencies could not be installed: pnpm's output is above.",
    ]);
    expect(existsSync(path(BIN))).toBe(false);
    // It failed, so it is due again.
    expect((await run()).status).toBe(3);
  });

  it.each([
    ['answers', ANSWERS],
    ['answers with an HTTP error', NOT_FOUND],
  ])('uses a registry that %s', async (_how, ping) => {
    const { run, calls } = workspace({ ping });
    expect((await run()).status).toBe(0);
    expect(calls()).toHaveLength(2);
    expect(calls()[1]).toEqual(expect.arrayContaining(['--', 'pnpm@1.2.3', 'install', '--frozen-lockfile']));
    expect(calls()[1]).not.toContain('--offline');
  });

  it('without a registry takes what is on this computer: npm takes pnpm, and pnpm the packages', async () => {
    const { run, calls } = workspace({ ping: UNREACHABLE });
    const ended = await run();
    expect(ended.status).toBe(0);
    expect(lines(ended)).toEqual([...INSTALLED, ...BUILT]);
    const [npm, pnpm] = (calls()[1] ?? []).join(' ').split(' -- ');
    expect(npm).toContain('--offline');
    expect(pnpm).toContain('--offline');
  });

  it.each([
    ['refuses', 'connection refused', UNREACHABLE],
    ['never answers', 'no answer for 10 s', HANGS],
  ])('says what to do when the registry %s and a package is missing', async (_how, summary, ping) => {
    const { run } = workspace({ ping, install: FAILS });
    const failed = await run();
    expect(failed.status).toBe(1);
    expect(lines(failed)).toEqual([
      'Installing the dependencies ...',
      `The dependencies are not all on this computer, and the npm registry cannot be reached: ${summary}.`,
      expect.stringMatching(/^Check the network connection .+ run the same command again\.$/),
    ]);
  });
});

describe('the lock', () => {
  /** It was touched that many seconds ago. */
  function lock({ path, write }: SmallWorkspace, age: number): void {
    write(LOCK, '1');
    utimesSync(path(LOCK), Date.now() / 1000 - age, Date.now() / 1000 - age);
  }

  it('of a process that ended without removing it is taken over', async () => {
    const small = workspace();
    lock(small, 3600);
    expect(lines(await small.run())).toEqual([...INSTALLED, ...BUILT]);
  });

  it('of a running process is waited for, and what that process did is not done again', async () => {
    const small = workspace();
    await small.run();
    small.touch('packages/portwright/src/bin.ts');
    // It stays fresh however long this test takes.
    lock(small, -3600);
    const waiting = small.start();
    let seen = '';
    waiting.child.stderr?.on('data', (piece) => (seen += String(piece)));
    await until(() => seen.includes('\n'), waiting);
    await begin(process.execPath, [small.path('scripts/build.mjs')], small.root).ended;
    rmSync(small.path(LOCK));
    expect(await waiting.ended).toEqual({
      status: 0,
      stdout: '',
      stderr: 'Waiting for another `npm start` or `npm test` in this folder ...\n',
    });
  });

  it('of a running process does not matter when nothing is due', async () => {
    const small = workspace();
    await small.run();
    lock(small, -3600);
    expect(await small.run()).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('stays fresh while a step runs', async () => {
    // The stand-in ends when the lock, which it makes old, is fresh.
    const { run } = workspace({
      build: `
        import { statSync, utimesSync } from 'node:fs';
        utimesSync('${LOCK}', 1, 1);
        while (statSync('${LOCK}').mtimeMs === 1000) await new Promise((resolve) => setTimeout(resolve, 20));
        ${BUILD}`,
    });
    expect((await run()).status).toBe(0);
  });
});
