import { addMapping, gatewayAt } from '@portwright/core/upnp';
import { describe, expect, it } from 'vitest';
import { run, simulated, type Run, type RunOptions } from '../../host.test-support.ts';
import type { SimulatedGateway, SimulateGatewayOptions } from '@portwright/transport-mock';

interface Running {
  readonly router: SimulatedGateway;
  /** What was printed to stdout up to now, with a time of day as `##:##:##`. */
  readonly printed: () => string;
  /** Ctrl-C. */
  readonly stop: () => Promise<Run>;
}

/** Runs a command that goes on, until it has printed a text. */
async function running(
  argv: readonly string[],
  until: string,
  options: SimulateGatewayOptions & Pick<RunOptions, 'isTTY'> = {},
): Promise<Running> {
  const { isTTY, ...gateway } = options;
  const { container, router } = simulated(gateway);
  const interrupt = new AbortController();
  let printed = '';
  let run_: Promise<Run> | undefined;
  await new Promise<void>((resolve, reject) => {
    const onStdout = (text: string): void => {
      printed += text;
      if (printed.includes(until)) resolve();
    };
    run_ = run(argv, { container, signal: interrupt.signal, onStdout, ...(isTTY === undefined ? {} : { isTTY }) });
    void run_.then(({ stdout, stderr }) => {
      reject(new Error(`it ended: ${stdout}${stderr}`));
    });
  });
  return {
    router,
    printed: () => withoutTimes(printed),
    stop: async () => {
      interrupt.abort();
      const result = await (run_ as Promise<Run>);
      return { ...result, stdout: withoutTimes(result.stdout) };
    },
  };
}

function withoutTimes(text: string): string {
  return text.replaceAll(/^\d\d:\d\d:\d\d/gm, '##:##:##').replaceAll(/"at":"[^"]*"/g, '"at":"#"');
}

