/** A mapping that stays on a real gateway, whatever happens to it; and all that is told meanwhile. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import { startOnLan, type Program } from './keep.mjs';
import { createLab, type Lab } from './lab.mjs';
import { reach, serveEcho } from './reach.mjs';

/** Asks from outside until a packet gets through; milliseconds. */
async function untilReached({ wan, externalAddress }: Lab, seconds: number): Promise<number> {
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) {
    if ((await reach(wan, 'udp', externalAddress, 7777, 'hello', 0.2)).reached) return performance.now() - start;
  }
  return Infinity;
}

/** Another client of the gateway. */
async function upnpc({ lan, descriptionUrl }: Lab, ...args: readonly string[]): Promise<void> {
  expect((await lan.exec('upnpc', ['-u', descriptionUrl, ...args])).code).toBe(0);
}

describe.skipIf(skipWithoutLab(['upnpc']))('a kept mapping', () => {
  it.each([
    ['was killed, and comes back on another port', { killed: true, emptyTable: true, httpPort: 6000 }],
    ['was killed, and comes back on the same port', { killed: true, emptyTable: true }],
    ['says goodbye, and comes back on another port', { emptyTable: true, httpPort: 6001 }],
  ])('lets packets in again when the gateway %s, without its mappings', async (how, restart) => {
    await using lab = await createLab();
    await using echo = await serveEcho(lab.lan, 'udp', 7777);
    await using program = await startOnLan(lab, 'keep-a-mapping.ts');
    await program.said('mapped');
    expect(await untilReached(lab, 2)).toBeLessThan(2000);
    await lab.restartGateway(restart);
    const took = await untilReached(lab, 30);
    process.stdout.write(`The gateway ${how}: a packet gets through after ${(took / 1000).toFixed(1)} s.\n`);
    expect(took).toBeLessThan(30_000);
    expect(lab.mappings()).toMatchObject([{ externalPort: 7777, protocol: 'UDP', internalClient: '10.77.0.2' }]);
    expect(echo.received.length).toBeGreaterThanOrEqual(2);
  });

  it('is gone after SIGTERM, and so is its line in the journal', async () => {
    await using lab = await createLab();
    const journal = join(lab.plan.directory, 'journal.json');
    await using program = await startOnLan(lab, 'keep-a-mapping.ts', [journal]);
    await program.said('mapped');
    expect(lab.mappings()).toHaveLength(1);
    await program.kill('SIGTERM');
    expect(lab.mappings()).toEqual([]);
    expect(readFileSync(journal, 'utf8')).toBe('{"version":1,"leases":[]}\n');
  });

  it('stays after SIGKILL, until the next start removes it, and nothing else', async () => {
    await using lab = await createLab();
    const journal = join(lab.plan.directory, 'journal.json');
    {
      await using killed = await startOnLan(lab, 'keep-a-mapping.ts', [journal]);
      await killed.said('mapped');
      await killed.kill('SIGKILL');
    }
    await upnpc(lab, '-e', 'another', '-a', lab.lanAddress, '8888', '8888', 'UDP');
    expect(lab.mappings().map(({ externalPort }) => externalPort)).toEqual([7777, 8888]);
    await using next = await startOnLan(lab, 'keep-a-mapping.ts', [journal]);
    expect(await next.said('cleaned')).toMatchObject({ deleted: [{ externalPort: 7777 }], left: [], failed: [] });
    await next.said('mapped');
    await next.kill('SIGTERM');
    expect(lab.mappings()).toMatchObject([{ externalPort: 8888, description: 'another' }]);
  });

  it('of somebody else by now is not removed', async () => {
    await using lab = await createLab();
    const journal = join(lab.plan.directory, 'journal.json');
    {
      await using killed = await startOnLan(lab, 'keep-a-mapping.ts', [journal]);
      await killed.said('mapped');
      await killed.kill('SIGKILL');
    }
    await upnpc(lab, '-d', '7777', 'UDP');
    await upnpc(lab, '-e', 'another', '-a', lab.lanAddress, '9999', '7777', 'UDP');
    await using next = await startOnLan(lab, 'keep-a-mapping.ts', [journal]);
    expect(await next.said('cleaned')).toMatchObject({ deleted: [], left: [{ externalPort: 7777 }], failed: [] });
    await next.kill('SIGKILL');
    expect(lab.mappings()).toMatchObject([{ externalPort: 7777, internalPort: 9999, description: 'another' }]);
  });
});

