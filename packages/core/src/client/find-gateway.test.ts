import {
  deadHost,
  MemoryNetwork,
  quietHost,
  simulateGateway,
  type GatewayOptions,
  type SimulatedGateway,
} from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../bytes.ts';
import { findGateway, type FindGatewayOptions } from './find-gateway.ts';
import { gatewayAt } from './gateway-at.ts';

const other = {
  lanAddress: '192.168.1.254',
  uuid: '00000000-0000-0000-0000-000000000002',
  linkLocalAddress: 'fe80::fe',
};

/** Its answers to a search come so late. */
function delayAnswers(router: SimulatedGateway, delayMs: number): void {
  router.inject({
    name: 'late',
    row: 1,
    what: 'answers to a search come late',
    remedy: 'waits for MX',
    hooks: () => ({ search: (answers) => answers.map((answer) => ({ ...answer, delayMs })) }),
  });
}

describe('findGateway', () => {
  it('returns at once for a connected default router with a public address', async () => {
    const router = simulateGateway({ maxSearchDelayMs: 0 });
    const { gateway, state, rejected } = (await findGateway(router.transport))._unsafeUnwrap();
    expect(gateway.description.location).toBe('http://192.168.1.1:5000/description.xml');
    expect(gateway.services.connection).toEqual({
      serviceType: 'urn:schemas-upnp-org:service:WANIPConnection:2',
      controlUrl: expect.stringContaining('http://192.168.1.1:5000/') as string,
    });
    expect(gateway.localAddress).toBe('192.168.1.2');
    expect(state).toMatchObject({
      status: 'Connected',
      connected: true,
      externalAddress: '5.5.5.1',
      externalAddressClass: 'public',
      errors: [],
    });
    expect(rejected).toEqual([]);
    expect(router.clock.now()).toBeLessThan(20);
  });

  it('takes the default router unasked, if told to trust it', async () => {
    const router = simulateGateway();
    const found = (await findGateway(router.transport, { trustDefaultRouter: true }))._unsafeUnwrap();
    expect(found.state).toBeNull();
    expect(router.exchanges().filter((exchange) => exchange.kind === 'http')).toHaveLength(1);
  });

  it.each([
    ['another gateway', (network: MemoryNetwork) => (network.defaultGateway = '192.168.1.77'), {}],
    [
      'a default router with two connection services',
      () => undefined,
      { connectionService: 'ip-and-ppp', igdVersion: 1 },
    ],
  ] as const)('asks %s all the same', async (_name, prepare, options) => {
    const network = new MemoryNetwork();
    const router = simulateGateway({ network, ...options });
    prepare(network);
    const found = (await findGateway(router.transport, { trustDefaultRouter: true }))._unsafeUnwrap();
    expect(found.state).toMatchObject({ connected: true });
  });

  it('gives a connected gateway that is not the default router its grace period', async () => {
    const network = new MemoryNetwork();
    network.defaultGateway = '192.168.1.77';
    const router = simulateGateway({ network, maxSearchDelayMs: 0 });
    expect((await findGateway(router.transport, { graceMs: 250 })).isOk()).toBe(true);
    expect(router.clock.now()).toBeGreaterThanOrEqual(250);
    expect(router.clock.now()).toBeLessThan(300);
  });

  it.each([
    ['a public address before a private one', { externalAddress: '192.168.0.7' }, 'private'],
    ['a public address before a shared one', { externalAddress: '100.64.3.4' }, 'shared'],
    ['a connected one before one that is down', { isWanUp: false }, 'Disconnected'],
  ])('prefers %s', async (_name, worse, reason) => {
    const network = new MemoryNetwork();
    const lesser = simulateGateway({ network, maxSearchDelayMs: 0, ...worse });
    const better = simulateGateway({ network, ...other, maxSearchDelayMs: 0 });
    const { gateway, rejected } = (await findGateway(lesser.transport))._unsafeUnwrap();
    expect(gateway.description.location).toBe(better.descriptionUrl);
    expect(rejected).toMatchObject([
      { location: lesser.descriptionUrl, reason: expect.stringContaining(reason) as string },
    ]);
  });

  describe('with a repeater that answers before the default router', () => {
    async function find(
      { repeater = {}, router = {} }: { readonly repeater?: GatewayOptions; readonly router?: GatewayOptions },
      afterMs: number,
      options: FindGatewayOptions = {},
    ) {
      const network = new MemoryNetwork();
      const main = simulateGateway({ network, maxSearchDelayMs: 0, ...router });
      const beside = simulateGateway({ network, ...other, maxSearchDelayMs: 0, ...repeater });
      delayAnswers(main, afterMs);
      const found = (await findGateway(main.transport, options))._unsafeUnwrap();
      const isRouter = found.gateway.description.location === main.descriptionUrl;
      expect([main.descriptionUrl, beside.descriptionUrl]).toContain(found.gateway.description.location);
      return { ...found, isRouter, atMs: main.clock.now() };
    }

    it.each([
      ['no address', { externalAddress: '0.0.0.0' }],
      ['a private address', { externalAddress: '192.168.0.7' }],
      ['an address behind another NAT', { externalAddress: '100.64.3.4' }],
    ])('takes the default router, though the repeater is connected with %s', async (_what, repeater) => {
      for (const afterMs of [300, 900, 1200]) {
        const { isRouter, warnings, atMs } = await find({ repeater }, afterMs);
        expect([isRouter, warnings]).toEqual([true, []]);
        expect(atMs).toBeLessThan(afterMs + 50);
      }
    });

    it('takes it unasked where the default router is trusted', async () => {
      const repeater = { externalAddress: '0.0.0.0' };
      const { isRouter, state } = await find({ repeater }, 300, { trustDefaultRouter: true });
      expect([isRouter, state]).toEqual([true, null]);
    });

    it.each([
      ['has no public address either', { externalAddress: '100.64.3.4' }],
      ['says that it is disconnected', { isWanUp: false }],
    ])('takes the default router where that %s', async (_what, router) => {
      const { isRouter, warnings } = await find({ router, repeater: { externalAddress: '0.0.0.0' } }, 300);
      expect([isRouter, warnings]).toEqual([true, []]);
    });

    it('takes the default router of two with a public address, if it answers within the grace period', async () => {
      expect((await find({}, 50)).isRouter).toBe(true);
    });

    it('waits for a default router that has answered and is slow', async () => {
      const network = new MemoryNetwork();
      const router = simulateGateway({ network, maxSearchDelayMs: 0 });
      simulateGateway({ network, ...other, maxSearchDelayMs: 0 });
      router.inject({
        name: 'slow',
        row: 12,
        what: 'answers take their time',
        remedy: 'waits for the default router',
        hooks: () => ({ outcome: (_context, proceed) => ({ ...proceed(), delayMs: 700 }) }),
      });
      const found = (await findGateway(router.transport))._unsafeUnwrap();
      expect(found.gateway.description.location).toBe(router.descriptionUrl);
      expect(found.warnings).toEqual([]);
    });

    it('does not wait for a default router that has answered and is dead for longer than three seconds', async () => {
      const network = new MemoryNetwork();
      const answer = 'HTTP/1.1 200 OK\r\nLOCATION: http://192.168.1.9/\r\nST: upnp:rootdevice\r\nUSN: uuid:9\r\n\r\n';
      network.attach({
        ...deadHost('192.168.1.9'),
        datagram: () => [{ payload: encodeUtf8(answer), from: { address: '192.168.1.9', port: 1900 }, delayMs: 0 }],
      });
      const beside = simulateGateway({ network, ...other, maxSearchDelayMs: 0 });
      network.defaultGateway = '192.168.1.9';
      const found = (await findGateway(beside.transport))._unsafeUnwrap();
      expect(found.gateway.description.location).toBe(beside.descriptionUrl);
      expect(beside.clock.now()).toBeLessThan(3200);
    });

    it('takes the repeater with a warning where the default router does not answer, after MX', async () => {
      const network = new MemoryNetwork();
      const repeater = simulateGateway({ network, ...other, maxSearchDelayMs: 0, externalAddress: '0.0.0.0' });
      network.defaultGateway = '192.168.1.1';
      const { warnings } = (await findGateway(repeater.transport, { timeoutMs: 5000 }))._unsafeUnwrap();
      expect(warnings).toMatchObject([
        {
          code: 'not-default-router',
          message: expect.stringContaining('192.168.1.254') as string,
          hint: expect.stringContaining('192.168.1.1') as string,
        },
      ]);
      expect(repeater.clock.now()).toBeGreaterThanOrEqual(1500);
      expect(repeater.clock.now()).toBeLessThan(1600);
    });

    it('takes a default router without a public address after the grace period', async () => {
      const router = simulateGateway({ maxSearchDelayMs: 0, externalAddress: '100.64.3.4' });
      const { warnings } = (await findGateway(router.transport))._unsafeUnwrap();
      expect(warnings).toEqual([]);
      expect(router.clock.now()).toBeLessThan(150);
    });

    it('warns of a second router with a public address, too', async () => {
      const { isRouter, warnings } = await find({}, 5000);
      expect([isRouter, warnings.map(({ code }) => code)]).toEqual([false, ['not-default-router']]);
    });
  });

  it('takes a gateway that says it is disconnected when there is no other, at the end of the search', async () => {
    const router = simulateGateway({ isWanUp: false });
    const { state } = (await findGateway(router.transport, { timeoutMs: 1000 }))._unsafeUnwrap();
    expect(state).toMatchObject({ status: 'Disconnected', connected: false });
    expect(router.clock.now()).toBeLessThan(1200);
  });

  it('prefers the public one in whichever order the answers come', async () => {
    for (const [first, second] of [
      [0, 90],
      [90, 0],
    ] as const) {
      const network = new MemoryNetwork();
      network.defaultGateway = '192.168.1.77';
      const hidden = simulateGateway({ network, externalAddress: '10.0.0.9', maxSearchDelayMs: first });
      const open = simulateGateway({ network, ...other, maxSearchDelayMs: second });
      const { gateway } = (await findGateway(hidden.transport, { graceMs: 300 }))._unsafeUnwrap();
      expect(gateway.description.location).toBe(open.descriptionUrl);
    }
  });

  it('tries the description’s own port where nobody listens at that of URLBase', async () => {
    await using router = simulateGateway({ maxSearchDelayMs: 0 });
    router.inject('url-base-with-another-port');
    const { gateway, state } = (await findGateway(router.transport))._unsafeUnwrap();
    expect(gateway.services.connection.controlUrl).toMatch(/^http:\/\/192\.168\.1\.1:5000\//);
    expect(state.connected).toBe(true);
  });

  it('does not wait for a dead responder once there is a gateway', async () => {
    const network = new MemoryNetwork();
    const router = simulateGateway({ network, isWanUp: false });
    const answer = 'HTTP/1.1 200 OK\r\nLOCATION: http://192.168.1.9/\r\nST: upnp:rootdevice\r\nUSN: uuid:9\r\n\r\n';
    network.attach({
      ...deadHost('192.168.1.9'),
      datagram: () => [{ payload: encodeUtf8(answer), from: { address: '192.168.1.9', port: 1900 }, delayMs: 900 }],
    });
    const { rejected } = (await findGateway(router.transport, { timeoutMs: 1000 }))._unsafeUnwrap();
    expect(rejected).toMatchObject([
      { location: 'http://192.168.1.9/', reason: expect.stringContaining('another') as string },
    ]);
    expect(router.clock.now()).toBeLessThan(1200);
  });

  it('says that nobody answered', async () => {
    expect((await findGateway(new MemoryNetwork().transport()))._unsafeUnwrapErr()).toMatchObject({
      kind: 'no-gateway',
      code: 'no-answer',
      candidates: [],
      hint: expect.stringContaining('UPnP') as string,
    });
  });

  it('says of every device why it is none', async () => {
    const network = new MemoryNetwork();
    const description = (inner: string): string =>
      `<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion><device><deviceType>urn:schemas-upnp-org:device:MediaRenderer:1</deviceType><friendlyName>TV</friendlyName><UDN>uuid:tv</UDN>${inner}</device></root>`;
    const devices: readonly (readonly [host: number, body: string, status: number])[] = [
      [50, description(''), 200],
      [51, 'Not found', 404],
      [52, '<html><body>Login</body></html>', 200],
      [
        53,
        description(
          '<serviceList><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>http://192.168.1.1/ctl</controlURL></service></serviceList>',
        ),
        200,
      ],
    ];
    for (const [host, body, status] of devices) {
      const address = `192.168.1.${host}`;
      const answer = `HTTP/1.1 200 OK\r\nLOCATION: http://${address}/d.xml\r\nST: upnp:rootdevice\r\nUSN: uuid:${host}\r\n\r\n`;
      network.attach({
        ...quietHost(address),
        http: () => ({ kind: 'response', response: { status, headers: [], body: encodeUtf8(body) }, delayMs: 0 }),
        datagram: () => [{ payload: encodeUtf8(answer), from: { address, port: 1900 }, delayMs: 0 }],
      });
    }
    const error = (await findGateway(network.transport(), { timeoutMs: 500 }))._unsafeUnwrapErr();
    if (error.kind !== 'no-gateway') throw new Error(error.kind);
    expect(error.code).toBe('none-usable');
    const reasons = new Map(error.candidates.map(({ location, reason }) => [location?.slice(7, 19), reason]));
    expect(reasons.get('192.168.1.50')).toMatch(/MediaRenderer:1 is not a router/);
    expect(reasons.get('192.168.1.51')).toMatch(/HTTP 404/);
    expect(reasons.get('192.168.1.52')).toMatch(/expected <root>/);
    expect(reasons.get('192.168.1.53')).toMatch(/leads to another host/);
  });
});

describe('gatewayAt', () => {
  it('was aborted, and nothing else, where that came while its state was asked for', async () => {
    const router = simulateGateway();
    const { http } = router.transport;
    const signal = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };
    const request: typeof http.request = (asked, options) => {
      signal.aborted = asked.method === 'POST';
      return http.request(asked, options);
    };
    const found = await gatewayAt({ ...router.transport, http: { request } }, router.descriptionUrl, { signal });
    expect(found._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'aborted' });
  });

  it('does without a search', async () => {
    const router = simulateGateway();
    const { gateway, state } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
    expect(gateway.localAddress).toBe('192.168.1.2');
    expect(state.externalAddress).toBe('5.5.5.1');
    expect(router.exchanges().every(({ kind }) => kind === 'http')).toBe(true);
  });

  it.each([
    ['a host name', 'http://router.lan/', { kind: 'policy', code: 'host-name' }],
    ['another scheme', 'https://192.168.1.1/', { kind: 'policy', code: 'not-http' }],
    ['no URL', 'router', { kind: 'policy', code: 'bad-url' }],
    ['a port where nobody listens', 'http://192.168.1.1:81/', { kind: 'transport', code: 'refused' }],
    [
      'a path that does not exist',
      'http://192.168.1.1:5000/nothing',
      { kind: 'transport', code: 'http-status', status: 404 },
    ],
  ])('refuses %s', async (_name, url, error) => {
    const router = simulateGateway();
    expect((await gatewayAt(router.transport, url))._unsafeUnwrapErr()).toMatchObject(error);
  });
});
