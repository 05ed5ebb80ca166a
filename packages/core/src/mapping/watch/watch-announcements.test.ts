/** What a gateway says unasked (UDA 1.1, 1.2), and what others say in its name. */
import { SSDP_PORT } from '../../ssdp/multicast.ts';
import { errAsync } from '../../result.ts';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../../client/gateway-at.ts';
import { ANNOUNCEMENTS, watched, type Watched } from './watch.test-support.ts';
import { watchGateway } from './watch.ts';

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

/** How often its description was fetched. */
function descriptions({ router }: Watched): number {
  return router.exchanges().filter((one) => one.kind === 'http' && one.request.method === 'GET').length;
}

describe('is told at once', () => {
  it('that it was restarted, by its BOOTID', async () => {
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

  it('that it was restarted, where nothing was heard of it before: it no longer knows its subscriber', async () => {
    const at = await watched({ events: true }, { reports: { uptimeFormat: 'days-and-time' } });
    at.router.reboot({ httpPort: 5000 });
    await at.router.clock.advance('1s');
    expect(at.told).toEqual(['event restarted']);
  });

  it('that it was restarted, where there are no events: what stood there is gone', async () => {
    let stands = true;
    const stillStands = (): Promise<boolean> => Promise.resolve(stands);
    const at = await watched({ stillStands }, { reports: { uptimeFormat: 'days-and-time' } });
    stands = false;
    at.router.reboot({ httpPort: 5000 });
    await at.router.clock.advance('1s');
    expect(at.told).toEqual(['announcement restarted']);
  });

  it('nothing, where what stood there still stands', async () => {
    let asked = 0;
    const stillStands = (): Promise<boolean> => {
      asked += 1;
      return Promise.resolve(true);
    };
    const at = await watched({ stillStands }, { reports: { uptimeFormat: 'days-and-time' } });
    at.router.reboot({ httpPort: 5000 });
    await at.router.clock.advance('1m');
    expect(at.told).toEqual([]);
    // The first alive of a run is one sign, however often it is repeated.
    expect(asked).toBe(1);
  });

  it('that it was restarted, where it has no BOOTID, at the next look', async () => {
    const at = await watched({}, { igdVersion: 1 });
    await at.router.clock.advance('15m');
    at.router.reboot({ httpPort: 5000 });
    await at.router.clock.advance('2m');
    expect(at.told).toEqual(['poll restarted']);
  });

  it('that it was restarted on another port', async () => {
    const at = await watched(ANNOUNCEMENTS);
    at.router.reboot();
    await at.router.clock.advance('1s');
    expect(at.told).toEqual(['announcement restarted']);
    await at.router.clock.advance('1h');
    expect(at.told).toEqual(['announcement restarted']);
  });

  it('that it is gone', async () => {
    const at = await watched(ANNOUNCEMENTS);
    await at.router.close();
    await at.router.clock.advance('4s');
    expect(at.told).toEqual(['announcement gone']);
    await at.router.clock.advance('1h');
    expect(at.told).toEqual(['announcement gone']);
  });

  it('that it is back', async () => {
    const at = await watched(ANNOUNCEMENTS);
    const { router } = at;
    await router.close();
    await router.clock.advance('10s');
    router.network.attach(router.machine.host);
    announce(at);
    await router.clock.advance('1s');
    expect(at.told).toEqual(['announcement gone', 'announcement restarted']);
  });

  it('over IPv6', async () => {
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

describe('is not believed', () => {
  it.each<readonly [string, Forgery]>([
    ['a byebye from another host', { nts: 'ssdp:byebye', from: '192.168.1.66' }],
    ['a byebye of another device on its host', { nts: 'ssdp:byebye', udn: 'uuid:a-television' }],
    ['a BOOTID from another host', { bootId: 9, from: '192.168.1.66' }],
    ['the BOOTID of another device on its host', { bootId: 9, udn: 'uuid:a-television' }],
    ['the LOCATION of another device on its host', { location: 'http://192.168.1.1:8200/', udn: 'uuid:a-television' }],
  ])('%s: nobody even looks', async (_what, forgery) => {
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

  it('an update is no restart', async () => {
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

  it('a flood of BOOTIDs is a restart in half a minute', async () => {
    const at = await watched(ANNOUNCEMENTS);
    for (let second = 0; second < 120; second += 1) {
      for (let one = 0; one < 20; one += 1) announce(at, { bootId: 20 * second + one });
      await at.router.clock.advance('1s');
    }
    expect(at.told.length).toBeGreaterThanOrEqual(4);
    expect(at.told.length).toBeLessThanOrEqual(5);
  });
});

it('of one restart that events, announcements and the uptime show, one is told', async () => {
  const { router, told } = await watched({}, { announces: true });
  await router.clock.advance('10m');
  router.reboot({ httpPort: 5000 });
  await router.clock.advance('2h');
  expect(told).toEqual(['announcement restarted']);
});

it('hears nothing where the port can’t be had, and works all the same', async () => {
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
