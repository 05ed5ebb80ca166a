/** The built command line, as a process of its own. What it prints is tested beside the commands. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const dist = new URL('../dist/', import.meta.url);
const bin = fileURLToPath(new URL('bin.cjs', dist));

beforeAll(() => {
  if (!existsSync(bin)) throw new Error('The command line is not built: run `pnpm build` first.');
});

function start(argv: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [bin, ...argv], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
}

/** Starts it so that it reports each wait for `seconds`, give or take a twentieth, to {@link waiting}. */
function startReporting(argv: readonly string[], seconds: number): ChildProcess {
  const program = `
    import { writeSync } from 'node:fs';
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (callback, ms, ...more) => {
      if (Math.abs(ms / 1000 - ${seconds}) < ${seconds / 20}) writeSync(3, 'waiting');
      return setTimeout(callback, ms, ...more);
    };`;
  return start(argv, { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(program)}` });
}

/** From one look at the network interfaces to the next, during a search. */
const LOOK_SECONDS = 0.25;

async function waiting(child: ChildProcess): Promise<void> {
  await once(child.stdio[3] as Readable, 'data');
}

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (piece) => (stdout += String(piece)));
  child.stderr?.on('data', (piece) => (stderr += String(piece)));
  return new Promise((resolve) => {
    child.on('close', (status, signal) => {
      resolve({ status, signal, stdout, stderr });
    });
  });
}

describe('the built command line', () => {
  it('starts with nothing but Node', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', dist), 'utf8')) as {
      readonly version: string;
    };
    expect(await ended(start(['--version']))).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('can be run by its name', () => {
    expect(readFileSync(bin, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
    if (process.platform !== 'win32') expect(statSync(bin).mode & 0o111).toBe(0o111);
  });

  it.each([
    'ip',
    'status',
    'list',
    'map 7777',
    'map 7777 --protocol both --any --no-verify',
    'discover --timeout 5000',
    'demo',
    'describe http://192.168.1.1:5000/description.xml',
  ])('%s, on the simulated gateway', async (argv) => {
    const [text, json] = await Promise.all([
      ended(start([...argv.split(' '), '--simulate'])),
      ended(start([...argv.split(' '), '--simulate', '--json'])),
    ]);
    expect(text).toMatchObject({ status: 0, stderr: '' });
    expect(text.stdout).toMatch(/\S\n$/);
    expect(json).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toBeTypeOf('object');
  });

  it('exits with 1 where the gateway says no', async () => {
    const { status, stdout, stderr } = await ended(start(['unmap', '7777', '--simulate']));
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('TCP port 7777 is not mapped');
  });

  it('exits with 1, and says so, where it can not even be loaded', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'portwright-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const alone = join(folder, 'bin.cjs');
    copyFileSync(bin, alone);
    const env = { PATH: process.env['PATH'], NODE_OPTIONS: '--unhandled-rejections=warn' };
    const child = spawn(process.execPath, [alone, 'demo'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const { status, stdout, stderr } = await ended(child);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^portwright: internal error: Error: Cannot find module '.\/chunks\/main\.cjs'[^]*\nInstall Portwright again\./,
    );
  });

  it('exits with 1, and says so, where there is nothing to wait for any more', async () => {
    // A host whose sockets never open, and nothing is sent.
    const program = `
      import dgram from 'node:dgram';
      import os from 'node:os';
      const netmask = '255.255.255.0';
      os.networkInterfaces = () => ({
        lan: [{ address: '192.0.2.7', netmask, family: 'IPv4', mac: '', internal: false, cidr: '192.0.2.7/24' }],
      });
      dgram.Socket.prototype.bind = () => undefined;`;
    const preload = `--import=data:text/javascript,${encodeURIComponent(program)}`;
    const { status, stdout, stderr } = await ended(start(['ip', '--json'], { NODE_OPTIONS: preload }));
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^portwright: internal error: exited before the command finished\. Please report this\.\n$/);
  });

  it('exits with 2 for wrong use', async () => {
    expect(await ended(start(['map', 'http']))).toMatchObject({ status: 2, stdout: '' });
    const { status, stdout, stderr } = await ended(start(['map', 'http', '--json']));
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'usage', code: 'bad-value' } });
  });

  it('reaches a gateway over real sockets', async () => {
    // On loopback, so that it is only the description that can come through: nothing there maps ports.
    const server = createServer((_request, response) => response.end('<root><device></device></root>'));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { status, stdout } = await ended(start(['ip', '--gateway', url, '--json']));
    server.close();
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'no-gateway', candidates: [{ location: url }] } });
  });

  it('says that nobody listens', async () => {
    const { status, stderr } = await ended(start(['ip', '--gateway', 'http://127.0.0.1:1/']));
    expect(status).toBe(1);
    expect(stderr).toContain('ECONNREFUSED');
  });

  it('passes on the licences of what it bundles', () => {
    const notices = readFileSync(new URL('THIRD-PARTY-LICENSES.txt', dist), 'utf8');
    for (const name of ['fast-xml-parser', 'neverthrow', 'reflect-metadata', 'tsyringe', 'tslib']) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\([\\w.-]+\\)$`, 'm'));
    }
  });
});

