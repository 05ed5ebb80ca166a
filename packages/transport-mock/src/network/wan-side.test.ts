import type { DatagramSocket, Endpoint, Transport } from '@portwright/core';
import { describe, expect, test } from 'vitest';
import { bytes, text } from '../gateway.test-support.ts';
import type { SimulatedMapping } from '../gateway/mapping-table.ts';
import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '../simulate-gateway.ts';
import { surroundings } from '../surroundings.ts';

const OUTSIDE: Endpoint = { address: '5.5.5.1', port: 7777 };

interface Heard {
  readonly text: string;
  readonly from: Endpoint;
  readonly at: number;
}

/** A socket, and what it hears. */
async function listen(
  { datagram, clock }: Transport,
  localPort = 0,
): Promise<{ readonly socket: DatagramSocket; readonly heard: readonly Heard[] }> {
  const socket = (await datagram.open({ family: 'ipv4', localPort }))._unsafeUnwrap();
  const heard: Heard[] = [];
  void (async () => {
    for await (const { payload, from } of socket.datagrams) heard.push({ text: text(payload), from, at: clock.now() });
  })();
  return { socket, heard };
}

function put(router: SimulatedGateway, changes: Partial<SimulatedMapping> = {}): void {
  router.machine.gateway.connection.mappings.put({
    remoteHost: '',
    externalPort: 7777,
    protocol: 'UDP',
    internalPort: 8888,
    internalClient: '192.168.1.2',
    isEnabled: true,
    description: 'a test',
    expiresAt: Infinity,
    ...changes,
  });
}

async function send(socket: DatagramSocket, what: string, to: Endpoint): Promise<void> {
  (await socket.send(bytes(what), to))._unsafeUnwrap();
}

/** What arrives at port 8888 of 192.168.1.2 when a host outside sends to port 7777 of the gateway. */
async function arrivals(
  options: SimulateGatewayOptions,
  prepare: (router: SimulatedGateway) => void,
  to: Endpoint = OUTSIDE,
): Promise<readonly string[]> {
  await using router = simulateGateway(options);
  prepare(router);
  const { heard } = await listen(router.transport, 8888);
  const { socket } = await listen(router.wanHost());
  await send(socket, 'hello', to);
  await router.clock.sleep(1_000);
  return heard.map((datagram) => datagram.text);
}

describe('a datagram from outside', () => {
  test('goes to the client that has the mapping, and the reply comes back in the gateway’s name', async () => {
    await using router = simulateGateway({ latencyMs: 10 });
    put(router);
    const inside = await listen(router.transport, 8888);
    const other = await listen(router.neighbour(), 8888);
    const outside = await listen(router.wanHost());
    await send(outside.socket, 'hello', OUTSIDE);
    await router.clock.sleep(100);
    const from = { address: '5.5.5.9', port: outside.socket.local.port };
    expect(inside.heard).toEqual([{ text: 'hello', from, at: 20 }]);
    expect(other.heard).toEqual([]);
    await send(inside.socket, 'welcome', from);
    await router.clock.sleep(100);
    expect(outside.heard).toEqual([{ text: 'welcome', from: OUTSIDE, at: 120 }]);
  });

  test.each<readonly [string, SimulateGatewayOptions, Partial<SimulatedMapping> | null]>([
    ['to a port that nobody has mapped', {}, null],
    ['to another port', {}, { externalPort: 7778 }],
    ['to a port that is mapped for TCP', {}, { protocol: 'TCP' }],
    ['to a mapping that is disabled', {}, { isEnabled: false }],
    ['to a mapping for another host outside', {}, { remoteHost: '5.5.5.8' }],
    ['to a mapping of another client', {}, { internalClient: '192.168.1.3' }],
    ['to a gateway without NAT', { isNatEnabled: false }, {}],
    ['to a gateway without a line', { isWanUp: false }, {}],
    ['to a gateway at another address', { externalAddress: '5.5.5.2' }, {}],
  ])('%s gets lost', async (_what, options, mapping) => {
    expect(
      await arrivals(options, (router) => {
        if (mapping !== null) put(router, mapping);
      }),
    ).toEqual([]);
  });

  test.each(['', '0.0.0.0', '192.168.1.1'])('to the address "%s" finds no gateway', async (address) => {
    expect(await arrivals({ externalAddress: address }, put, { address, port: 7777 })).toEqual([]);
  });

  test.each<readonly [string, Partial<SimulatedMapping>]>([
    ['for this host', { remoteHost: '5.5.5.9' }],
    ['of every port, to the port of the same number', { externalPort: 0, internalPort: 9 }],
  ])('passes through a mapping %s', async (_what, mapping) => {
    const port = mapping.externalPort === 0 ? 8888 : 7777;
    expect(
      await arrivals(
        {},
        (router) => {
          put(router, mapping);
        },
        { ...OUTSIDE, port },
      ),
    ).toEqual(['hello']);
  });

  test('rather goes through the mapping that is more its own', async () => {
    const pass = await arrivals({}, (router) => {
      put(router, { externalPort: 0, internalClient: '192.168.1.3' });
      put(router, { internalClient: '192.168.1.4' });
      put(router, { remoteHost: '5.5.5.9' });
    });
    expect(pass).toEqual(['hello']);
  });

  test('comes in no longer once the lease has run out', async () => {
    await using router = simulateGateway();
    put(router, { expiresAt: 60_000 } as Partial<SimulatedMapping>);
    const { heard } = await listen(router.transport, 8888);
    const { socket } = await listen(router.wanHost());
    for (const what of ['in time', 'too late']) {
      await send(socket, what, OUTSIDE);
      await router.clock.advance('1m');
    }
    expect(heard.map((datagram) => datagram.text)).toEqual(['in time']);
  });

  test('gets lost by chance, as any other', async () => {
    expect(await arrivals({}, put)).toEqual(['hello']);
    await using router = simulateGateway();
    const { heard } = await listen(router.transport, 8888);
    Object.defineProperty(router.network, 'loss', { value: 1 });
    put(router);
    await send((await listen(router.wanHost())).socket, 'hello', OUTSIDE);
    await router.clock.sleep(1_000);
    expect(heard).toEqual([]);
  });
});

