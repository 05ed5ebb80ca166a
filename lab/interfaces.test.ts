/** Interfaces that come up while the command line runs, or a moment before, on a real gateway. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import { startOnLan } from './keep.mjs';
import { createLab, type Lab } from './lab.mjs';

const BIN = join(import.meta.dirname, '../packages/portwright/dist/bin.cjs');

/** Changes the network of the LAN's host. */
async function ip({ lan }: Lab, ...commands: readonly string[]): Promise<void> {
  const input = commands.map((command) => `${command}\n`).join('');
  const { code, stderr } = await lan.exec('ip', ['-batch', '-'], { input });
  expect([code, stderr]).toEqual([0, '']);
}

/**
 * An interface that works, and that is not marked as running: what each one is for up to a second after it has come up.
 * A state of our own makes it last.
 */
const NOT_YET_RUNNING = 'link set eth0 mode dormant state dormant';
const RUNNING = 'link set eth0 mode default state up';
/** Off and on again, as for a cable: it takes the route with it. */
const OFF = 'link set eth0 down';
const ON = ['link set eth0 up', 'route add default via 10.77.0.1'];

/** A VPN or a bridge, which is up: without another interface, the system's default is searched. */
const OTHER = [
  'link add other0 type veth peer name other1',
  // Without IPv6, an interface sends nothing by itself.
  'link set other0 addrgenmode none',
  'link set other1 addrgenmode none',
  'address add 10.99.0.2/24 dev other0',
  'link set other0 up',
  'link set other1 up',
];

const DEFAULT_TIME: string[] = [];

/** Another address of the same network, as by DHCP: the route goes with the old one. */
const RENUMBERED = [
  'address del 10.77.0.2/24 dev eth0',
  'address add 10.77.0.33/24 dev eth0',
  'route add default via 10.77.0.1',
];

async function listed({ lan }: Lab): Promise<readonly string[]> {
  const program = 'process.stdout.write(Object.keys(require("node:os").networkInterfaces()).join())';
  return (await lan.exec(process.execPath, ['-e', program])).stdout.split(',');
}

/** Runs `map 7777` on the LAN; `meanwhile` begins when it has been started. */
async function map(lab: Lab, limits = ['--timeout', '5000'], meanwhile?: () => Promise<void>): Promise<unknown> {
  const argv = [BIN, 'map', '7777', ...limits, '--json'];
  const child = lab.lan.spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [printed] = await Promise.all([text(child.stdout as Readable), meanwhile?.(), ended]);
  return JSON.parse(printed);
}

/** Resolves when the search has sent something. */
async function searching({ lan }: Lab, device: string): Promise<void> {
  const sent = async (): Promise<number> =>
    Number((await lan.exec('cat', [`/sys/class/net/${device}/statistics/tx_packets`])).stdout);
  const before = await sent();
  await expect.poll(sent, { timeout: 10_000, interval: 20 }).toBeGreaterThan(before);
}

const MAPPED = { mappings: [{ externalPort: 7777, internalClient: '10.77.0.2' }] };

describe.skipIf(skipWithoutLab())('map', () => {
  it('finds the gateway on an interface that is not listed yet', async () => {
    await using lab = await createLab();
    await ip(lab, NOT_YET_RUNNING);
    expect(await listed(lab)).toEqual(['lo']);
    expect(await map(lab)).toMatchObject(MAPPED);
  });

  it('finds the gateway on an interface that is listed only while it searches', async () => {
    await using lab = await createLab();
    await ip(lab, ...OTHER, NOT_YET_RUNNING);
    expect(await listed(lab)).toEqual(['lo', 'other0']);
    const mapped = map(lab, undefined, async () => {
      await searching(lab, 'other0');
      await ip(lab, RUNNING);
    });
    expect(await mapped).toMatchObject(MAPPED);
  });

  it.each([
    ['a moment before', true],
    ['while it searches', false],
  ])('finds the gateway on an interface that is switched on %s', async (_when, isBefore) => {
    await using lab = await createLab();
    await ip(lab, ...OTHER, OFF);
    if (isBefore) await ip(lab, ...ON);
    const mapped = map(lab, undefined, async () => {
      if (isBefore) return;
      await searching(lab, 'other0');
      await ip(lab, ...ON);
    });
    expect(await mapped).toMatchObject(MAPPED);
  });

  it('finds the gateway on a LAN that comes up a second after it has started, within its default time', async () => {
    await using lab = await createLab();
    await ip(lab, ...OTHER, OFF);
    const mapped = map(lab, DEFAULT_TIME, async () => {
      await searching(lab, 'other0');
      await sleep(900);
      await ip(lab, ...ON);
    });
    expect(await mapped).toMatchObject(MAPPED);
  });

  it('says what is missing when no interface comes up', async () => {
    await using lab = await createLab();
    await ip(lab, OFF);
    expect(await map(lab)).toMatchObject({ error: { kind: 'no-gateway', code: 'no-network' } });
  });
});

it.skipIf(skipWithoutLab())('map asks a router over IPv4 that was found over IPv6, if it refuses there', async () => {
  await using lab = await createLab({ secureMode: true });
  const url = `http://[${lab.gatewayAddress6}]:${lab.httpPort}/rootDesc.xml`;
  expect(await map(lab, ['--gateway', url])).toMatchObject(MAPPED);
  expect(lab.mappings()).toMatchObject([{ externalPort: 7777, internalClient: '10.77.0.2' }]);
});

describe.skipIf(skipWithoutLab())('a kept mapping', () => {
  it('follows to another address of this host within seconds', async () => {
    await using lab = await createLab();
    await using program = await startOnLan(lab, 'keep-a-mapping.ts');
    await program.said('mapped');
    expect(lab.mappings()).toMatchObject([{ externalPort: 7777, internalClient: '10.77.0.2' }]);
    await ip(lab, ...RENUMBERED);
    // The list is read every ten seconds; requests that the old address waits for take five.
    await program.said('moved', 60);
    expect(lab.mappings()).toMatchObject([{ externalPort: 7777, internalClient: '10.77.0.33' }]);
    await program.kill('SIGTERM');
    expect(lab.mappings()).toEqual([]);
  });
});

describe.skipIf(skipWithoutLab())('the clean-up after a crash', () => {
  it.each([
    ['that is not listed yet', [NOT_YET_RUNNING]],
    ['that came up a moment ago', [OFF, ...ON]],
  ])('deletes what leads to an interface %s', async (_which, commands) => {
    await using lab = await createLab();
    const journal = join(lab.plan.directory, 'journal.json');
    {
      await using killed = await startOnLan(lab, 'keep-a-mapping.ts', [journal]);
      await killed.said('mapped');
      await killed.kill('SIGKILL');
    }
    expect(lab.mappings()).toMatchObject([{ externalPort: 7777 }]);
    await ip(lab, ...commands);
    await using next = await startOnLan(lab, 'keep-a-mapping.ts', [journal]);
    expect(await next.said('cleaned')).toMatchObject({ deleted: [{ externalPort: 7777 }], left: [], failed: [] });
    await next.said('mapped');
    await next.kill('SIGTERM');
    expect(lab.mappings()).toEqual([]);
    expect(readFileSync(journal, 'utf8')).toBe('{"version":1,"leases":[]}\n');
  });
});
