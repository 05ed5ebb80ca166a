/** What `map --keep` deletes of earlier tries and earlier runs, when it had to wait. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addMapping, gatewayAt } from '@portwright/core/upnp';
import type { SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { simulated } from '../../host.test-support.ts';
import { arriving, deaf, deserted, keep, lineDown, type Kept } from './keep-trying.test-support.ts';

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

  it('names it once where the router does not answer at the end', async () => {
    const { container, router } = simulated();
    const restore = cutOff(router);
    const onMapped = (): void => {
      router.inject(deaf);
    };
    const { status, stderr } = await keep(router.clock, { container, onMapped }, { 1: restore });
    expect(status).toBe(1);
    expect(stderr.match(/may still be mapped/g)).toHaveLength(2);
  });
});

describe('map --keep --journal without a router', () => {
  const ENTRY = {
    via: 'upnp-igd',
    gateway: 'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500',
    family: 'ipv4',
    externalPort: 7000,
    protocol: 'TCP',
    internalClient: '192.168.1.2',
    internalPort: 7000,
    description: 'Portwright',
  };

  /**
   * A router appears that has port 7000 of an earlier run. Its line is up after so many refusals that a further try is
   * needed. They are counted, since files take no time on the clock.
   */
  async function keepAfterCrash(prepare: (router: SimulatedGateway) => () => void): Promise<{
    readonly kept: Kept;
    readonly router: SimulatedGateway | undefined;
    readonly journals: readonly string[];
  }> {
    const stateFolder = await mkdtemp(join(tmpdir(), 'portwright-'));
    onTestFinished(() => rm(stateFolder, { recursive: true }));
    const { container, gone } = await deserted();
    await mkdir(join(stateFolder, 'journal'));
    await writeFile(
      join(stateFolder, 'journal', '99999999-1x1.json'),
      JSON.stringify({ version: 1, leases: [ENTRY, { ...ENTRY, gateway: 'uuid:another' }] }),
    );
    let router: SimulatedGateway | undefined;
    const appear = async (): Promise<void> => {
      router = arriving(gone);
      const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
      const { externalPort, description } = ENTRY;
      (await addMapping(gateway, { externalPort, protocol: 'TCP', description }))._unsafeUnwrap();
      let refusals = 0;
      const restore = prepare(router);
      const isUp = (): boolean => {
        refusals += 1;
        if (refusals === 4) restore();
        return refusals > 7;
      };
      router.inject(lineDown(isUp));
    };
    const kept = await keep(gone.clock, { container, stateFolder, argvEnd: ['--journal'] }, { 2: appear });
    // It waited for the router, and for the line.
    expect(kept).toMatchObject({ status: 0, waitings: 2 });
    return { kept, router, journals: await readdir(join(stateFolder, 'journal')) };
  }

  it('cleans up once there is one, and tells that once', async () => {
    const { kept, router, journals } = await keepAfterCrash(() => () => undefined);
    expect(kept.stdout).toMatch(
      /^Unmapped TCP port 7000 -> 192\.168\.1\.2:7000, which an earlier run had left mapped\nTCP port 7777 .* is mapped/,
    );
    expect(kept.stdout.match(/^Unmapped/gm)).toHaveLength(1);
    expect(router?.mappings()).toEqual([]);
    // What is on the other router waits for that.
    expect(journals).toEqual([expect.stringMatching(/\.1\.json$/)]);
  });

  it('tries to clean up again, and says once that it could not', async () => {
    const { kept, router } = await keepAfterCrash((on) => {
      const refusing = on.inject('http-500-without-fault', { on: 'DeletePortMapping' });
      return () => {
        refusing.remove();
      };
    });
    expect(kept.stderr.match(/Cannot unmap TCP port 7000/g)).toHaveLength(1);
    expect(kept.stdout).toMatch(/^Unmapped TCP port 7000 /);
    expect(router?.mappings()).toEqual([]);
  });
});
