/** `map --keep` while the port can't be mapped yet: no router, no network, or a line that is not up. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { err } from '@portwright/core/result';
import {
  simulateGateway,
  type ClientLink,
  type FaultDefinition,
  type SimulatedGateway,
  type SimulateGatewayOptions,
  type VirtualClock,
} from '@portwright/transport-mock';
import type { DependencyContainer } from 'tsyringe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mapElsewhere, run, simulated, widestLine, type Run, type RunOptions } from '../../host.test-support.ts';

/** A network without a router. */
async function deserted(): Promise<{ readonly container: DependencyContainer; readonly gone: SimulatedGateway }> {
  const { container, router } = simulated();
  await router.close();
  return { container, gone: router };
}

function arriving(at: SimulatedGateway, options: SimulateGatewayOptions = {}): SimulatedGateway {
  return simulateGateway({ network: at.network, maxSearchDelayMs: 0, ...options });
}

/** Refuses while the line is not up. @param protocol - the only one that it refuses */
function lineDown(isUp: () => boolean, protocol?: string): FaultDefinition & { readonly name: string } {
  return {
    name: 'line-down',
    row: 0,
    what: 'the line is not up yet',
    remedy: 'waits',
    on: ['AddPortMapping', 'AddAnyPortMapping'],
    hooks: () => ({
      action: (call, proceed) =>
        isUp() || (protocol !== undefined && call.args.get('NewProtocol') !== protocol)
          ? proceed()
          : err({ code: 501 }),
    }),
  };
}

interface Kept extends Run {
  /** On the clock, from the moment when it first said that it waits. */
  readonly mappedAfterMs: number | null;
  /** How often it said so. */
  readonly waitings: number;
}

/**
 * Runs `map 7777 --keep`, and presses Ctrl-C as soon as the port is kept.
 *
 * @param later - what happens, by the seconds from the moment when it first says that it waits
 */
async function keep(
  clock: VirtualClock,
  options: RunOptions & {
    readonly argv?: readonly string[];
    readonly argvEnd?: readonly string[];
    readonly onMapped?: () => unknown;
  },
  later: Readonly<Record<number, (interrupt: () => void) => unknown>> = {},
): Promise<Kept> {
  const interrupt = new AbortController();
  const stop = (): void => {
    interrupt.abort();
  };
  let waitsSince: number | null = null;
  let mappedAfterMs: number | null = null;
  let waitings = 0;
  const onWaiting = (): void => {
    waitings += 1;
    if (waitsSince !== null) return;
    waitsSince = clock.now();
    for (const [seconds, happen] of Object.entries(later)) {
      void clock.sleep(Number(seconds) * 1000).then(() => happen(stop));
    }
  };
  const onStdout = (text: string): void => {
    if (text.includes('"event":"waiting"')) onWaiting();
    if (/Press Ctrl-C|"event":"mapped"/.test(text)) {
      mappedAfterMs = clock.now() - (waitsSince ?? 0);
      onMapped?.();
      stop();
    }
  };
  const onStderr = (text: string): void => {
    if (text.includes('Waiting')) onWaiting();
  };
  const { argv = ['map', '7777', '--keep'], argvEnd = [], onMapped, ...others } = options;
  const ended = await run([...argv, ...argvEnd], { signal: interrupt.signal, onStdout, onStderr, ...others });
  return { ...ended, mappedAfterMs, waitings };
}

