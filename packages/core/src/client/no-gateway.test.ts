/** Every diagnosis of a search that found no gateway: its code, its words, and what it advises. */
import {
  MemoryNetwork,
  quietHost,
  simulateGateway,
  type NetworkHost,
  type ReplyDatagram,
} from '@portwright/transport-mock';
import { errAsync, okAsync } from '../result.ts';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../bytes.ts';
import type { NoGatewayError, TransportError } from '../errors.ts';
import type { HttpResponse, UnconnectedInterface } from '../messages.ts';
import type { InterfaceAddress, Transport } from '../ports.ts';
import { createAbort } from '../abort.ts';
import { discover } from './discover.ts';
import { findGateway, type FindGatewayOptions } from './find-gateway.ts';
import { gatewayAt } from './gateway-at.ts';
import { noGatewayHint, type Remedies } from './no-gateway.ts';

const LO: InterfaceAddress = { name: 'lo', family: 'ipv4', address: '127.0.0.1', prefixLength: 8, internal: true };
const ETH0: InterfaceAddress = {
  name: 'eth0',
  family: 'ipv4',
  address: '192.168.1.2',
  prefixLength: 24,
  internal: false,
};
const IPV6: InterfaceAddress = { ...ETH0, family: 'ipv6', address: 'fd77::2', prefixLength: 64 };
const LINK_LOCAL: InterfaceAddress = { ...IPV6, address: 'fe80::2', zone: 'eth0' };

const NO_WAY: TransportError = { kind: 'transport', code: 'unreachable', message: 'there is no way to that host' };

interface System {
  readonly listed?: readonly InterfaceAddress[];
  readonly unconnected?: readonly UnconnectedInterface[];
  readonly router?: string | null;
  /** What sending comes to. Default: it goes off, and nobody answers. */
  readonly sending?: TransportError;
}

/** A computer in a network where nobody answers. */
function computer({ listed = [LO], unconnected, router = null, sending }: System): Transport {
  const network = new MemoryNetwork();
  const transport = network.transport();
  return {
    ...transport,
    interfaces: {
      list: () => okAsync(listed),
      defaultRouters: () => okAsync(router === null ? [] : [{ name: 'lan0', family: 'ipv4', address: router }]),
      ...(unconnected === undefined ? {} : { unconnected: () => okAsync(unconnected) }),
    },
    datagram: {
      open: ({ family }) =>
        transport.datagram.open({ family }).map((socket) => ({
          local: socket.local,
          datagrams: socket.datagrams,
          send: () => (sending === undefined ? okAsync(undefined) : errAsync(sending)),
          close: () => socket.close(),
        })),
    },
  };
}

async function failure(transport: Transport, options?: FindGatewayOptions): Promise<NoGatewayError> {
  const error = (await findGateway(transport, options ?? {}))._unsafeUnwrapErr();
  if (error.kind !== 'no-gateway') throw new Error(`${error.kind}: ${error.message}`);
  return error;
}

const answerOf = (location: string): string =>
  `HTTP/1.1 200 OK\r\nLOCATION: ${location}\r\nST: upnp:rootdevice\r\nUSN: uuid:9::upnp:rootdevice\r\n\r\n`;

interface Behaviour {
  readonly address?: string;
  /** Default: the LOCATION of its own description. */
  readonly answer?: string;
  readonly delayMs?: number;
  readonly response?: Partial<HttpResponse> | 'refused' | 'timeout';
}

/** A device that answers searches, and then is of no use. */
function responder({ address = '192.168.1.1', answer, delayMs = 0, response = {} }: Behaviour): NetworkHost {
  return {
    ...quietHost(address),
    datagram: () => [
      {
        payload: encodeUtf8(answer ?? answerOf(`http://${address}/d.xml`)),
        from: { address, port: 1900 },
        delayMs,
      },
    ],
    http: () =>
      typeof response === 'string'
        ? { kind: 'failure', code: response === 'refused' ? 'refused' : 'timeout', delayMs: 0 }
        : { kind: 'response', response: { status: 200, headers: [], body: new Uint8Array(), ...response }, delayMs: 0 },
  };
}