describe('map --keep', () => {
  it('shows renewals, and unmaps on Ctrl-C', async () => {
    const { router, printed, stop } = await running(['map', '7777', '--keep'], 'Press Ctrl-C');
    await router.clock.advance('1h');
    expect(router.mappings()).toHaveLength(1);
    expect(printed()).toBe(
      [
        'TCP port 7777 -> 192.168.1.2:7777 is mapped by UPnP for 1 hour',
        'External address: 5.5.5.1:7777',
        'Press Ctrl-C to stop and unmap.',
        '',
        '##:##:##  TCP port 7777 is renewed for 1 hour',
        '##:##:##  TCP port 7777 is renewed for 1 hour',
        '',
      ].join('\n'),
    );
    const { status, stdout, stderr } = await stop();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/\n##:##:## {2}TCP port 7777 is no longer mapped\n$/);
    expect(router.mappings()).toEqual([]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('unmaps it, too, when it is interrupted %i ms after it was mapped', async (ms) => {
    const { router, stop } = await running(['map', '7777', '--keep'], 'Press Ctrl-C');
    if (ms > 0) await router.clock.advance(`${ms}ms`);
    expect(await stop()).toMatchObject({ status: 0, stderr: '' });
    expect(router.mappings()).toEqual([]);
  });

  it('of both protocols keeps both, and tells of the address once', async () => {
    const { router, printed, stop } = await running(['map', '7777', '--protocol', 'both', '--keep'], 'Press Ctrl-C');
    await router.clock.advance('10s');
    router.changeExternalAddress('5.5.5.9');
    await router.clock.advance('10s');
    expect(printed().split('\n').slice(-2)).toEqual(['##:##:##  The external address is now 5.5.5.9 (public)', '']);
    expect(printed().match(/5\.5\.5\.9/g)).toHaveLength(1);
    expect((await stop()).stdout).toMatch(
      /\n##:##:## {2}TCP port 7777 is no longer mapped\n##:##:## {2}UDP port 7777 is no longer mapped\n$/,
    );
    expect(router.mappings()).toEqual([]);
  });

  it('tells when it is lost, and when it is back', async () => {
    const { router, printed, stop } = await running(['map', '7777', '--keep'], 'Press Ctrl-C', { igdVersion: 1 });
    const gone = router.inject('not-authorized-606', { on: 'AddPortMapping' });
    router.reboot();
    await router.clock.advance('2m');
    expect(printed()).toMatch(/\n##:##:## {2}TCP port 7777 is lost: .*; trying again in \d\.\d s\n$/);
    gone.remove();
    await router.clock.advance('10m');
    expect(printed()).toMatch(/\n##:##:## {2}TCP port 7777 is mapped again for 1 hour\n$/);
    expect(router.mappings()).toHaveLength(1);
    expect((await stop()).status).toBe(0);
    expect(router.mappings()).toEqual([]);
  });

  it('says on Ctrl-C that it may still be mapped where the gateway does not answer any more', async () => {
    const { router, stop } = await running(['map', '7777', '--keep'], 'Press Ctrl-C');
    await router.close();
    await router.clock.advance('1m');
    const { status, stdout, stderr } = await stop();
    expect(status).toBe(1);
    expect(stderr).toMatch(/TCP port 7777 may still be mapped: the router of TCP port 7777 does not answer/);
    expect(stdout).not.toContain('no longer mapped');
  });

  it('a terminal is told at once what a second Ctrl-C would leave', async () => {
    const { stop } = await running(['map', '7777', '--keep'], 'Press Ctrl-C', { isTTY: true });
    expect((await stop()).stderr).toBe('Unmapping TCP port 7777 (press Ctrl-C again to leave it mapped) ...\n');
  });

  it('with --json prints a document a line', async () => {
    const { router, stop } = await running(['map', '7777', '--keep', '--json'], '"event":"mapped"');
    await router.clock.advance('31m');
    const { status, stdout, stderr } = await stop();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [first, ...events] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(first).toMatchObject({
      event: 'mapped',
      mappings: [{ externalPort: 7777, verified: 'verified' }],
      externalAddress: '5.5.5.1',
    });
    const key = { at: '#', protocol: 'TCP', externalPort: 7777 };
    expect(events).toEqual([
      { event: 'renewed', ...key, mapping: expect.objectContaining({ leaseSeconds: 3600 }) as object },
      { event: 'unmapped', ...key },
    ]);
  });

  it('does not begin where the port could not be mapped', async () => {
    const { container } = simulated();
    expect(await run(['map', '80', '--keep'], { container })).toMatchObject({ status: 1, stdout: '' });
    const { status, stdout } = await run(['map', '80', '--keep', '--json'], { container });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^{"error":{"kind":"not-mapped",.*}\n$/);
  });
});

describe('watch', () => {
  it('tells what changes, and how that was noticed', async () => {
    const { router, printed, stop } = await running(['watch'], 'to stop');
    await router.clock.advance('10s');
    router.changeExternalAddress('5.5.5.9');
    await router.clock.advance('1s');
    router.changeExternalAddress('');
    await router.clock.advance('1s');
    router.setWanLink(false);
    await router.clock.advance('1s');
    expect(printed()).toBe(
      [
        'Simulated router: Connected for 0 seconds, 5.5.5.1 (public)',
        'Press Ctrl-C to stop.',
        '',
        '##:##:##  The external address is now 5.5.5.9, public (event)',
        '##:##:##  The external address is now unknown (event)',
        '##:##:##  The connection status is now "Disconnected" (event)',
        '',
      ].join('\n'),
    );
    expect(await stop()).toMatchObject({ status: 0, stderr: '' });
  });

  it('tells how many entries there are', async () => {
    const { router, printed, stop } = await running(['watch'], 'to stop');
    await router.clock.advance('10s');
    const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
    for (const externalPort of [7777, 8888]) {
      (await addMapping(gateway, { externalPort, protocol: 'TCP', description: 'one' }))._unsafeUnwrap();
      await router.clock.advance('10s');
    }
    expect(printed()).toMatch(/The port mappings changed: 1 entry \(.*The port mappings changed: 2 entries \(/s);
    await stop();
  });

  it('follows the gateway when that stands elsewhere after a reboot', async () => {
    const { router, printed, stop } = await running(['watch'], 'to stop');
    await router.clock.advance('1m');
    router.reboot({ httpPort: 6000 });
    await router.clock.advance('10m');
    expect(printed()).toContain('##:##:##  The router is now at http://192.168.1.1:6000/description.xml\n');
    router.changeExternalAddress('5.5.5.9');
    await router.clock.advance('10m');
    expect(printed()).toMatch(/\n##:##:## {2}The external address is now 5\.5\.5\.9, public \(event\)\n$/);
    expect(await stop()).toMatchObject({ status: 0, stderr: '' });
  });

  it('with --json prints a document a line', async () => {
    const { router, stop } = await running(['watch', '--json'], '"event":"watching"');
    await router.clock.advance('10s');
    router.changeExternalAddress('10.0.0.9');
    await router.clock.advance('1s');
    const { status, stdout } = await stop();
    expect(status).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      expect.objectContaining({ event: 'watching', status: 'Connected', externalAddress: '5.5.5.1' }),
      { event: 'externalAddress', at: '#', address: '10.0.0.9', addressClass: 'private', source: 'event' },
    ]);
  });
});
