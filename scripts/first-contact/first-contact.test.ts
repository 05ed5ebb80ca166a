/**
 * What a new contributor meets: `npm start` and `npm test` in fresh clones of this tree, on each Node that Portwright
 * supports. It takes minutes, so `npm test` does not run it: `npm run test:first-contact` does, and CI.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begin, cloneTo, installedFiles, run, signalAll, type Ended, type Run } from './clone.ts';

const home = import.meta.dirname;
const nodes = join(home, '../../artifacts/first-contact');
const folder = mkdtempSync(join(tmpdir(), 'portwright first contact ñ日 '));
const { version } = JSON.parse(readFileSync(join(home, '../../packages/portwright/package.json'), 'utf8')) as {
  readonly version: string;
};
const BIN = 'packages/portwright/dist/bin.cjs';

beforeAll(() => {
  const lockfile = readFileSync(join(home, 'package-lock.json'), 'utf8');
  // npm writes this hidden file last.
  const isInstalled =
    existsSync(join(nodes, 'node_modules/.package-lock.json')) &&
    readFileSync(join(nodes, 'package-lock.json'), 'utf8') === lockfile;
  if (isInstalled) return;
  mkdirSync(nodes, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(home, file), join(nodes, file));
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: nodes, stdio: 'ignore' });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** An environment with another Node, and with npm 10, which comes with the older ones, or the npm of this machine. */
function on(node: string, npm: '10' | 'of this machine'): NodeJS.ProcessEnv {
  const paths = [`node-${node}/bin`, ...(npm === '10' ? ['.bin'] : [])].map((path) =>
    join(nodes, 'node_modules', path),
  );
  // npm 10 looks for what is installed globally. The packages of Node lack the folder that a Node has for that.
  mkdirSync(join(nodes, 'node_modules', `node-${node}`, 'lib'), { recursive: true });
  return { PATH: [...paths, process.env['PATH']].join(delimiter) };
}

function fresh(name: string): string {
  const clone = join(folder, name);
  cloneTo(clone);
  return clone;
}