const MEDIA_RENDERER = encodeUtf8(
  '<root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceType>urn:schemas-upnp-org:device:MediaRenderer:1</deviceType>' +
    '<friendlyName>TV</friendlyName><UDN>uuid:tv</UDN></device></root>',
);

function answers(host: NetworkHost, heard: Parameters<NetworkHost['datagram']>): readonly ReplyDatagram[] {
  const outcome = host.datagram(...heard);
  return outcome === 'refused' ? [] : outcome;
}

function networkOf(...behaviours: readonly Behaviour[]): MemoryNetwork {
  const network = new MemoryNetwork();
  network.defaultGateway = '192.168.1.1';
  for (const one of behaviours) network.attach(responder(one));
  return network;
}

const IT_IS_OFF = /turn on upnp|no device answered/i;

describe('on no network', () => {
  it.each<[string, System, NoGatewayError['code'], RegExp, RegExp]>([
    [
      'no interface',
      { sending: NO_WAY },
      'no-network',
      /^this computer is not connected to a network$/,
      /cable or Wi-Fi/,
    ],
    [
      'every interface switched off',
      { sending: NO_WAY, unconnected: [{ name: 'eth0', reason: 'down' }] },
      'no-network',
      /not connected to a network: eth0 is switched off$/,
      /^Switch the network interface on\. .*cable or Wi-Fi/,
    ],
    [
      'an interface without carrier',
      { unconnected: [{ name: 'eth0', reason: 'no-carrier' }] },
      'no-carrier',
      /not connected to a network: eth0 has no link/,
      /cable or Wi-Fi/,
    ],
    [
      'an interface without an address',
      { sending: NO_WAY, unconnected: [{ name: 'eth0', reason: 'no-address' }] },
      'no-network',
      /eth0 has no address/,
      /DHCP/,
    ],
    [
      'IPv6 alone',
      { listed: [LO, IPV6, LINK_LOCAL], sending: NO_WAY },
      'no-ipv4',
      /this computer has no IPv4 address: eth0 has only fd77::2$/,
      /addPinhole.*families: \['ipv6'\]/,
    ],
    [
      'a link-local IPv6 address alone',
      { listed: [LO, LINK_LOCAL], sending: NO_WAY },
      'no-ipv4',
      /this computer has no IPv4 address: eth0 has none$/,
      /DHCP/,
    ],
  ])('%s', async (_name, system, code, message, hint) => {
    const error = await failure(computer(system));
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
      candidates: [],
    });
    expect(error.message + (error.hint ?? '')).not.toMatch(IT_IS_OFF);
    const found = await discover(computer(system));
    if (system.sending !== undefined) expect(found._unsafeUnwrapErr()).toMatchObject({ code });
  });

  it('says so of the one interface that is wanted', async () => {
    const system: System = { listed: [LO, ETH0], unconnected: [{ name: 'wlan0', reason: 'no-carrier' }] };
    expect(await failure(computer(system), { interface: 'wlan0' })).toMatchObject({
      code: 'no-carrier',
      message: expect.stringContaining('wlan0 has no link') as string,
    });
    expect((await findGateway(computer(system), { interface: 'wlan7' }))._unsafeUnwrapErr()).toMatchObject({
      kind: 'transport',
      code: 'no-such-interface',
    });
    expect(await failure(computer({ listed: [LO, IPV6] }), { interface: 'eth0' })).toMatchObject({ code: 'no-ipv4' });
  });

  it('has no IPv6 where that alone is searched', async () => {
    const error = await failure(computer({ listed: [LO, ETH0], sending: NO_WAY }), { families: ['ipv6'] });
    expect(error).toMatchObject({ code: 'no-ipv6', hint: expect.stringContaining("['ipv4']") as string });
    expect(error.message).toBe('this computer has no IPv6 address: eth0 has only 192.168.1.2');
  });

  it.each<[TransportError['code'], RegExp]>([
    ['not-permitted', /firewall/],
    ['unreachable', /cable or Wi-Fi/],
  ])('keeps the error of a network that is there (%s), with a hint', async (code, hint) => {
    const sending: TransportError = { kind: 'transport', code, message: 'no' };
    // What is wrong with another interface is not the reason.
    const system: System = { listed: [LO, ETH0], unconnected: [{ name: 'wlan0', reason: 'no-carrier' }], sending };
    for (const options of [{}, { interface: 'eth0' }, { interface: ETH0.address }]) {
      const error = (await findGateway(computer(system), options))._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind: 'transport', code, hint: expect.stringMatching(hint) as string });
    }
  });
});

