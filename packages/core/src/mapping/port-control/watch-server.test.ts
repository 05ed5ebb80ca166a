/** A server that is watched: what is reported, and how often it is asked. */
import { describe, expect, it } from 'vitest';
import { natPmpMapper } from '../nat-pmp/mapper.ts';
import { pcpMapper } from '../pcp/mapper.ts';
import type { GatewayChange, MapperWatch, WatchContext } from '../port-mapper.ts';
import { fakeRouter, ROUTER, ROUTER6, type FakeRouter } from './fake-router.test-support.ts';

const SERVER = { address: ROUTER, port: 5351 };
const ANNOUNCEMENT = Uint8Array.of(2, 128, 0, 0, ...new Uint8Array(20));

interface Watched {
  readonly router: FakeRouter;
  readonly watch: MapperWatch;
  readonly changes: string[];
}

async function watched(version: 0 | 2, options: Partial<WatchContext> = {}, address = ROUTER): Promise<Watched> {
  const router = fakeRouter(version);
  const mapper = (version === 2 ? pcpMapper : natPmpMapper)(router.transport, { address, name: 'eth0' });
  const watch = mapper.watch({ isStillMapped: () => Promise.resolve(true), state: null, isStale: false, ...options });
  const changes: string[] = [];
  watch.on((change: GatewayChange) => {
    const address = change.kind === 'externalAddress' ? ` ${String(change.address)} ${change.addressClass}` : '';
    changes.push(`${change.kind}${address}, ${change.source}`);
  });
  await router.network.clock.advance('1s');
  return { router, watch, changes };
}

describe.each([
  ['PCP', 2],
  ['NAT-PMP', 0],
] as const)('%s', (_name, version) => {
  it('is asked at once, then every two minutes, and no more after the end', async () => {
    const { router, watch, changes } = await watched(version);
    expect(router.requests()).toHaveLength(1);
    await router.network.clock.advance('10m');
    expect(router.requests()).toHaveLength(6);
    await watch.close();
    await router.network.clock.advance('10m');
    expect(router.requests()).toHaveLength(6);
    expect([router.network.sockets.size, changes]).toEqual([0, []]);
  });

  it('with a state of just now it is asked two minutes later', async () => {
    const state = { externalAddress: '5.5.5.1', externalAddressClass: 'public' } as const;
    const { router, watch } = await watched(version, { state });
    expect([router.requests(), watch.state]).toEqual([[], state]);
    await router.network.clock.advance('2m');
    expect(router.requests()).toHaveLength(1);
    const stale = await watched(version, { state, isStale: true });
    expect(stale.router.requests()).toHaveLength(1);
    await Promise.all([watch.close(), stale.watch.close()]);
  });

  it('has restarted, as the next answer shows', async () => {
    const { router, watch, changes } = await watched(version);
    router.reboot();
    await router.network.clock.advance('2m');
    expect(changes).toEqual(['restarted, poll']);
    await router.network.clock.advance('20m');
    expect(changes).toHaveLength(1);
    await watch.close();
  });

  it('is gone after two polls without an answer, and has restarted when it answers', async () => {
    const { router, watch, changes } = await watched(version);
    router.mute = 1_000;
    await router.network.clock.advance('145s');
    expect(changes).toEqual(['gone, poll']);
    await router.network.clock.advance('20m');
    expect(changes).toHaveLength(1);
    router.mute = 0;
    await router.network.clock.advance('150s');
    expect(changes.slice(1)).toEqual(['restarted, poll']);
    await watch.close();
  });

  it('is asked within five seconds of an announcement, and believed only then', async () => {
    const { router, watch, changes } = await watched(version);
    router.network.multicast(ANNOUNCEMENT);
    await router.network.clock.advance('6s');
    expect([router.requests().length, changes]).toEqual([2, []]);
    router.reboot();
    router.network.multicast(version === 2 ? ANNOUNCEMENT : Uint8Array.of(0, 128, 0, 0, 0, 0, 0, 0, 5, 5, 5, 1));
    await router.network.clock.advance('10s');
    expect([router.requests().length, changes]).toEqual([3, ['restarted, announcement']]);
    await watch.close();
  });

  it('a flood of announcements costs one question every five seconds', async () => {
    const { router, watch } = await watched(version);
    for (let second = 0; second < 60; second += 1) {
      for (let times = 0; times < 50; times += 1) router.network.multicast(ANNOUNCEMENT);
      await router.network.clock.advance('1s');
    }
    expect(router.requests().length).toBeLessThanOrEqual(14);
    await watch.close();
  });

  it.each([
    ['another host', ANNOUNCEMENT, { ...SERVER, address: '192.168.1.66' }],
    ['another protocol', Uint8Array.of(3, 128, 0, 0), SERVER],
    ['nothing', new Uint8Array(0), SERVER],
  ])('an announcement of %s is ignored', async (_of, payload, from) => {
    const { router, watch } = await watched(version);
    router.network.multicast(payload, from);
    await router.network.clock.advance('1m');
    expect(router.requests()).toHaveLength(1);
    await watch.close();
  });

  it('is polled alone where the port of announcements is taken, or they are not wanted', async () => {
    const router = fakeRouter(version);
    router.network.isPortTaken = true;
    const mapper = (version === 2 ? pcpMapper : natPmpMapper)(router.transport, { address: ROUTER });
    const context = { isStillMapped: () => Promise.resolve(true), state: null, isStale: false };
    const watch = mapper.watch(context);
    await router.network.clock.advance('5m');
    expect(router.requests()).toHaveLength(3);
    await watch.close();
    const unwanted = await watched(version, { announcements: false });
    expect([...unwanted.router.network.sockets]).toEqual([]);
    await unwanted.watch.close();
  });

  it('is asked again when that is wanted', async () => {
    const { router, watch } = await watched(version);
    watch.checkNow();
    await router.network.clock.advance('1s');
    expect(router.requests()).toHaveLength(2);
    await watch.close();
  });

  it('is on another network when this host has another address', async () => {
    const { router, watch, changes } = await watched(version);
    router.network.interfaces = router.network.interfaces.map((one) => ({ ...one, address: '192.168.1.30' }));
    await router.network.clock.advance('11s');
    expect(changes).toEqual(['network, poll']);
    const listening = [...router.network.sockets].map(({ options }) => options.multicastInterface?.address);
    expect(listening).toEqual(['192.168.1.30']);
    await watch.close();
    expect(router.network.sockets.size).toBe(0);
  });
});