/**
 * Resolves when the watch hears what the gateway announces. The search before it is in the same group of 1900, so the group
 * alone shows nothing. The watch subscribes to events after it has joined.
 */
async function hearing(lab: Lab, program: Program): Promise<void> {
  await program.said('watching');
  await expect.poll(() => lab.gatewayLog()).toMatch(/^SEQ: 0\r?$/m);
  const groups = async (): Promise<string> => (await lab.lan.exec('cat', ['/proc/net/igmp'])).stdout;
  await expect.poll(groups, { timeout: 10_000 }).toContain('FAFFFFEF');
}

describe.skipIf(skipWithoutLab(['upnpc']))('a watched gateway', () => {
  it('tells by an event that another client has mapped a port, and at once that it was restarted', async () => {
    await using lab = await createLab();
    await using program = await startOnLan(lab, 'keep-watching.ts');
    await program.said('watching');
    // What it is told first is what there is, and no change.
    await expect.poll(() => lab.gatewayLog()).toMatch(/^SEQ: 0\r?$/m);
    await upnpc(lab, '-a', lab.lanAddress, '8080', '18080', 'TCP');
    expect(await program.said('mappings')).toEqual({ kind: 'mappings', source: 'event', entries: 1 });
    await upnpc(lab, '-d', '18080', 'TCP');
    expect(await program.said('mappings')).toEqual({ kind: 'mappings', source: 'event', entries: 0 });
    await lab.restartGateway({ killed: true });
    await program.said('restarted');
    program.finish();
    await program.said('closed');
  });

  it('tells that it was restarted on another port', async () => {
    await using lab = await createLab();
    await using program = await startOnLan(lab, 'keep-watching.ts');
    await hearing(lab, program);
    await lab.restartGateway({ killed: true, httpPort: 6000 });
    expect(await program.said('restarted')).toEqual({ kind: 'restarted', source: 'announcement' });
  });

  it('is found gone when it says so', async () => {
    await using lab = await createLab();
    await using program = await startOnLan(lab, 'keep-watching.ts');
    await hearing(lab, program);
    await lab.stopGateway();
    expect(await program.said('gone')).toEqual({ kind: 'gone', source: 'announcement' });
  });
});

describe.skipIf(skipWithoutLab())('an IPv6 pinhole', () => {
  it('lets packets in while it is open', async () => {
    await using lab = await createLab();
    await using echo = await serveEcho(lab.lan, 'tcp', 8080);
    const reached = async (text: string): Promise<boolean> =>
      (await reach(lab.wan, 'tcp', lab.lanAddress6 ?? '', 8080, text, 1)).reached;
    expect(await reached('before')).toBe(false);
    await using program = await startOnLan(lab, 'keep-a-pinhole.ts');
    expect(await program.said('firewall')).toMatchObject({ enabled: true, pinholesAllowed: true });
    expect(await program.said('open')).toMatchObject({
      protocol: 'TCP',
      internalClient: 'fd77::2',
      internalPort: 8080,
    });
    expect(await reached('open')).toBe(true);
    program.finish();
    // This build of miniupnpd does not count a hole's packets, and says that there were none (709).
    expect(await program.said('working')).toMatchObject({ working: null });
    await program.said('closed');
    expect(await reached('after')).toBe(false);
    expect(echo.received).toMatchObject([{ address: '2a00:5::2', text: 'open' }]);
  });
});