describe('no answer', () => {
  it('names the interfaces, the addresses and the default router', async () => {
    const wlan0 = { ...ETH0, name: 'wlan0', address: '192.168.7.9' };
    const error = await failure(computer({ listed: [LO, ETH0, wlan0], router: '192.168.1.1' }));
    expect(error).toMatchObject({
      code: 'no-answer',
      message:
        'no device answered the search on eth0 (192.168.1.2) and wlan0 (192.168.7.9); the default router is 192.168.1.1',
      search: {
        interfaces: [
          { name: 'eth0', address: '192.168.1.2', family: 'ipv4' },
          { name: 'wlan0', address: '192.168.7.9', family: 'ipv4' },
        ],
        defaultRouter: '192.168.1.1',
        isRouterSearched: true,
      },
    });
    for (const word of ['UPnP', 'firewall', 'guest network', 'VPN', 'gatewayAt']) expect(error.hint).toContain(word);
  });

  it('names both addresses of an interface that is searched over both families', async () => {
    const error = await failure(computer({ listed: [LO, ETH0, LINK_LOCAL] }), { families: ['ipv4', 'ipv6'] });
    expect(error.message).toBe('no device answered the search on eth0 (192.168.1.2, fe80::2)');
  });

  it('says that the default router is elsewhere, as behind a VPN', async () => {
    const error = await failure(computer({ listed: [LO, ETH0], router: '10.8.0.1' }));
    expect(error.message).toContain('the default router is 10.8.0.1, which is not in that network');
    expect(error.search).toMatchObject({ isRouterSearched: false });
  });

  it('names what is unconnected where there is no default router', async () => {
    const unconnected = [{ name: 'wlan0', reason: 'no-carrier' }] as const;
    const docker0 = { ...ETH0, name: 'docker0', address: '172.17.0.1' };
    expect((await failure(computer({ listed: [LO, docker0], unconnected }))).message).toContain('wlan0 has no link');
    const routed = await failure(computer({ listed: [LO, docker0], unconnected, router: '172.17.0.9' }));
    expect(routed.message).not.toContain('wlan0');
  });

  it('names an interface without IPv4 where there is no default router', async () => {
    const wlan0 = { ...IPV6, name: 'wlan0' };
    expect((await failure(computer({ listed: [LO, ETH0, wlan0] }))).message).toBe(
      'no device answered the search on eth0 (192.168.1.2); wlan0 has no IPv4 address',
    );
  });

  it('knows an address that the computer gave itself', async () => {
    const error = await failure(computer({ listed: [LO, { ...ETH0, address: '169.254.7.7', prefixLength: 16 }] }));
    expect(error).toMatchObject({ code: 'no-answer', hint: expect.stringContaining('DHCP') as string });
  });

  it('searches by the system’s choice where it lists no interface', async () => {
    expect((await failure(computer({}))).message).toBe(
      "no device answered the search on the system's default interface",
    );
  });
});

