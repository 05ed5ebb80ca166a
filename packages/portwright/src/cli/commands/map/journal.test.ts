import { readFileSync } from 'node:fs';
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TRANSPORT, type Transport } from '@portwright/core';
import type { ClientLink } from '@portwright/transport-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run, simulated, type Run, type RunOptions } from '../../host.test-support.ts';
import { startOf } from './process-start.ts';

let stateFolder: string;
beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'portwright-'));
});
afterEach(() => rm(stateFolder, { recursive: true }));

const ENTRY = {
  via: 'upnp-igd',
  gateway: 'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500',
  family: 'ipv4',
  externalPort: 7777,
  protocol: 'TCP',
  internalClient: '192.168.1.2',
  internalPort: 7777,
  description: 'Portwright',
};

/** No process has such a number: Linux counts to 4194304 at most, Windows in steps of four, macOS to 99999. */
const GONE = 'journal/99999999-1x1.json';

/** The names of the journals of this process, and of its parent, without their ends. */
const OWN = `${process.pid}-${(await startOf(process.pid)) ?? ''}`;
const PARENT = `${process.ppid}-${(await startOf(process.ppid)) ?? ''}`;

async function write(name: string, ...entries: readonly object[]): Promise<void> {
  await mkdir(join(stateFolder, 'journal'), { recursive: true });
  await writeFile(join(stateFolder, name), JSON.stringify({ version: 1, leases: entries }));
}

async function read(path: string): Promise<unknown> {
  return (JSON.parse(await readFile(path, 'utf8')) as { readonly leases: unknown }).leases;
}

const journals = (): Promise<readonly string[]> => readdir(join(stateFolder, 'journal'));

/** `map 8888 --keep --journal`, interrupted as soon as it is kept. */
async function keep(options: RunOptions, during?: () => Promise<unknown>): Promise<Run> {
  const interrupt = new AbortController();
  const onStdout = (text: string): void => {
    if (text.includes('Press Ctrl-C'))
      void Promise.resolve(during?.()).finally(() => {
        interrupt.abort();
      });
  };
  return run(['map', '8888', '--keep', '--journal'], { stateFolder, signal: interrupt.signal, onStdout, ...options });
}

