/** What gets in the way of a watch on this host's side: its firewall, and its own address. */
import { simulateGateway, type ClientLink, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { gatewayAt } from '../../client/gateway-at.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { Transport } from '../../ports.ts';
import { genaRequests, POLLING, watched } from './watch.test-support.ts';
import { watchGateway, type WatchOptions } from './watch.ts';

function controlRequests(router: SimulatedGateway): number {
  return router.exchanges().filter((one) => one.kind === 'http' && one.request.method === 'POST').length;
}

/** What a firewall leaves that lets only established traffic in: no announcement and no event arrives. */
function firewalled({ transport }: SimulatedGateway): Transport {
  const { events } = transport;
  return {
    ...transport,
    datagram: { open: (options) => transport.datagram.open({ ...options, memberships: [] }) },
    events: events && { listen: (address) => events.listen(address, () => 503) },
  };
}

interface Watching {
  readonly gateway: Gateway;
  readonly told: readonly string[];
}

async function watching(router: SimulatedGateway, transport: Transport, options: WatchOptions): Promise<Watching> {
  const { gateway, state } = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
  const watch = watchGateway(gateway, { state, ...options });
  onTestFinished(() => watch.close());
  const told: string[] = [];
  watch.on(({ kind, source }) => told.push(`${source} ${kind}`));
  return { gateway, told };
}

describe('behind a firewall', () => {
  it('polls every two minutes, although it has subscribed', async () => {
    const router = simulateGateway();
    const { told } = await watching(router, firewalled(router), { events: true });
    await router.clock.advance('1m');
    expect(genaRequests({ router })).toEqual(['SUBSCRIBE 200']);
    const before = controlRequests(router);
    await router.clock.advance('10m');
    expect([controlRequests(router) - before, told]).toEqual([10, []]);
  });

  it('polls every ten minutes while events arrive', async () => {
    const router = simulateGateway();
    await watching(router, router.transport, { events: true });
    await router.clock.advance('1m');
    const before = controlRequests(router);
    await router.clock.advance('30m');
    expect(controlRequests(router) - before).toBe(6);
  });

  it('notices within two minutes that a gateway has restarted that was started a minute ago', async () => {
    const router = simulateGateway();
    const { told } = await watching(router, firewalled(router), { events: true });
    await router.clock.advance('30s');
    router.reboot({ httpPort: 5000 });
    await router.clock.advance('2m');
    expect(told).toEqual(['poll restarted']);
  });
});

describe('a host that loses its network and comes back', () => {
  it('subscribes and listens again, and reports one change', async () => {
    const link: ClientLink = { state: 'up' };
    const router = simulateGateway({ client: { link } });
    const { told } = await watching(router, router.transport, { events: true });
    await router.clock.advance('1m');
    link.state = 'down';
    await router.clock.advance('10s');
    expect(told).toEqual(['poll network']);
    link.state = 'up';
    await router.clock.advance('10s');
    expect(genaRequests({ router })).toEqual(['SUBSCRIBE 200', 'SUBSCRIBE 200']);
    router.changeExternalAddress('5.5.5.9');
    await router.clock.advance('1s');
    expect(told).toEqual(['poll network', 'event externalAddress']);
    router.reboot({ httpPort: 5000 });
    await router.clock.advance('1s');
    expect(told.slice(2)).toEqual(['event restarted']);
  });
});

it('checks a claim again if the renewal of the subscription was not answered', async () => {
  const { router, told } = await watched({ events: true }, { reports: { uptimeFormat: 'days-and-time' } });
  router.inject('reset-after-request', { on: 'event', times: 1 });
  router.reboot({ httpPort: 5000 });
  await router.clock.advance('1s');
  expect(told).toEqual([]);
  // Five seconds after the first check, and a pause for the router after the reset.
  await router.clock.advance('6s');
  expect(told).toEqual(['event restarted']);
});

it('subscribes again after a restart that a poll showed', async () => {
  const { router, told } = await watched({ events: true, announcements: false });
  router.reboot({ httpPort: 5000 });
  await router.clock.advance('10m');
  expect(told).toEqual(['poll restarted']);
  expect(genaRequests({ router })).toEqual(['SUBSCRIBE 200', 'RENEW 412', 'SUBSCRIBE 200']);
});

describe('an address that changes', () => {
  const OTHER = '192.168.1.33';

  it('before the interface was listed at all is another network', async () => {
    const link: ClientLink = { state: 'starting' };
    const { router, told } = await watched(POLLING, { client: { link } });
    link.state = 'up';
    link.address = OTHER;
    await router.clock.advance('1m');
    expect(told).toEqual(['poll network']);
  });

  it('while the network was gone is reported once', async () => {
    const link: ClientLink = { state: 'up' };
    const { router, told } = await watched(POLLING, { client: { link } });
    await router.clock.advance('30s');
    link.state = 'down';
    await router.clock.advance('30s');
    link.state = 'up';
    link.address = OTHER;
    await router.clock.advance('30s');
    const networks = (): number => told.filter((one) => one === 'poll network').length;
    expect(networks()).toBe(1);
    link.state = 'down';
    await router.clock.advance('30s');
    expect(networks()).toBe(2);
  });
});

it('an interface that is listed late is no other network', async () => {
  const link: ClientLink = { state: 'starting' };
  const { router, told } = await watched(POLLING, { client: { link } });
  link.state = 'up';
  await router.clock.advance('1m');
  expect(told).toEqual([]);
});