describe('late answers', () => {
  it('says who answered after the time was up, and advises to wait longer', async () => {
    const network = networkOf({ delayMs: 1400 });
    const error = await failure(network.transport(), { timeoutMs: 1000 });
    expect(error).toMatchObject({
      code: 'late-answer',
      message: expect.stringMatching(
        /^no router answered the search on lan0 \(192\.168\.1\.2\) in time; 192\.168\.1\.1 answered 0\.4 s after the time was up$/,
      ) as string,
      search: { late: [{ from: '192.168.1.1', location: 'http://192.168.1.1/d.xml' }] },
      hint: 'Search with a timeoutMs of 2000.',
    });
    expect(error.search?.late[0]?.afterMs).toBeGreaterThan(380);
    expect(error.search?.late[0]?.afterMs).toBeLessThan(420);
    // It does not go on listening for more.
    expect(network.clock.now()).toBeLessThan(1450);
  });

  it('waits a second for one, and no longer', async () => {
    const network = networkOf();
    await failure(network.transport(), { timeoutMs: 1000 });
    expect(network.clock.now()).toBe(2000);
  });

  it('waits as long as it is told, and ends with the signal', async () => {
    const network = networkOf();
    await failure(network.transport(), { timeoutMs: 1000, lateMs: 0 });
    expect(network.clock.now()).toBe(1000);
    const { signal, abort } = createAbort();
    const pending = findGateway(network.transport(), { timeoutMs: 1000, signal });
    await network.clock.sleep(1300);
    abort();
    expect((await pending)._unsafeUnwrapErr()).toMatchObject({ code: 'aborted' });
    expect(network.clock.now()).toBe(2300);
  });

  it('does not delay a success, nor a description that comes in late', async () => {
    const router = simulateGateway({ isWanUp: false, maxSearchDelayMs: 0 });
    expect((await findGateway(router.transport, { timeoutMs: 1000 })).isOk()).toBe(true);
    expect(router.clock.now()).toBeLessThan(1200);
    const slow = simulateGateway({ maxSearchDelayMs: 0 });
    const { http } = slow.transport;
    const transport: Transport = {
      ...slow.transport,
      http: { request: (...asked) => http.request(...asked).andTee(() => slow.clock.sleep(1000)) },
    };
    expect((await findGateway(transport, { timeoutMs: 200, trustDefaultRouter: true })).isOk()).toBe(true);
    expect(slow.clock.now()).toBeLessThan(1200);
  });

  it('takes a disconnected router at once whose description comes after the time', async () => {
    const slow = simulateGateway({ isWanUp: false, maxSearchDelayMs: 0 });
    const { http } = slow.transport;
    const transport: Transport = {
      ...slow.transport,
      http: { request: (...asked) => http.request(...asked).andTee(() => slow.clock.sleep(200)) },
    };
    expect((await findGateway(transport, { timeoutMs: 300 })).isOk()).toBe(true);
    // Three requests, and 100 ms for a better one: not the whole second for late answers.
    expect(slow.clock.now()).toBeLessThan(900);
  });

  it('is of no weight beside a device with which something is wrong', async () => {
    const network = networkOf({ response: { status: 404 } }, { address: '192.168.1.9', delayMs: 700 });
    const error = await failure(network.transport(), { timeoutMs: 500 });
    expect(error.code).toBe('none-usable');
    expect(error.message).toMatch(/HTTP 404; 192\.168\.1\.9 answered 0\.2 s after/);
  });

  it('tells of one beside devices that are not routers', async () => {
    const tv = { address: '192.168.1.50', response: { body: MEDIA_RENDERER } };
    const error = await failure(networkOf(tv, { delayMs: 700 }).transport(), { timeoutMs: 500 });
    expect(error).toMatchObject({ code: 'late-answer', candidates: [{ code: 'not-a-gateway' }] });
  });
});