describe('map --keep without a router', () => {
  it('says so once, and maps as soon as there is one', async () => {
    const { container, gone } = await deserted();
    let router: SimulatedGateway | undefined;
    const kept = await keep(gone.clock, { container }, { 10: () => (router = arriving(gone)) });
    expect(kept.status).toBe(0);
    expect(kept.stderr).toMatch(
      /^warning: no device answered the search on lan0 \(192\.168\.1\.2\).*\. Waiting; press Ctrl-C to stop\.\n {2}\S.*\n$/,
    );
    expect(kept.stdout).toMatch(
      /^TCP port 7777 -> 192\.168\.1\.2:7777 is mapped for 1 hour\nExternal address: 5\.5\.5\.1:7777\nPress Ctrl-C/,
    );
    expect(kept.stdout).toMatch(/TCP port 7777 is no longer mapped\n$/);
    expect(kept.mappedAfterMs).toBeLessThan(25_000);
    expect(router?.mappings()).toEqual([]);
    expect(router?.exchanges().some(({ kind }) => kind === 'http')).toBe(true);
  });

  it('with --json tells it by an event', async () => {
    const { container, gone } = await deserted();
    const { status, stdout, stderr } = await keep(
      gone.clock,
      { container, argvEnd: ['--json'] },
      { 10: () => arriving(gone) },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      {
        event: 'waiting',
        at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        error: expect.objectContaining({
          kind: 'no-gateway',
          code: 'no-answer',
          hint: expect.any(String) as string,
        }) as object,
        retryInMs: expect.any(Number) as number,
      },
      expect.objectContaining({ event: 'mapped', externalAddress: '5.5.5.1' }),
      expect.objectContaining({ event: 'unmapped', externalPort: 7777 }),
    ]);
    expect(lines[1]).not.toHaveProperty('error');
  });

  it('fits a terminal of 80 columns', async () => {
    const { container, gone } = await deserted();
    const { stderr } = await keep(
      gone.clock,
      { container, isTTY: true },
      {
        3: (interrupt) => {
          interrupt();
        },
      },
    );
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('Waiting; press Ctrl-C to stop.');
    expect(widestLine(stderr)).toBeLessThanOrEqual(80);
  });

  it.each([2, 9, 40, 300])('is interrupted %i seconds later, and leaves nothing behind', async (seconds) => {
    const { container, gone } = await deserted();
    const { status, stdout, stderr, waitings } = await keep(
      gone.clock,
      { container },
      {
        [seconds]: (interrupt) => {
          interrupt();
        },
      },
    );
    expect({ status, stdout, waitings }).toEqual({ status: 130, stdout: '', waitings: 1 });
    expect(stderr).toMatch(/\nportwright: .* interrupted\n$/);
    await gone.clock.advance('1m');
    expect(gone.clock.pending).toBe(0);
  });

  it('with --json, interrupted, ends with the error', async () => {
    const { container, gone } = await deserted();
    const { status, stdout } = await keep(
      gone.clock,
      { container, argvEnd: ['--json'] },
      {
        3: (interrupt) => {
          interrupt();
        },
      },
    );
    expect(status).toBe(130);
    expect(stdout.trimEnd().split('\n')[1]).toBe(
      '{"error":{"kind":"transport","code":"aborted","message":"the wait for the router was interrupted"}}',
    );
  });

  it('goes on for hours, and takes a router at its first announcement', async () => {
    const { container, gone } = await deserted();
    let appearedAt = 0;
    let mappedAt = 0;
    const appear = (): void => {
      appearedAt = gone.clock.now();
      arriving(gone, { onExchange: () => (mappedAt ||= gone.clock.now()) }).announce('alive');
    };
    // In the middle of a pause.
    const kept = await keep(gone.clock, { container }, { 7221: appear });
    expect(kept).toMatchObject({ status: 0, waitings: 1 });
    expect(mappedAt - appearedAt).toBeLessThan(5_000);
  });

  it('does not search without a pause while anybody announces routers', async () => {
    const { container, gone } = await deserted();
    let searches = 0;
    const quiet = arriving(gone, {
      lanAddress: '192.168.1.77',
      answeredTargets: [],
      onExchange: ({ kind }) => {
        if (kind === 'search') searches += 1;
      },
    });
    const flood = async (): Promise<void> => {
      for (let sent = 0; sent < 300; sent += 1) {
        quiet.announce('alive');
        await gone.clock.sleep(200);
      }
    };
    await keep(
      gone.clock,
      { container },
      {
        1: flood,
        61: (interrupt) => {
          interrupt();
        },
      },
    );
    // A search takes 2 seconds, and the shortest pause 4: ten of them, with up to 40 datagrams each.
    expect(searches).toBeLessThan(450);
  });

  it('maps as soon as this computer is on a network', async () => {
    const link: ClientLink = { state: 'down' };
    const { container, router } = simulated({ client: { link } });
    const { status, stderr, mappedAfterMs } = await keep(
      router.clock,
      { container },
      { 30: () => (link.state = 'up') },
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/^warning: this computer is not connected to a network.*Waiting/);
    expect(mappedAfterMs).toBeLessThan(60_000);
    expect(mappedAfterMs).toBeGreaterThan(30_000);
  });

  it('tells another reason when there is one', async () => {
    const link: ClientLink = { state: 'down' };
    const { container, router } = simulated({ client: { link }, answeredTargets: [] });
    const { stderr } = await keep(
      router.clock,
      { container },
      {
        20: () => (link.state = 'up'),
        80: (interrupt) => {
          interrupt();
        },
      },
    );
    expect(stderr.match(/^warning: .*/gm)).toEqual([
      expect.stringContaining('this computer is not connected to a network'),
      expect.stringContaining('no device answered the search'),
    ]);
  });

  it('at a URL waits until the router answers there', async () => {
    const { container, router } = simulated({ answeredTargets: [] });
    const deaf = router.inject({
      name: 'deaf',
      row: 0,
      what: 'connections are refused',
      remedy: 'waits',
      on: ['control', 'description'],
      hooks: () => ({ outcome: () => ({ kind: 'failure', code: 'refused', cause: 'ECONNREFUSED', delayMs: 0 }) }),
    });
    const argvEnd = ['--gateway', router.descriptionUrl];
    const kept = await keep(
      router.clock,
      { container, argvEnd },
      {
        12: () => {
          deaf.remove();
        },
      },
    );
    expect(kept).toMatchObject({ status: 0, waitings: 1 });
    expect(kept.stdout).toContain('is mapped for 1 hour');
  });
});