describe.skipIf(process.platform === 'win32')('a signal or a closed pipe', () => {
  it('Ctrl-C ends a search: status 130', async () => {
    const child = startReporting(['discover', '--simulate', '--timeout', '60000'], LOOK_SECONDS);
    const end = ended(child);
    await waiting(child);
    child.kill('SIGINT');
    expect(await end).toEqual({
      status: 130,
      signal: null,
      stdout: '',
      stderr: expect.stringContaining('interrupted') as string,
    });
  });

  it('Ctrl-C ends a search: a document, where one is asked for', async () => {
    const child = startReporting(['discover', '--simulate', '--timeout', '60000', '--json'], LOOK_SECONDS);
    const end = ended(child);
    await waiting(child);
    child.kill('SIGINT');
    const { status, stdout, stderr } = await end;
    expect({ status, stderr }).toEqual({ status: 130, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'transport', code: 'aborted' } });
  });

  it('Ctrl-C ends a download', async () => {
    const server = createServer((_request, response) => response.write('<root>'));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const asked = new Promise((resolve) => server.once('request', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const child = start(['map', '7777', '--gateway', url, '--timeout', '60000']);
    const end = ended(child);
    await asked;
    child.kill('SIGINT');
    expect(await end).toMatchObject({ status: 130, stdout: '' });
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends map --keep while it waits for a router: status %i', async (signal, status) => {
    // Nothing listens on a port that was closed just now.
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await new Promise((closed) => server.close(closed));
    const child = start(['map', '7777', '--keep', '--json', '--gateway', url]);
    const end = ended(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill(signal);
    const { stdout, ...others } = await end;
    expect(others).toMatchObject({ status, stderr: '' });
    expect(stdout).toMatch(/^{"event":"waiting",.*"code":"refused".*}\n{"error":.*"code":"aborted".*}\n$/);
  });

  it('Ctrl-C ends a simulated gateway: status 0, since that is how it is meant to end', async () => {
    const child = start(['simulate', '--json']);
    const end = ended(child);
    // Its first line says that it serves.
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill('SIGINT');
    const { status, stdout, stderr } = await end;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^{"event":"serving",.*}\n{"event":"stopped","mappings":\[\]}\n$/);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends what is kept mapped: status 0, and unmapped',
    async (signal) => {
      const child = startReporting(['map', '7777', '--keep', '--simulate', '--json'], 15);
      const end = ended(child);
      // The keeper waits for 15 seconds, and compares the clocks.
      await waiting(child);
      child.kill(signal);
      const { status, stdout, stderr } = await end;
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const lines = stdout.trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
        expect.objectContaining({ event: 'mapped' }),
        { event: 'unmapped', at: expect.any(String) as string, protocol: 'TCP', externalPort: 7777 },
      ]);
    },
  );

  it.each(['SIGINT', 'SIGHUP'] as const)('%s ends a watch: status 0', async (signal) => {
    const child = start(['watch', '--simulate', '--json']);
    const end = ended(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill(signal);
    expect(await end).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/^{"event":"watching",.*}\n$/) as string,
    });
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends a search: status %i', async (signal, status) => {
    const child = startReporting(['discover', '--simulate', '--timeout', '60000'], LOOK_SECONDS);
    const end = ended(child);
    await waiting(child);
    child.kill(signal);
    expect(await end).toMatchObject({ status, signal: null, stdout: '' });
  });

  it.each(['pinhole list', 'map 7777'])('SIGHUP ends %s: status 129', async (argv) => {
    const server = createServer((_request, response) => response.write('<root>'));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const asked = new Promise((resolve) => server.once('request', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const child = start([...argv.split(' '), '--gateway', url, '--timeout', '60000']);
    const end = ended(child);
    await asked;
    child.kill('SIGHUP');
    expect(await end).toMatchObject({ status: 129, signal: null, stdout: '' });
    server.closeAllConnections();
    server.close();
  });

  it('a reader that leaves is no error', async () => {
    const child = start(['demo']);
    child.stdout?.destroy();
    expect(await ended(child)).toMatchObject({ status: 0, signal: null, stderr: '' });
  });

  it('nor is one that does not read to the end', async () => {
    const command = `"${process.execPath}" "${bin}" demo | head -1; exit "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
    expect(await ended(child)).toEqual({
      status: 0,
      signal: null,
      stderr: '',
      stdout: expect.stringMatching(/^Opening .*\n$/) as string,
    });
  });
});

describe('colours', () => {
  it('are for terminals', async () => {
    const { stdout } = await ended(
      start(['demo'], { FORCE_COLOR: '1', COLORTERM: 'truecolor', TERM: 'xterm-256color' }),
    );
    expect(stdout).not.toContain('\u001b');
  });
});
