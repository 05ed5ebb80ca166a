/** What `map --keep` deletes of earlier tries and earlier runs, when it had to wait. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run, simulated } from '../../host.test-support.ts';
import { arriving, deserted, keep, lineDown } from './keep-trying.test-support.ts';

describe('map --keep after an answer that was lost', () => {
  /** Carries out AddPortMapping, and answers nothing from then on. */
  function cutOff(router: SimulatedGateway): () => void {
    const faults = [router.inject('reset-after-request', { on: 'AddPortMapping' })];
    const strike = (): void => {
      faults.push(router.inject('reset-after-request', { on: 'GetSpecificPortMappingEntry' }));
      faults.push(router.inject('reset-after-request', { on: 'GetGenericPortMappingEntry' }));
    };
    const silence = { name: 'silence', row: 0, what: '', remedy: '', hooks: () => ({ strike }) };
    router.inject(silence, { on: 'AddPortMapping', times: 1 });
    return () => {
      for (const fault of faults) fault.remove();
    };
  }

  it('unmaps at Ctrl-C what may be mapped', async () => {
    const { container, router } = simulated();
    const restore = cutOff(router);
    const { status, stderr } = await keep(
      router.clock,
      { container },
      {
        1: (interrupt) => {
          expect(router.mappings()).toHaveLength(1);
          restore();
          interrupt();
        },
      },
    );
    expect(status).toBe(130);
    expect(stderr).toContain('Unmapping TCP port 7777, in case it is mapped');
    expect(router.mappings()).toEqual([]);
  });

  it('names what may be mapped where the router does not answer', async () => {
    const { container, router } = simulated();
    cutOff(router);
    const { status, stderr } = await keep(
      router.clock,
      { container },
      {
        1: (interrupt) => {
          interrupt();
        },
      },
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /TCP port 7777 may still be mapped: .*\n {2}When the router answers again, run: portwright unmap 7777 --protocol tcp\n$/,
    );
  });

  it('keeps what the next try gets, and nothing besides', async () => {
    const { container, router } = simulated();
    const restore = cutOff(router);
    const { status, stdout } = await keep(router.clock, { container }, { 1: restore });
    expect(status).toBe(0);
    expect(stdout).toMatch(/no longer mapped\n$/);
    expect(router.mappings()).toEqual([]);
  });
});

describe('map --keep --journal without a router', () => {
  it('cleans up once there is one, and tells that once', async () => {
    const stateFolder = await mkdtemp(join(tmpdir(), 'portwright-'));
    onTestFinished(() => rm(stateFolder, { recursive: true }));
    const { container, gone } = await deserted();
    const entry = {
      via: 'upnp-igd',
      gateway: 'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500',
      family: 'ipv4',
      externalPort: 7000,
      protocol: 'TCP',
      internalClient: '192.168.1.2',
      internalPort: 7000,
      description: 'Portwright',
    };
    await mkdir(join(stateFolder, 'journal'));
    await writeFile(
      join(stateFolder, 'journal', '99999999-1x1.json'),
      JSON.stringify({ version: 1, leases: [entry, { ...entry, gateway: 'uuid:another' }] }),
    );
    let isUp = false;
    let router: SimulatedGateway | undefined;
    const appear = async (): Promise<void> => {
      router = arriving(gone);
      router.inject(
        lineDown(() => isUp),
        { after: '1s' },
      );
      expect((await run(['map', '7000'], { container })).status).toBe(0);
    };
    const kept = await keep(
      gone.clock,
      { container, stateFolder, argvEnd: ['--journal'] },
      { 7: appear, 60: () => (isUp = true) },
    );
    expect(kept.status).toBe(0);
    expect(kept.stdout).toMatch(
      /^Unmapped TCP port 7000 -> 192\.168\.1\.2:7000, which an earlier run had left mapped\nTCP port 7777 .* is mapped/,
    );
    expect(kept.stdout.match(/^Unmapped/gm)).toHaveLength(1);
    expect(router?.mappings()).toEqual([]);
    // Of another router: it waits for that.
    expect(await readdir(join(stateFolder, 'journal'))).toEqual([expect.stringMatching(/\.1\.json$/)]);
  });
});