/** Resolves when a condition holds; rejects when the command ends before. */
async function until(condition: () => boolean, { child, ended }: Run): Promise<void> {
  while (!condition()) {
    if (child.exitCode !== null) throw new Error(`The command ended too early: ${JSON.stringify(await ended)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const INSTALLED = /^Installing the dependencies \.\.\.\n(.+ \d+ s\n)*Installed the dependencies in \d+\.\d s\.$/m;
const BUILT = /^Building the command line \.\.\.\n(.+ \d+ s\n)*Built the command line in \d+\.\d s\.$/m;

describe.each([
  ['20.19', '10'],
  ['22', '10'],
  ['24', 'of this machine'],
  ['26', 'of this machine'],
] as const)('Node %s, npm %s', (node, npm) => {
  let env: NodeJS.ProcessEnv;
  let clone: string;
  beforeAll(() => {
    env = on(node, npm);
    clone = fresh(`on Node ${node}`);
  });

  it('installs and builds at the first start, and tells how long that takes', async () => {
    expect((await run('node', ['--version'], folder, env)).stdout).toContain(`v${node}.`);
    if (npm === '10') expect((await run('npm', ['--version'], folder, env)).stdout).toMatch(/^10\./);
    const first = await run('npm', ['start', '--silent', '--', '--version'], clone, env);
    expect(first).toMatchObject({ status: 0, stdout: `${version}\n` });
    expect(first.stderr).toMatch(INSTALLED);
    expect(first.stderr).toMatch(BUILT);
  });

  it('runs the demonstration at the second start, and does nothing else', async () => {
    expect(await run('npm', ['start', '--silent'], clone, env)).toMatchObject({ status: 0, stderr: '' });
  });

  it('finds the files that a user in another folder names', async () => {
    writeFileSync(join(folder, 'mine.xml'), '<root');
    const args = ['--prefix', clone, 'start', '--silent', '--', 'describe'];
    const [existing, missing] = [
      await run('npm', [...args, 'mine.xml'], folder, env),
      await run('npm', [...args, 'package.json.missing'], folder, env),
    ];
    expect(existing.stderr).not.toContain('no such file');
    expect(missing.stderr).toContain('no such file');
    expect([existing.status, missing.status]).not.toContain(0);
  });
});

describe('Node 18', () => {
  it.each(['start', 'test'])('is refused by `npm %s` in one line, before anything is installed', async (script) => {
    const clone = fresh(`npm ${script} on Node 18`);
    const { status, stderr } = await run('npm', [script, '--silent'], clone, on('18', '10'));
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(
        /^Portwright needs Node 20\.19 or later\. This is Node 18\.\d+\.\d+\.\n$/,
      ) as string,
    });
    expect(existsSync(join(clone, 'node_modules'))).toBe(false);
  });
});

describe('in a clone that was started before', () => {
  let clone: string;
  const start = (args: readonly string[] = ['--version']): Promise<Ended> =>
    run('npm', ['start', '--silent', '--', ...args], clone);
  /** Everything that is installed, when nothing went wrong. */
  let complete: readonly string[];

  beforeAll(async () => {
    clone = fresh('started before');
    expect((await start()).status).toBe(0);
    complete = installedFiles(clone);
  });

  const nothing = { status: 0, stdout: `${version}\n`, stderr: '' };
  async function expectRebuilt(): Promise<void> {
    const { status, stderr } = await start();
    expect(stderr).toMatch(BUILT);
    expect(stderr).not.toContain('Installing');
    expect(status).toBe(0);
    expect(await start()).toEqual(nothing);
  }

  it('a start takes hardly more processor time than the command line and npm itself', async () => {
    const npmAlone = join(folder, 'npm alone');
    mkdirSync(npmAlone);
    writeFileSync(join(npmAlone, 'package.json'), '{ "scripts": { "start": "node empty.cjs" } }');
    writeFileSync(join(npmAlone, 'empty.cjs'), '');
    const commands = {
      start: ['npm start -- --version', clone],
      commandLine: [`node ${BIN} --version`, clone],
      npm: ['npm start', npmAlone],
      node: ['node empty.cjs', npmAlone],
    } as const;
    const least = { start: Infinity, commandLine: Infinity, npm: Infinity, node: Infinity };
    // Side by side, and the least of several: what else runs on this machine only ever adds to it.
    for (let round = 0; round < 7; round += 1) {
      for (const name of ['start', 'commandLine', 'npm', 'node'] as const) {
        const [command, cwd] = commands[name];
        const { stderr } = await run('bash', ['-c', `TIMEFORMAT='spent %U %S'; time ${command}`], cwd);
        const [, user, system] = /^spent (\S+) (\S+)$/m.exec(stderr) ?? [];
        least[name] = Math.min(least[name], Number(user) + Number(system));
      }
    }
    const [more, npm] = [least.start - least.commandLine, least.npm - least.node];
    console.log(`npm start takes ${more.toFixed(3)} s of processor time more; npm itself takes ${npm.toFixed(3)} s.`);
    expect(more).toBeLessThan(Math.max(0.3, 1.5 * npm));
  });

  it('the built command line refuses Node 18 in one line', async () => {
    expect(await run('node', [join(clone, BIN), 'map', '7777'], folder, on('18', '10'))).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^portwright needs Node 20\.19 or later\. This is Node 18\.\d+\.\d+\.\n$/,
      ) as string,
    });
  });

  it('a changed, new, renamed or deleted source, manifest or script is built', async () => {
    const file = (path: string): string => join(clone, path);
    appendFileSync(file('packages/portwright/src/bin.ts'), "\nprocess.stdout.write('from the changed source\\n');\n");
    expect((await start()).stdout).toContain('from the changed source\n');
    copyFileSync(join(home, '../../packages/portwright/src/bin.ts'), file('packages/portwright/src/bin.ts'));
    await expectRebuilt();
    writeFileSync(file('packages/core/src/new.ts'), '');
    await expectRebuilt();
    renameSync(file('packages/core/src/new.ts'), file('packages/core/src/renamed.ts'));
    await expectRebuilt();
    rmSync(file('packages/core/src/renamed.ts'));
    await expectRebuilt();
    appendFileSync(file('scripts/bundle-command-line.mjs'), '\n');
    await expectRebuilt();
    rmSync(file(BIN));
    await expectRebuilt();
  });

  it('a changed test is not built', async () => {
    writeFileSync(join(clone, 'packages/core/src/new.test.ts'), '');
    expect(await start()).toEqual(nothing);
    rmSync(join(clone, 'packages/core/src/new.test.ts'));
  });

  it('a changed lockfile is installed', async () => {
    const { packageManager } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8')) as {
      readonly packageManager: string;
    };
    const saved = ['package.json', 'pnpm-lock.yaml'].map((name) => [join(clone, name), join(folder, name)] as const);
    for (const [from, to] of saved) copyFileSync(from, to);
    const args = ['exec', '--yes', '--', packageManager, 'remove', '--workspace-root', '--lockfile-only', 'publint'];
    expect((await run('npm', args, clone)).status).toBe(0);
    const { status, stderr } = await start();
    expect(stderr).toMatch(INSTALLED);
    expect(status).toBe(0);
    expect(existsSync(join(clone, 'node_modules/publint'))).toBe(false);
    for (const [to, from] of saved) copyFileSync(from, to);
    expect((await start()).status).toBe(0);
    expect(existsSync(join(clone, 'node_modules/publint'))).toBe(true);
  });

  it('an installation that was killed is repaired, also where another process still claims to be at it', async () => {
    rmSync(join(clone, 'node_modules'), { recursive: true });
    const killed = begin('npm', ['start'], clone);
    await until(() => existsSync(join(clone, 'node_modules/.pnpm')), killed);
    signalAll(killed, 'SIGKILL');
    await killed.ended;
    const { status, stderr } = await start();
    expect(stderr).toMatch(/^Waiting for another `npm start` or `npm test` in this folder \.\.\.$/m);
    expect(stderr).toMatch(INSTALLED);
    expect(status).toBe(0);
    expect(installedFiles(clone)).toEqual(complete);
  });

  it('an installation that Ctrl-C ended is repaired; a terminal shows its time in one line', async () => {
    rmSync(join(clone, 'node_modules'), { recursive: true });
    const inTerminal = begin('script', ['-qefc', 'npm start --silent', '/dev/null'], clone);
    await until(() => existsSync(join(clone, 'node_modules/.pnpm')), inTerminal);
    inTerminal.child.stdin?.write('\x03');
    const { status, stdout } = await inTerminal.ended;
    expect(status).toBe(130);
    expect(stdout).toMatch(
      /^\rInstalling the dependencies \.\.\.(\^C|\rInstalling the dependencies \.\.\. \d+ s)*\r\x1b\[K/,
    );
    expect(stdout).toContain('Interrupted. The same command goes on from here.');
    const { status: second, stderr } = await start();
    expect(stderr).toMatch(INSTALLED);
    expect(second).toBe(0);
    expect(installedFiles(clone)).toEqual(complete);
  });

  it('a build that was killed is repaired', async () => {
    rmSync(join(clone, 'artifacts/state/command-line'));
    const killed = begin('npm', ['start'], clone);
    await until(() => !existsSync(join(clone, 'packages/portwright/dist/chunks')), killed);
    signalAll(killed, 'SIGKILL');
    await killed.ended;
    const { status, stdout, stderr } = await start();
    expect(stderr).toMatch(BUILT);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${version}\n` });
  });

  it('two starts at once install and build once', async () => {
    rmSync(join(clone, 'node_modules'), { recursive: true });
    rmSync(join(clone, BIN));
    const both = await Promise.all([start(), start()]);
    expect(both.map(({ status, stdout }) => ({ status, stdout }))).toEqual([
      { status: 0, stdout: `${version}\n` },
      { status: 0, stdout: `${version}\n` },
    ]);
    expect(both.filter(({ stderr }) => INSTALLED.test(stderr) && BUILT.test(stderr))).toHaveLength(1);
    expect(both.filter(({ stderr }) => stderr.startsWith('Waiting for another'))).toHaveLength(1);
    expect(installedFiles(clone)).toEqual(complete);
  });
});