describe('a datagram from inside', () => {
  test('to a host outside that has not sent anything gets lost', async () => {
    await using router = simulateGateway();
    put(router);
    const outside = await listen(router.wanHost(), 53);
    const inside = await listen(router.transport, 8888);
    await send(inside.socket, 'hello', { address: '5.5.5.9', port: 53 });
    await router.clock.sleep(1_000);
    expect(outside.heard).toEqual([]);
  });

  test('is no reply any more when the gateway has rebooted since', async () => {
    await using router = simulateGateway();
    put(router);
    const outside = await listen(router.wanHost(), 53);
    const inside = await listen(router.transport, 8888);
    await send(outside.socket, 'hello', OUTSIDE);
    await router.clock.sleep(100);
    expect(inside.heard).toHaveLength(1);
    router.reboot();
    await send(inside.socket, 'welcome', { address: '5.5.5.9', port: 53 });
    await router.clock.sleep(100);
    expect(outside.heard).toEqual([]);
  });

  test('to an address that no host outside has is unreachable, and so are all where there is none', async () => {
    await using router = simulateGateway();
    const { socket } = await listen(router.transport);
    const code = async (): Promise<string> =>
      (await socket.send(bytes('hello'), { address: '5.5.5.9', port: 53 }))._unsafeUnwrapErr().code;
    expect(await code()).toBe('unreachable');
    router.wanHost({ address: '5.5.5.8' });
    expect(await code()).toBe('unreachable');
  });
});

test('nothing of UPnP is answered outside', async () => {
  await using router = simulateGateway();
  const { datagram, http } = router.wanHost();
  const socket = (await datagram.open({ family: 'ipv4' }))._unsafeUnwrap();
  const answers: string[] = [];
  void (async () => {
    for await (const { payload } of socket.datagrams) answers.push(text(payload));
  })();
  const search =
    'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n';
  for (const address of ['5.5.5.1', '239.255.255.250', '192.168.1.1'])
    await send(socket, search, { address, port: 1900 });
  await router.clock.sleep(5_000);
  const get = async (host: string): Promise<string> => {
    const request = { method: 'GET', url: `http://${host}:5000/description.xml`, headers: [], body: new Uint8Array() };
    return (await http.request(request, { deadlineMs: 5_000, maxBodyBytes: 100_000 }))._unsafeUnwrapErr().code;
  };
  expect([await get('5.5.5.1'), await get('192.168.1.1')]).toEqual(['refused', 'unreachable']);
  expect([answers, router.exchanges()]).toEqual([[], []]);
});

test('hosts outside have addresses and ports of their own', async () => {
  await using router = simulateGateway();
  put(router);
  const inside = await listen(router.transport, 8888);
  const [first, second] = [router.wanHost(), router.wanHost({ address: '5.5.5.8' })];
  expect((await second.interfaces.list())._unsafeUnwrap()).toEqual([
    { name: 'wan0', family: 'ipv4', address: '5.5.5.8', prefixLength: 24, internal: false },
  ]);
  const sockets = [await listen(first, 53), await listen(second, 53), await listen(second)];
  for (const { socket } of sockets) await send(socket, 'hello', OUTSIDE);
  await router.clock.sleep(100);
  expect(inside.heard.map(({ from }) => from)).toEqual([
    { address: '5.5.5.9', port: 53 },
    { address: '5.5.5.8', port: 53 },
    { address: '5.5.5.8', port: 49_152 },
  ]);
  await send(inside.socket, 'welcome', { address: '5.5.5.8', port: 53 });
  await router.clock.sleep(100);
  expect(sockets.map(({ heard }) => heard.length)).toEqual([0, 1, 0]);
  const code = async (options: Parameters<Transport['datagram']['open']>[0]): Promise<string> =>
    (await first.datagram.open(options))._unsafeUnwrapErr().code;
  const [lan] = (await router.transport.interfaces.list())._unsafeUnwrap().filter(({ name }) => name === 'lan0');
  expect([await code({ family: 'ipv6' }), await code({ family: 'ipv4', multicastInterface: lan })]).toEqual([
    'failed',
    'no-such-interface',
  ]);
});

describe('what stands around a gateway', () => {
  test('a second client, with the next addresses that are free', async () => {
    const addressesOf = async (options: SimulateGatewayOptions): Promise<readonly string[]> => {
      await using router = simulateGateway(options);
      const { secondClient } = surroundings(router);
      const interfaces = (await secondClient.interfaces.list())._unsafeUnwrap();
      return interfaces.filter(({ internal }) => !internal).map(({ address }) => address);
    };
    expect(await addressesOf({})).toEqual(['192.168.1.3', 'fd77::3', 'fe80::3']);
    const here = { lanAddress: '10.0.0.3', client: { address: '10.0.0.2', address6: null } };
    expect(await addressesOf(here)).toEqual(['10.0.0.4']);
    expect(await addressesOf({ client: { address: '192.168.1.99' } })).toEqual(['192.168.1.2', 'fd77::3', 'fe80::3']);
  });

  test('a reboot after which the description is where it was', async () => {
    await using router = simulateGateway();
    put(router);
    const before = router.descriptionUrl;
    await surroundings(router).reboot();
    expect([router.descriptionUrl, router.mappings()]).toEqual([before, []]);
    expect(router.config.bootId).toBe(2);
  });
});