it('listens at the group of its family, on the interface of the server', async () => {
  const { router, watch } = await watched(2);
  expect([...router.network.sockets].map(({ options }) => options)).toMatchObject([
    { family: 'ipv4', localPort: 5350, memberships: ['224.0.0.1'], multicastInterface: { name: 'eth0' } },
  ]);
  await watch.close();
  const six = fakeRouter(2);
  six.network.interfaces.push({
    name: 'eth0',
    family: 'ipv6',
    address: '2a02:1::20',
    prefixLength: 64,
    internal: false,
  });
  const mapper = pcpMapper(six.transport, { address: ROUTER6, name: 'eth0' });
  const other = mapper.watch({ isStillMapped: () => Promise.resolve(true), state: null, isStale: false });
  await six.network.clock.advance('1s');
  expect([...six.network.sockets].map(({ options }) => options)).toMatchObject([
    { family: 'ipv6', localPort: 5350, memberships: ['ff02::1'], multicastInterface: { address: '2a02:1::20' } },
  ]);
  six.network.multicast(ANNOUNCEMENT, { address: 'fe80::1%eth0', port: 5351 });
  await six.network.clock.advance('6s');
  expect(six.requests()).toHaveLength(2);
  await other.close();
});

it('NAT-PMP: another external address is reported, with its class', async () => {
  const { router, watch, changes } = await watched(0);
  expect(watch.state).toMatchObject({ externalAddress: '203.0.113.9' });
  router.wan = '5.5.5.2';
  await router.network.clock.advance('2m');
  expect(changes).toEqual(['externalAddress 5.5.5.2 public, poll']);
  router.wan = '0.0.0.0';
  await router.network.clock.advance('2m');
  expect(changes.slice(1)).toEqual(['externalAddress null invalid, poll']);
  await watch.close();
});