describe('map --keep --journal', () => {
  it('has it written down while it is kept', async () => {
    const { container, router } = simulated();
    let written: unknown;
    const { status } = await keep({ container }, async () => {
      written = JSON.parse(await readFile(join(stateFolder, `journal/${OWN}.json`), 'utf8'));
    });
    expect(status).toBe(0);
    const { leases } = written as { readonly leases: readonly { readonly expiresAt?: number }[] };
    const [{ expiresAt = 0, ...entry } = {}, ...others] = leases;
    expect([entry, others]).toEqual([{ ...ENTRY, externalPort: 8888, internalPort: 8888 }, []]);
    // An hour's lease, from now on.
    expect(Math.abs(expiresAt - router.clock.wallTime() - 3_600_000)).toBeLessThan(60_000);
    expect(await journals()).toEqual([]);
  });

  it('before AddPortMapping', async () => {
    const { container, router } = simulated();
    const seen: string[] = [];
    const look = () => {
      seen.push(readFileSync(join(stateFolder, `journal/${OWN}.json`), 'utf8'));
    };
    router.inject(
      { name: 'look', row: 0, what: '', remedy: '', hooks: () => ({ strike: look }) },
      { on: 'AddPortMapping' },
    );
    expect((await keep({ container })).status).toBe(0);
    expect(seen[0]).toContain('"externalPort":8888');
  });

  it('forgets what it did not get', async () => {
    const { container, router } = simulated();
    router.inject('not-authorized-606', { on: 'AddPortMapping' });
    expect((await keep({ container })).status).toBe(1);
    expect(await journals()).toEqual([]);
  });

  it('remembers a mapping whose answer was lost, and the next start deletes it', async () => {
    const { container, router } = simulated();
    const faults = [router.inject('reset-after-request', { on: 'AddPortMapping' })];
    const cutOff = () => {
      faults.push(router.inject('reset-after-request', { on: 'GetSpecificPortMappingEntry' }));
      faults.push(router.inject('reset-after-request', { on: 'GetGenericPortMappingEntry' }));
    };
    const silence = { name: 'silence', row: 0, what: '', remedy: '', hooks: () => ({ strike: cutOff }) };
    router.inject(silence, { on: 'AddPortMapping', times: 1 });
    // It waits until the router answers, and is interrupted.
    const interrupt = new AbortController();
    const onStderr = () => {
      interrupt.abort();
    };
    const { status, stderr } = await keep({ container, signal: interrupt.signal, onStderr });
    expect(status).toBe(1);
    expect(stderr).toContain('TCP port 8888 may still be mapped: the router did not delete it');
    expect(router.mappings()).toHaveLength(1);
    expect(await journals()).toEqual([`${OWN}.json`]);
    for (const fault of faults) fault.remove();
    // Another process, that is: this one's file is taken over.
    const { stdout } = await keep({ container });
    expect(stdout).toContain('which an earlier run had left mapped');
    expect(router.mappings()).toEqual([]);
    expect(await journals()).toEqual([]);
  });

  it('cleans up what a process has left that is gone, and keeps what is on other gateways', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    const elsewhere = { ...ENTRY, gateway: 'uuid:other' };
    await write(GONE, ENTRY, elsewhere);
    const { status, stdout } = await keep({ container });
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Unmapped TCP port 7777 -> 192\.168\.1\.2:7777, which an earlier run had left mapped\nTCP port 8888/,
    );
    expect(router.mappings()).toEqual([]);
    // Under the name of this process, which will be gone at the next start.
    expect(await journals()).toEqual([`${OWN}.1.json`]);
    expect(await read(join(stateFolder, `journal/${OWN}.1.json`))).toEqual([elsewhere]);
    expect((await keep({ container })).status).toBe(0);
    expect(await journals()).toEqual([`${OWN}.2.json`]);
  });

  it('cleans up what leads to an interface that came up a moment ago, and is not listed yet', async () => {
    const link: ClientLink = { state: 'up' };
    const { container, router } = simulated({ client: { link } });
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write(GONE, ENTRY);
    link.state = 'starting';
    const { status, stdout } = await keep({ container });
    expect([status, stdout]).toEqual([
      0,
      expect.stringContaining('Unmapped TCP port 7777 -> 192.168.1.2:7777, which an earlier run had left mapped'),
    ]);
    expect(router.mappings()).toEqual([]);
    expect(await journals()).toEqual([]);
  });

  it('keeps what can’t be decided for the next start, and forgets it when its lease is over', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    const transport = container.resolve<Transport>(TRANSPORT);
    const interfaces = { list: () => transport.interfaces.list().map(() => []) };
    const blind = container.createChildContainer();
    blind.register<Transport>(TRANSPORT, { useValue: { ...transport, interfaces } });
    const running = { ...ENTRY, expiresAt: router.clock.wallTime() + 600_000 };
    await write(GONE, running);
    expect((await keep({ container: blind })).stderr).toContain(
      'Cannot unmap TCP port 7777 -> 192.168.1.2:7777, which an earlier run left mapped',
    );
    const later = join(stateFolder, `journal/${OWN}.1.json`);
    expect(await read(later)).toEqual([running]);
    await rm(later);
    await write(GONE, { ...ENTRY, expiresAt: router.clock.wallTime() - 1 });
    expect(await keep({ container: blind })).toMatchObject({ status: 0, stderr: '' });
    expect(await journals()).toEqual([]);
    expect(router.mappings()).toMatchObject([{ externalPort: 7777 }]);
  });

  it('leaves alone what belongs to a process that runs', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write(`journal/${PARENT}.json`, ENTRY);
    expect((await keep({ container })).status).toBe(0);
    expect(await journals()).toEqual([`${PARENT}.json`]);
    expect(router.mappings()).toHaveLength(1);
  });

  it('cleans up what a process left whose pid another one has now', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write(`journal/${process.ppid}-1x1.json`, ENTRY);
    await write(`journal/${process.ppid}-1x1.1.json.${process.ppid}`);
    const { status, stdout } = await keep({ container });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^Unmapped TCP port 7777 /)]);
    expect(await journals()).toEqual([]);
    expect(router.mappings()).toEqual([]);
  });

  it('leaves alone what nobody can tell the owner of, and names it once a run', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    const name = `${process.ppid}-unknown.json`;
    await write(`journal/${name}`, ENTRY);
    const { status, stderr } = await keep({ container });
    expect(status).toBe(0);
    expect(stderr).toBe(
      'warning: Cannot tell whether the Portwright that wrote this journal still runs. Its ports may still be mapped; ' +
        `check with the list command, and delete the file if it has ended: ${join(stateFolder, 'journal', name)}\n`,
    );
    expect(await journals()).toEqual([name]);
    expect(await read(join(stateFolder, 'journal', name))).toEqual([ENTRY]);
    expect(router.mappings()).toHaveLength(1);
  });

  it('cleans up what nobody could tell the owner of, once there is no process with its pid', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write('journal/99999999-unknown.json', ENTRY);
    expect((await keep({ container })).status).toBe(0);
    expect(await journals()).toEqual([]);
    expect(router.mappings()).toEqual([]);
  });

  it('cleans up the entries that can be read, and sets a copy of the file aside', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write(GONE, ENTRY, { ...ENTRY, internalPort: 'seven' });
    const bad = `${OWN}.1.json.bad`;
    const { stdout, stderr } = await keep({ container });
    expect(stdout).toMatch(/^Unmapped TCP port 7777 /);
    expect(stderr).toMatch(/^warning: Cannot read a journal of an earlier run.*\.bad\n$/);
    expect(await journals()).toEqual([bad]);
    expect(await read(join(stateFolder, 'journal', bad))).toHaveLength(2);
    expect(router.mappings()).toEqual([]);
  });

  it('names once what can’t be read at all, and sets it aside', async () => {
    const { container } = simulated();
    await mkdir(join(stateFolder, GONE), { recursive: true });
    const bad = `${OWN}.1.json.bad`;
    expect((await keep({ container })).stderr).toBe(
      `warning: Cannot read a journal of an earlier run. Its ports may still be mapped; check with the list command: ${join(stateFolder, 'journal', bad)}\n`,
    );
    expect(await journals()).toEqual([bad]);
    expect(await keep({ container })).toMatchObject({ status: 0, stderr: '' });
  });

  it('keeps a damaged journal as it is where no copy of it can be made', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write(GONE, ENTRY, {});
    const copying = vi.spyOn(process.getBuiltinModule('node:fs').promises, 'copyFile');
    copying.mockRejectedValue(new Error('ENOSPC: no space left on device'));
    const { stderr } = await keep({ container });
    copying.mockRestore();
    expect(stderr).toContain(`check with the list command: ${join(stateFolder, 'journal', `${OWN}.1.json`)}\n`);
    expect(await read(join(stateFolder, 'journal', `${OWN}.1.json`))).toHaveLength(2);
    expect(router.mappings()).toHaveLength(1);
  });

  it('removes what a process that is gone was writing, and leaves alone what one writes that runs', async () => {
    const { container } = simulated();
    const ofRunning = `${PARENT}.json.${process.ppid}`;
    await write(`${GONE}.99999999`);
    await write(`journal/${ofRunning}`);
    expect(await keep({ container })).toMatchObject({ status: 0 });
    expect(await journals()).toEqual([ofRunning]);
  });

  it('says what could not be cleaned up, and what keeps it from being written', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write(GONE, ENTRY);
    const injected = router.inject('http-500-without-fault', { on: 'DeletePortMapping' });
    const interrupted = await keep({ container });
    injected.remove();
    expect(interrupted.stderr).toContain(
      'warning: Cannot unmap TCP port 7777 -> 192.168.1.2:7777, which an earlier run left mapped. The next run with --journal tries again.\n',
    );
    const { status, stderr } = await keep({ container, stateFolder: '/dev/null/x' });
    expect(status).toBe(0);
    expect(stderr).toMatch(/^warning: Cannot write the journal: .*ENOTDIR/);
  });

  it.each(['', 'garbage', '{}', '[]', '{"version":2,"leases":[]}', '{"version":1,"leases":[{}]}', '{"version":1,'])(
    'tells once of one that is damaged (%o), and sets it aside',
    async (text) => {
      const { container } = simulated();
      await mkdir(join(stateFolder, 'journal'));
      await writeFile(join(stateFolder, GONE), text);
      const bad = `${OWN}.1.json.bad`;
      expect(await keep({ container })).toMatchObject({
        status: 0,
        stderr: `warning: Cannot read a journal of an earlier run. Its ports may still be mapped; check with the list command: ${join(stateFolder, 'journal', bad)}\n`,
      });
      expect(await journals()).toEqual([bad]);
      expect(await readFile(join(stateFolder, 'journal', bad), 'utf8')).toBe(text);
      expect(await keep({ container })).toMatchObject({ status: 0, stderr: '' });
      expect(await journals()).toEqual([bad]);
    },
  );

  it('tells of the clean-up whatever comes of the rest', async () => {
    const { container, router } = simulated();
    expect((await run(['map', '7777'], { container })).status).toBe(0);
    await write(GONE, ENTRY);
    router.inject('not-authorized-606', { on: 'AddPortMapping' });
    const argv = ['map', '8888', '--keep', '--journal', '--json'];
    const { status, stdout } = await run(argv, { container, stateFolder });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      cleanedUp: { deleted: [{ externalPort: 7777 }], left: [], failed: [] },
      error: { kind: 'not-mapped' },
    });
  });
});
