/** `map --keep` while there is no router, or no network. */
import type { ClientLink, SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { simulated, widestLine } from '../../host.test-support.ts';
import { arriving, deaf, deserted, keep } from './keep-trying.test-support.ts';

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
      /^TCP port 7777 -> 192\.168\.1\.2:7777 is mapped by UPnP for 1 hour\nExternal address: 5\.5\.5\.1:7777\nPress Ctrl-C/,
    );
    expect(kept.stdout).toMatch(/TCP port 7777 is no longer mapped\n$/);
    expect(kept.mappedAfterMs).toBeLessThan(25_000);
    expect(router?.mappings()).toEqual([]);
    // Nobody listens for routers any more.
    await router?.close();
    await gone.clock.advance('1h');
    expect(gone.clock.pending).toBe(0);
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

  it.each([2, 9, 40, 300])('is interrupted %i seconds later, at once, and leaves nothing behind', async (seconds) => {
    const { container, gone } = await deserted();
    let interruptedAt = 0;
    const { status, stdout, stderr, waitings } = await keep(
      gone.clock,
      { container },
      {
        [seconds]: (interrupt) => {
          interruptedAt = gone.clock.now();
          interrupt();
        },
      },
    );
    expect(gone.clock.now() - interruptedAt).toBeLessThan(100);
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

  // At different moments of a pause of half a minute.
  it.each([300, 308, 316, 324])('notices a network after %i seconds soon', async (seconds) => {
    const link: ClientLink = { state: 'down' };
    const { container, router } = simulated({ client: { link } });
    const up = { [seconds]: () => (link.state = 'up') };
    const { status, mappedAfterMs } = await keep(router.clock, { container }, up);
    expect(status).toBe(0);
    // This host's addresses are read every 10 seconds.
    expect((mappedAfterMs ?? Infinity) / 1000 - seconds).toBeLessThan(14);
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
    const injected = router.inject(deaf);
    const argvEnd = ['--gateway', router.descriptionUrl];
    const kept = await keep(
      router.clock,
      { container, argvEnd },
      {
        12: () => {
          injected.remove();
        },
      },
    );
    expect(kept).toMatchObject({ status: 0, waitings: 1 });
    expect(kept.stdout).toContain('is mapped by UPnP for 1 hour');
  });
});