describe('map --keep --timeout', () => {
  const withTimeout = (ms: number) => ({ argvEnd: ['--timeout', String(ms)] });

  it('ends when that has passed without a router', async () => {
    const { container, gone } = await deserted();
    const before = gone.clock.now();
    const { status, stderr, waitings } = await keep(gone.clock, { container, ...withTimeout(5000) });
    expect({ status, waitings }).toEqual({ status: 1, waitings: 0 });
    expect(stderr).toMatch(/^portwright: no device answered/);
    expect(gone.clock.now() - before).toBeGreaterThanOrEqual(5000);
    expect(gone.clock.now() - before).toBeLessThan(12_000);
  });

  it('waits for a network in that time, and no longer', async () => {
    const link: ClientLink = { state: 'down' };
    const { container, router } = simulated({ client: { link } });
    const { status, stderr, waitings } = await keep(router.clock, { container, ...withTimeout(20_000) });
    expect({ status, waitings }).toEqual({ status: 1, waitings: 1 });
    expect(stderr).toMatch(/\nportwright: this computer is not connected to a network/);
    expect(router.clock.now()).toBeGreaterThanOrEqual(20_000);
    expect(router.clock.now()).toBeLessThan(30_000);
    const again = await keep(router.clock, { container, ...withTimeout(60_000) }, { 20: () => (link.state = 'up') });
    expect(again.status).toBe(0);
  });

  it('searches again for a router that starts in that time, and does not announce itself', async () => {
    const { container, gone } = await deserted();
    const kept = await keep(gone.clock, { container, ...withTimeout(3_600_000) }, { 60: () => arriving(gone) });
    expect(kept.status).toBe(0);
    expect(kept.mappedAfterMs).toBeLessThan(110_000);
  });

  it('does not limit the wait for a line', async () => {
    const { container, router } = simulated();
    let isUp = false;
    router.inject(lineDown(() => isUp));
    const kept = await keep(router.clock, { container, ...withTimeout(3000) }, { 20: () => (isUp = true) });
    expect(kept.status).toBe(0);
    expect(kept.mappedAfterMs).toBeGreaterThan(20_000);
  });
});

describe('map --keep on a router whose line is not up yet', () => {
  it('waits, and says why', async () => {
    const { container, router } = simulated();
    let isUp = false;
    router.inject(lineDown(() => isUp));
    const kept = await keep(router.clock, { container }, { 10: () => (isUp = true) });
    expect(kept).toMatchObject({ status: 0, waitings: 1 });
    expect(kept.stderr).toMatch(/^warning: can't map TCP port 7777: .*501.*\. Waiting/);
    expect(kept.mappedAfterMs).toBeLessThan(30_000);
    expect(router.mappings()).toEqual([]);
  });

  it('of both protocols has both on one port, or none', async () => {
    const { container, router } = simulated();
    let isUp = false;
    let meanwhile: unknown = null;
    let mapped: unknown = null;
    router.inject(lineDown(() => isUp, 'UDP'));
    const kept = await keep(
      router.clock,
      {
        container,
        argvEnd: ['--protocol', 'both'],
        onMapped: () => (mapped = router.mappings()),
      },
      { 3: () => (meanwhile = router.mappings()), 10: () => (isUp = true) },
    );
    expect(kept.status).toBe(0);
    expect(meanwhile).toEqual([]);
    expect(mapped).toMatchObject([
      { externalPort: 7777, protocol: 'TCP' },
      { externalPort: 7777, protocol: 'UDP' },
    ]);
    expect(router.mappings()).toEqual([]);
  });
});

describe('map --keep ends at once', () => {
  it('where another computer has the port', async () => {
    const { container, router } = simulated();
    await mapElsewhere(router);
    const { status, stderr, waitings } = await keep(router.clock, { container });
    expect({ status, waitings }).toEqual({ status: 1, waitings: 0 });
    expect(stderr).toContain('TCP port 7777 is already mapped to 192.168.1.77:7777');
  });

  it('where the owner of the router does not allow it', async () => {
    const { container, router } = simulated();
    router.inject('not-authorized-606');
    expect(await keep(router.clock, { container })).toMatchObject({ status: 1, waitings: 0, stdout: '' });
  });

  it('where it is used wrongly', async () => {
    const { container, router } = simulated();
    const argv = ['map', '0', '--keep'];
    expect(await keep(router.clock, { container, argv })).toMatchObject({ status: 2, waitings: 0 });
    const url = { container, argvEnd: ['--gateway', 'http://user@192.168.1.1/'] };
    expect(await keep(router.clock, url)).toMatchObject({ waitings: 0, stdout: '' });
  });

  it('where the refusal comes after it has waited', async () => {
    const { container, gone } = await deserted();
    const { status, stderr } = await keep(
      gone.clock,
      { container },
      { 10: () => arriving(gone).inject('not-authorized-606') },
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/Waiting[^]*\nportwright: can't map TCP port 7777: .*606/);
    await gone.clock.advance('1m');
    expect(gone.clock.pending).toBe(0);
  });
});

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