describe('a device that answered and could not be used', () => {
  it.each<[string, Behaviour, string, RegExp, RegExp]>([
    [
      'a description that is refused',
      { response: 'refused' },
      'no-description',
      /^192\.168\.1\.1 answered the search, but its description at http:\/\/192\.168\.1\.1\/d\.xml can't be used: .*port 80: refused/,
      /Restart.*gatewayAt/,
    ],
    [
      'a description that takes too long',
      { response: 'timeout' },
      'no-description',
      /its description at http:\/\/192\.168\.1\.1\/d\.xml can't be used/,
      /busy: try again, or pass http:\/\/192\.168\.1\.1\/d\.xml to gatewayAt, or as gateway to findMapper, with a longer deadlineMs/,
    ],
    ['an HTTP error', { response: { status: 500 } }, 'no-description', /HTTP 500/, /Restart.*gatewayAt/],
    [
      'a description that is none',
      { response: { body: encodeUtf8('<html><body>Login</body></html>') } },
      'no-description',
      /can't be used: .*<root>/,
      /Restart.*gatewayAt/,
    ],
    [
      'a LOCATION at the port of another service',
      { answer: answerOf('http://192.168.1.1:22/d.xml') },
      'bad-location',
      /^192\.168\.1\.1 answered the search, but the URL in its answer is refused: "http:\/\/192\.168\.1\.1:22\/d\.xml"/,
      /For safety.*pass http:\/\/192\.168\.1\.1:22\/d\.xml to gatewayAt, or as gateway to findMapper/,
    ],
    [
      'a LOCATION of another scheme',
      { answer: answerOf('https://192.168.1.1/d.xml') },
      'bad-location',
      /is refused: "https:\/\/192\.168\.1\.1\/d\.xml"/,
      /Restart.*URL of its description/,
    ],
    [
      'a LOCATION at the port of another service of this computer',
      { answer: answerOf('http://127.0.0.1:22/d.xml') },
      'bad-location',
      /is refused: "http:\/\/127\.0\.0\.1:22\/d\.xml"/,
      /Restart.*URL of its description/,
    ],
    [
      'an answer that can’t be read',
      { answer: 'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n\r\n' },
      'bad-answer',
      /^192\.168\.1\.1 answered the search, but its answer can't be read: .*LOCATION/,
      /Restart.*gatewayAt/,
    ],
    ['bytes', { answer: '\u0000\u0001\u0002' }, 'bad-answer', /192\.168\.1\.1 answered/, /Restart.*gatewayAt/],
  ])('%s', async (_name, behaviour, code, message, hint) => {
    const transport = networkOf(behaviour).transport();
    const error = await failure(transport, { timeoutMs: 500 });
    expect(error).toMatchObject({
      code: 'none-usable',
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
      candidates: [{ code, from: '192.168.1.1' }],
    });
    expect(error.message + (error.hint ?? '')).not.toMatch(IT_IS_OFF);
    const { devices, rejected } = (await discover(transport, { timeoutMs: 500 }))._unsafeUnwrap();
    expect({ devices, rejected }).toMatchObject({ devices: [], rejected: [{ code, from: '192.168.1.1' }] });
  });

  it('that is the default router is named even in a flood of answers that are none', async () => {
    const network = networkOf();
    network.attach({
      ...responder({}),
      datagram: () => [
        ...Array.from({ length: 40 }, (_, index) => ({
          payload: encodeUtf8('nonsense'),
          from: { address: `192.168.1.${index + 100}`, port: 1900 },
          delayMs: 0,
        })),
        { payload: encodeUtf8('HTTP/1.1 200 OK\r\n\r\n'), from: { address: '192.168.1.1', port: 1900 }, delayMs: 10 },
      ],
    });
    const error = await failure(network.transport(), { timeoutMs: 500 });
    expect(error).toMatchObject({ message: expect.stringMatching(/^192\.168\.1\.1 answered/) as string });
    expect(error.candidates).toHaveLength(32);
  });

  it('a router whose services do not answer', async () => {
    const router = simulateGateway({ maxSearchDelayMs: 0 });
    const { http } = router.transport;
    const refused: TransportError = { kind: 'transport', code: 'refused', message: 'nobody listens there' };
    const transport: Transport = {
      ...router.transport,
      http: {
        request: (request, options) => (request.method === 'POST' ? errAsync(refused) : http.request(request, options)),
      },
    };
    const error = await failure(transport);
    expect(error).toMatchObject({ code: 'none-usable', candidates: [{ code: 'no-control' }] });
    expect(error.message).toMatch(
      /^192\.168\.1\.1 \(Simulated router\) answered the search, but does not answer requests: /,
    );
    expect(error.hint).toMatch(/^Restart the router/);
    const there = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrapErr();
    expect(there.message).toMatch(
      /^the router at http:\/\/192\.168\.1\.1:5000\/description\.xml does not answer requests/,
    );
  });

  it('names the default router before any other device', async () => {
    const others = [
      { address: '192.168.1.50', response: { body: MEDIA_RENDERER } },
      { address: '192.168.1.7', response: { status: 500 } },
    ];
    const network = networkOf(...others, { response: { status: 404 }, delayMs: 100 });
    const error = await failure(network.transport(), { timeoutMs: 500 });
    expect(error.message).toMatch(/^192\.168\.1\.1 answered.*HTTP 404$/);
    expect(error.candidates).toHaveLength(3);
  });

  it('does not take another device for the router: the router itself was silent', async () => {
    const tv = { address: '192.168.1.50', response: { body: MEDIA_RENDERER } };
    const error = await failure(networkOf(tv).transport(), { timeoutMs: 500 });
    expect(error).toMatchObject({ code: 'none-usable', candidates: [{ code: 'not-a-gateway', name: 'TV' }] });
    expect(error.message).toBe(
      '192.168.1.50 (TV), which is not a router, answered the search on lan0 (192.168.1.2); the default router is 192.168.1.1',
    );
    expect(error.hint).toMatch(/^Turn on UPnP/);
  });

  it('says at a URL what is there instead of a router', async () => {
    const network = networkOf({ address: '192.168.1.50', response: { body: MEDIA_RENDERER } });
    const error = (await gatewayAt(network.transport(), 'http://192.168.1.50/d.xml'))._unsafeUnwrapErr();
    expect(error).toMatchObject({
      code: 'none-usable',
      message: expect.stringMatching(
        /^the device at http:\/\/192\.168\.1\.50\/d\.xml can't map ports: MediaRenderer:1/,
      ) as string,
      hint: "Use the URL of the router's own description, or call findMapper or findGateway to search for it.",
    });
    expect(error).not.toHaveProperty('search');
  });

  it('forgets what a device sent beside a proper answer', async () => {
    const noise = responder({ answer: 'nonsense' });
    const network = new MemoryNetwork();
    const both: NetworkHost = {
      ...responder({ address: '192.168.1.9', response: { body: MEDIA_RENDERER } }),
      datagram: (...heard) => [
        ...answers(noise, heard).map((reply) => ({ ...reply, from: { address: '192.168.1.9', port: 1900 } })),
        ...answers(responder({ address: '192.168.1.9' }), heard),
      ],
    };
    network.attach(both);
    const error = await failure(network.transport(), { timeoutMs: 500 });
    expect(error.candidates.map(({ code }) => code)).toEqual(['not-a-gateway']);
  });
});

describe('the advice', () => {
  const none: Remedies = {
    giveUrl: () => null,
    waitAt: () => null,
    searchLonger: () => null,
    searchInstead: null,
    searchOverIpv4: null,
    searchOverIpv6: null,
    openPinhole: null,
  };

  it('is a whole sentence where the reader has no means of his own', async () => {
    const errors = [
      await failure(computer({ listed: [LO, IPV6], sending: NO_WAY })),
      await failure(computer({ listed: [LO, ETH0], sending: NO_WAY }), { families: ['ipv6'] }),
      await failure(networkOf({ delayMs: 1400 }).transport(), { timeoutMs: 1000 }),
      await failure(networkOf({ response: 'timeout' }).transport(), { timeoutMs: 500 }),
      await failure(networkOf({ answer: answerOf('http://192.168.1.1:22/') }).transport(), { timeoutMs: 500 }),
      await failure(networkOf().transport(), { timeoutMs: 500 }),
    ];
    for (const error of errors) expect(noGatewayHint(error, none)).toMatch(/^[A-Z].*[a-z]\.$/);
  });
});
