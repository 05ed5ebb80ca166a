import { deadHost, MemoryNetwork, quietHost, simulateGateway, type NetworkHost } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../bytes.ts';
import { createAbort } from '../abort.ts';
import { discover } from './discover.ts';

/** Answers every search with these LOCATIONs, from its own address. */
function advertiser(address: string, ...locations: readonly string[]): NetworkHost {
  return {
    ...quietHost(address),
    datagram: () =>
      locations.map((location, index) => ({
        payload: encodeUtf8(
          `HTTP/1.1 200 OK\r\nLOCATION: ${location}\r\nST: upnp:rootdevice\r\nUSN: uuid:${index}::upnp:rootdevice\r\n\r\n`,
        ),
        from: { address, port: 1900 },
        delayMs: 0,
      })),
  };
}

describe('discover', () => {
  it('finds every gateway, once, with its description and the targets that it answered', async () => {
    const network = new MemoryNetwork();
    const first = simulateGateway({ network, friendlyName: 'First' });
    simulateGateway({ network, friendlyName: 'Second', igdVersion: 1, lanAddress: '192.168.1.254', uuid: 'b' });
    const { devices, rejected } = (await discover(first.transport))._unsafeUnwrap();
    expect(devices.map(({ description }) => description.device.friendlyName).sort()).toEqual(['First', 'Second']);
    expect(rejected).toEqual([]);
    const version2 = devices.find(({ location }) => location === first.descriptionUrl);
    expect(version2?.localAddress).toBe('192.168.1.2');
    expect(version2?.answers.map(({ target }) => target).sort()).toEqual([
      'upnp:rootdevice',
      'urn:schemas-upnp-org:device:InternetGatewayDevice:1',
      'urn:schemas-upnp-org:device:InternetGatewayDevice:2',
      'urn:schemas-upnp-org:service:WANIPConnection:1',
      'urn:schemas-upnp-org:service:WANIPConnection:2',
    ]);
  });

  it('takes exactly as long as it is told', async () => {
    const router = simulateGateway();
    expect((await discover(router.transport, { timeoutMs: 700 })).isOk()).toBe(true);
    expect(router.clock.now()).toBe(700);
  });

  it('is delayed by a dead responder for no longer than one description may take', async () => {
    const network = new MemoryNetwork();
    const router = simulateGateway({ network });
    const television = advertiser('192.168.1.50', 'http://192.168.1.50:80/desc.xml');
    network.attach({ ...television, http: deadHost('192.168.1.50').http });
    const discovery = await discover(router.transport, { timeoutMs: 2000, deadlineMs: 2500 });
    const { devices, rejected } = discovery._unsafeUnwrap();
    expect(devices).toHaveLength(1);
    expect(rejected).toMatchObject([
      { location: 'http://192.168.1.50/desc.xml', error: { kind: 'transport', code: 'timeout' } },
    ]);
    expect(router.clock.now()).toBeLessThan(2600);
  });

  it('finds nothing on a quiet network, and says how many answers there were', async () => {
    const network = new MemoryNetwork();
    const { devices, report } = (await discover(network.transport()))._unsafeUnwrap();
    expect(devices).toEqual([]);
    expect(report).toEqual({
      received: 0,
      malformed: 0,
      beyondLimits: 0,
      refused: [],
      search: {
        interfaces: [{ name: 'lan0', address: '192.168.1.2', family: 'ipv4' }],
        unsearched: [],
        defaultRouter: null,
        isRouterSearched: false,
        timeoutMs: 2000,
        late: [],
      },
    });
  });

  it.each(['multicast', 'unicast'] as const)(
    'finds a gateway that answers only %s searches',
    async (answersSearches) => {
      const router = simulateGateway({ answersSearches });
      expect((await discover(router.transport))._unsafeUnwrap().devices).toHaveLength(1);
    },
  );

  it('searches over IPv6 by link-local multicast, and takes the zone of the responder', async () => {
    const router = simulateGateway();
    const { devices } = (await discover(router.transport, { families: ['ipv6'] }))._unsafeUnwrap();
    expect(devices.map(({ location }) => location)).toContain('http://[fe80::1%25lan0]:5000/description.xml');
  });

  it('searches on every interface, or on the one that is named', async () => {
    const vpn = { name: 'tun0', family: 'ipv4', address: '10.8.0.2', prefixLength: 24, internal: false } as const;
    const router = simulateGateway({ client: { otherInterfaces: [vpn] } });
    expect((await discover(router.transport))._unsafeUnwrap().devices).toHaveLength(1);
    expect((await discover(router.transport, { interface: 'lan0' }))._unsafeUnwrap().devices).toHaveLength(1);
    expect((await discover(router.transport, { interface: '192.168.1.2' }))._unsafeUnwrap().devices).toHaveLength(1);
    expect((await discover(router.transport, { interface: 'tun0' }))._unsafeUnwrap().devices).toHaveLength(0);
    expect((await discover(router.transport, { interface: 'wlan7' }))._unsafeUnwrapErr()).toMatchObject({
      kind: 'transport',
      code: 'no-such-interface',
      hint: 'This system has: lo, lan0, tun0.',
    });
  });

  it('keeps its head in a flood: 16 locations of one host, 32 in all, 8 more one by one, and the default router', async () => {
    const network = new MemoryNetwork();
    for (let host = 100; host < 105; host += 1) {
      const address = `192.168.1.${host}`;
      const locations = Array.from({ length: 500 }, (_, index) => `http://${address}/${index}.xml`);
      network.attach(advertiser(address, ...locations));
    }
    const router = simulateGateway({ network, maxSearchDelayMs: 500 });
    const { devices, rejected, report } = (await discover(router.transport))._unsafeUnwrap();
    expect(devices.map(({ location }) => location)).toEqual([router.descriptionUrl]);
    expect(rejected).toHaveLength(40);
    expect(report.beyondLimits).toBeGreaterThan(2000);
    expect(new Set(rejected.map(({ from }) => from)).size).toBeGreaterThan(1);
  });

  it('counts datagrams that are no answers, and goes on', async () => {
    const network = new MemoryNetwork();
    const router = simulateGateway({ network });
    network.attach({
      ...quietHost('192.168.1.9'),
      datagram: () => [{ payload: Uint8Array.of(0, 255, 13), from: { address: '192.168.1.9', port: 9 }, delayMs: 0 }],
    });
    const { devices, report } = (await discover(router.transport))._unsafeUnwrap();
    expect(devices).toHaveLength(1);
    expect(report.malformed).toBeGreaterThan(0);
  });

  it('stops at once when aborted, before and during', async () => {
    const router = simulateGateway();
    const { signal, abort } = createAbort();
    const pending = discover(router.transport, { signal });
    await router.clock.sleep(300);
    abort();
    expect((await pending)._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'aborted' });
    expect(router.clock.now()).toBe(300);
    expect((await discover(router.transport, { signal }))._unsafeUnwrapErr()).toMatchObject({ code: 'aborted' });
    expect(router.clock.now()).toBe(300);
  });

  it.each([
    ['timeoutMs', { timeoutMs: -1 }],
    ['timeoutMs', { timeoutMs: Number.NaN }],
    ['ttl', { ttl: 256 }],
    ['localPort', { localPort: 70_000 }],
    ['ST', { targets: ['upnp:rootdevice\r\nX: y'] }],
    ['target', { targets: [''] }],
  ])('refuses a wrong %s before anything is sent', async (argument, options) => {
    const router = simulateGateway();
    expect((await discover(router.transport, options))._unsafeUnwrapErr()).toMatchObject({
      kind: 'invalid-argument',
      argument,
    });
    expect(router.exchanges()).toEqual([]);
  });
});
