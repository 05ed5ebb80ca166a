import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TRANSPORT, type Transport } from '@portwright/core';
import type { ClientLink } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { run, simulated } from '../../host.test-support.ts';
import {
  ENTRY,
  GONE,
  OWN,
  journals,
  keep,
  read,
  makeStateFolders,
  stateFolder,
  write,
} from './journal.test-support.ts';

makeStateFolders();

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
    const details = expect.any(Object) as object;
    expect([entry, others]).toEqual([{ ...ENTRY, externalPort: 8888, internalPort: 8888, details }, []]);
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
