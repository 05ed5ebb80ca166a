/** Announcements of a gateway (UDA 1.1, 1.2), true and forged. */
import { deadHost, quietHost } from '@portwright/transport-mock';
import { SSDP_PORT } from '../../ssdp/multicast.ts';
import { errAsync } from '../../result.ts';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../../client/gateway-at.ts';
import { ANNOUNCEMENTS, watched, type Watched } from './watch.test-support.ts';
import { watchGateway, type WatchOptions } from './watch.ts';

const UDN = 'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500';
const LOCATION = 'http://192.168.1.1:5000/description.xml';

interface Forgery {
  readonly nts?: 'ssdp:alive' | 'ssdp:byebye' | 'ssdp:update';
  readonly udn?: string;
  readonly bootId?: number;
  readonly location?: string;
  readonly from?: string;
}

/** An announcement in the gateway's name. */
function announce({ router }: Watched, forgery: Forgery = {}): void {
  const { nts = 'ssdp:alive', udn = UDN, bootId = 1, location = LOCATION, from = '192.168.1.1' } = forgery;
  const lines = [
    'NOTIFY * HTTP/1.1',
    'HOST: 239.255.255.250:1900',
    'NT: upnp:rootdevice',
    `NTS: ${nts}`,
    `USN: ${udn}::upnp:rootdevice`,
    `BOOTID.UPNP.ORG: ${bootId}`,
    'CONFIGID.UPNP.ORG: 1',
    ...(nts === 'ssdp:byebye' ? [] : [`LOCATION: ${location}`]),
    ...(nts === 'ssdp:alive' ? ['CACHE-CONTROL: max-age=1800', 'SERVER: a'] : []),
    ...(nts === 'ssdp:update' ? [`NEXTBOOTID.UPNP.ORG: ${bootId + 1}`] : []),
  ];
  const payload = new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`);
  router.network.multicast(payload, { address: from, port: SSDP_PORT }, '239.255.255.250');
}

/** How often the description was fetched. */
function descriptions({ router }: Watched): number {
  return router.exchanges().filter((one) => one.kind === 'http' && one.request.method === 'GET').length;
}

function requests({ router }: Watched): number {
  return router.exchanges().filter(({ kind }) => kind === 'http').length;
}

describe('a watch reports at once', () => {
  it('a restart, by the BOOTID, which the uptime confirms', async () => {
    const at = await watched(ANNOUNCEMENTS);
    at.router.announce('alive');
    await at.router.clock.advance('9m');
    expect(at.told).toEqual([]);
    at.router.reboot({ httpPort: 5000 });
    await at.router.clock.advance('1s');
    expect(at.told).toEqual(['announcement restarted']);
    await at.router.clock.advance('1h');
    expect(at.told).toEqual(['announcement restarted']);
  });

  it('a restart, by the first announcement of all: the subscription is lost', async () => {
    const at = await watched({ events: true }, { reports: { uptimeFormat: 'days-and-time' } });
    at.router.reboot({ httpPort: 5000 });
    await at.router.clock.advance('1s');
    expect(at.told).toEqual(['event restarted']);
  });

  it('a restart, without events: the mapping is gone', async () => {
    let stands = true;
    const isStillMapped = (): Promise<boolean> => Promise.resolve(stands);
    const at = await watched({ isStillMapped }, { reports: { uptimeFormat: 'days-and-time' } });
    stands = false;
    at.router.reboot({ httpPort: 5000 });
    await at.router.clock.advance('1s');
    expect(at.told).toEqual(['announcement restarted']);
  });

  it('no restart, while the mapping is there', async () => {
    let asked = 0;
    const isStillMapped = (): Promise<boolean> => {
      asked += 1;
      return Promise.resolve(true);
    };
    const at = await watched({ isStillMapped }, { reports: { uptimeFormat: 'days-and-time' } });
    at.router.reboot({ httpPort: 5000 });
    await at.router.clock.advance('1m');
    expect(at.told).toEqual([]);
    // The first alive of a run is one claim, however often it is repeated.
    expect(asked).toBe(1);
  });

  it('a restart of a gateway without a BOOTID', async () => {
    const at = await watched({}, { igdVersion: 1 });
    await at.router.clock.advance('15m');
    at.router.reboot({ httpPort: 5000 });
    await at.router.clock.advance('1s');
    expect(at.told).toEqual(['announcement restarted']);
  });

  it('a restart on another port', async () => {
    const at = await watched(ANNOUNCEMENTS);
    at.router.reboot();
    await at.router.clock.advance('1s');
    expect(at.told).toEqual(['announcement restarted']);
    await at.router.clock.advance('1h');
    expect(at.told).toEqual(['announcement restarted']);
  });

  it('a gateway that is gone', async () => {
    const at = await watched(ANNOUNCEMENTS);
    await at.router.close();
    await at.router.clock.advance('4s');
    expect(at.told).toEqual(['announcement gone']);
    await at.router.clock.advance('1h');
    expect(at.told).toEqual(['announcement gone']);
  });

  it('a gateway that is back', async () => {
    const at = await watched(ANNOUNCEMENTS);
    const { router } = at;
    await router.close();
    await router.clock.advance('10s');
    router.network.attach(router.machine.host);
    announce(at);
    await router.clock.advance('1s');
    expect(at.told).toEqual(['announcement gone', 'announcement restarted']);
  });

  it('a restart, over IPv6', async () => {
    const { router, told, watch } = await watched(ANNOUNCEMENTS);
    await watch.close();
    const url = 'http://[fd77::1]:5000/description.xml';
    const { gateway } = (await gatewayAt(router.transport, url))._unsafeUnwrap();
    const over6 = watchGateway(gateway, ANNOUNCEMENTS);
    const kinds: string[] = [];
    over6.on(({ source, kind }) => kinds.push(`${source} ${kind}`));
    await router.clock.advance('10s');
    router.announce('alive');
    await router.clock.advance('10s');
    router.reboot({ httpPort: 5000 });
    await router.clock.advance('1s');
    await over6.close();
    expect([told, kinds]).toEqual([[], ['announcement restarted']]);
  });
});

describe('a watch does not believe', () => {
  it.each<readonly [string, Forgery]>([
    ['a byebye from another host', { nts: 'ssdp:byebye', from: '192.168.1.66' }],
    ['a byebye of another device on its host', { nts: 'ssdp:byebye', udn: 'uuid:a-television' }],
    ['a BOOTID from another host', { bootId: 9, from: '192.168.1.66' }],
    ['the BOOTID of another device on its host', { bootId: 9, udn: 'uuid:a-television' }],
    ['the LOCATION of another device on its host', { location: 'http://192.168.1.1:8200/', udn: 'uuid:a-television' }],
  ])('%s, and sends no request', async (_what, forgery) => {
    const at = await watched(ANNOUNCEMENTS);
    announce(at);
    await at.router.clock.advance('1s');
    const before = descriptions(at);
    announce(at, forgery);
    await at.router.clock.advance('1h');
    expect(at.told).toEqual([]);
    expect(descriptions(at)).toBe(before);
  });

  it.each<readonly [string, Forgery]>([
    ['a byebye in its name', { nts: 'ssdp:byebye' }],
    ['another LOCATION in its name', { location: 'http://192.168.1.66/evil.xml' }],
  ])('%s, while it stands where it stood', async (_what, forgery) => {
    const at = await watched(ANNOUNCEMENTS);
    const before = descriptions(at);
    announce(at, forgery);
    await at.router.clock.advance('1h');
    expect(at.told).toEqual([]);
    expect(descriptions(at) - before).toBe(1);
  });

  it('that an update is a restart', async () => {
    const at = await watched(ANNOUNCEMENTS);
    announce(at);
    announce(at, { nts: 'ssdp:update' });
    announce(at, { bootId: 2 });
    await at.router.clock.advance('1h');
    expect(at.told).toEqual([]);
  });

  it('a flood of byebyes costs one request in five seconds', async () => {
    const at = await watched(ANNOUNCEMENTS);
    const before = descriptions(at);
    for (let second = 0; second < 60; second += 1) {
      for (let one = 0; one < 20; one += 1) announce(at, { nts: 'ssdp:byebye' });
      await at.router.clock.advance('1s');
    }
    expect(at.told).toEqual([]);
    expect(descriptions(at) - before).toBeLessThanOrEqual(13);
    expect(descriptions(at) - before).toBeGreaterThanOrEqual(12);
  });

  it.each<readonly [string, WatchOptions, number]>([
    // Checked at 0, 5, 15, 35 and 75 s, and polled at 120 s at the latest.
    ['by the uptime', { events: false }, 12],
    ['by a subscription that is still known', { events: true }, 8],
    ['by a mapping that is there', { events: false, isStillMapped: () => Promise.resolve(true) }, 12],
  ])('a flood of BOOTIDs, refuted %s: no restart, and few requests', async (_how, options, most) => {
    const at = await watched(options);
    const before = requests(at);
    for (let second = 0; second < 120; second += 1) {
      for (let one = 0; one < 20; one += 1) announce(at, { bootId: 20 * second + one });
      await at.router.clock.advance('1s');
    }
    expect(at.told).toEqual([]);
    expect(requests(at) - before).toBeLessThanOrEqual(most);
    expect(requests(at) - before).toBeGreaterThanOrEqual(5);
  });

  it('rising BOOTIDs where nothing can confirm a restart', async () => {
    const at = await watched(ANNOUNCEMENTS, { reports: { uptimeFormat: 'days-and-time' } });
    announce(at, { bootId: 1 });
    await at.router.clock.advance('10s');
    announce(at, { bootId: 2 });
    await at.router.clock.advance('1h');
    expect(at.told).toEqual([]);
  });

  it('a LOCATION on another host of a gateway that does not answer: that host gets no request', async () => {
    const at = await watched(ANNOUNCEMENTS);
    const asked: string[] = [];
    const host = quietHost('192.168.1.66');
    at.router.network.attach({
      ...host,
      http: (port, request, from) => {
        asked.push(request.url);
        return host.http(port, request, from);
      },
    });
    at.router.network.attach(deadHost('192.168.1.1'));
    announce(at, { location: 'http://192.168.1.66/evil.xml' });
    await at.router.clock.advance('10s');
    expect([at.told, asked]).toEqual([['announcement gone'], []]);
  });

  it('a LOCATION on another port, where nothing or another device is described', async () => {
    const at = await watched(ANNOUNCEMENTS);
    at.router.machine.configure({ httpPort: 6000 });
    announce(at, { location: 'http://192.168.1.1:7000/description.xml' });
    await at.router.clock.advance('10s');
    expect(at.told).toEqual(['announcement gone']);
  });
});

it('reports one restart once, though announcements and the uptime show it', async () => {
  const { router, told } = await watched({}, { announces: true });
  await router.clock.advance('10m');
  router.reboot({ httpPort: 5000 });
  await router.clock.advance('2h');
  expect(told).toEqual(['announcement restarted']);
});

it('works by polling if the port of announcements cannot be opened', async () => {
  const { gateway, router, told } = await watched({ events: false, announcements: false });
  const inUse = { kind: 'transport', code: 'address-in-use', message: 'port 1900 is in use' } as const;
  const transport = { ...gateway.transport, datagram: { open: () => errAsync(inUse) } };
  const deaf = watchGateway({ ...gateway, transport }, ANNOUNCEMENTS);
  const kinds: string[] = [];
  deaf.on(({ source, kind }) => kinds.push(`${source} ${kind}`));
  await router.clock.advance('1m');
  router.changeExternalAddress('5.5.5.9');
  await router.clock.advance('3m');
  await deaf.close();
  expect([kinds, told]).toEqual([['poll externalAddress'], ['poll externalAddress 5.5.5.9 public']]);
});