describe('without a registry in reach', () => {
  it.each(['refuses', 'never answers'])('a first start on a registry that %s tells so, and what to do', async (how) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (how === 'refuses') server.close();
    const clone = fresh(`registry that ${how}`);
    const started = performance.now();
    // In another home there is nothing that was downloaded before.
    const env = { HOME: join(folder, 'home'), XDG_CACHE_HOME: '', XDG_DATA_HOME: '', npm_config_registry: registry };
    const { status, stderr } = await run('npm', ['start', '--silent'], clone, env);
    const seconds = (performance.now() - started) / 1000;
    server.close();
    expect(stderr).toMatch(
      /^The dependencies are not all on this computer, and the npm registry cannot be reached: .+$/m,
    );
    expect(stderr).toContain(registry);
    expect(stderr).toMatch(/^Check the network connection and npm's settings `registry` and `proxy`, .+$/m);
    expect(stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Installing'))).toHaveLength(2);
    expect(status).toBe(1);
    expect(seconds).toBeLessThan(20);
  });
});

describe('npm test', () => {
  let clone: string;
  const test = ['test', '--silent', '--', '--reporter=json'];
  const passed = (stdout: string): number =>
    (JSON.parse(stdout.slice(stdout.indexOf('{"num'))) as { readonly numPassedTests: number }).numPassedTests;

  beforeAll(() => {
    clone = fresh('tested');
  });

  it('starts to test packages/core right after the installation, and builds nothing', async () => {
    const { status, stdout, stderr } = await run('npm', [...test, 'packages/core/src/ssdp'], clone);
    expect(stderr).toMatch(INSTALLED);
    expect(stderr).not.toContain('Building');
    expect(existsSync(join(clone, 'packages/core/dist'))).toBe(false);
    expect(status).toBe(0);
    expect(passed(stdout)).toBeGreaterThan(10);
  });

  it('builds what is published before it is tested, also after an earlier build was killed', async () => {
    const args = [...test, 'packages/portwright/src/built-library.test.ts'];
    const killed = begin('npm', args, clone);
    await until(() => existsSync(join(clone, 'packages/core/dist/index.js')), killed);
    signalAll(killed, 'SIGKILL');
    await killed.ended;
    // The compiler must not take this for its own.
    writeFileSync(join(clone, 'packages/core/dist/index.js'), 'export {};');
    const { status, stdout, stderr } = await run('npm', args, clone);
    expect(stderr).toContain('Built the packages in');
    expect(readFileSync(join(clone, 'packages/core/dist/index.js'), 'utf8')).not.toBe('export {};');
    expect(status).toBe(0);
    expect(passed(stdout)).toBeGreaterThan(0);
    // The command line came with the packages, so that a start builds nothing.
    expect(await run('npm', ['start', '--silent', '--', '--version'], clone)).toMatchObject({ status: 0, stderr: '' });
  });
});
