import type { DatagramOptions, DatagramSocket, Endpoint, Transport } from '@portwright/core';
import { describe, expect, test } from 'vitest';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { bytes, text } from '../gateway.test-support.ts';
import { simulateGateway } from '../simulate-gateway.ts';
import { chattyHost } from './chatty-host.ts';
import { MemoryNetwork, type MemoryNetworkOptions } from './memory-network.ts';
import { deadHost, type NetworkHost, quietHost } from './network-host.ts';

const PORT = 5351;
const ROUTER: Endpoint = { address: '192.168.1.1', port: PORT };

/** A host that answers on port 5351, from whatever endpoints it is told to. */
function answering(addresses: readonly string[], ...from: readonly Endpoint[]): NetworkHost {
  return {
    ...quietHost(...addresses),
    datagram: (payload, to) => (to.port === PORT ? from.map((one) => ({ payload, from: one, delayMs: 0 })) : 'refused'),
  };
}

interface Opened {
  readonly socket: DatagramSocket;
  readonly refusals: () => number;
  /** What arrives within a second after a datagram was sent. */
  readonly ask: (words: string) => Promise<readonly string[]>;
}

async function connected(
  transport: Transport,
  remote: Endpoint,
  options: Partial<DatagramOptions> = {},
): Promise<Opened> {
  let refusals = 0;
  const family = remote.address.includes(':') ? 'ipv6' : 'ipv4';
  const opened = await transport.datagram.open({ family, remote, onRefused: () => (refusals += 1), ...options });
  const socket = opened._unsafeUnwrap();
  const heard: string[] = [];
  void (async () => {
    for await (const { payload, from } of socket.datagrams) heard.push(`${from.address} ${text(payload)}`);
  })();
  const ask = async (words: string): Promise<readonly string[]> => {
    (await socket.send(bytes(words), remote))._unsafeUnwrap();
    await transport.clock.sleep(1000);
    return heard.splice(0);
  };
  return { socket, refusals: () => refusals, ask };
}

function networkOf(host: NetworkHost, options: MemoryNetworkOptions<VirtualClock> = {}): MemoryNetwork {
  const network = new MemoryNetwork(options);
  network.attach(host);
  return network;
}

describe('a connected socket', () => {
  test('hears its remote endpoint alone', async () => {
    const others = [
      { ...ROUTER, port: PORT + 1 },
      { ...ROUTER, address: '192.168.1.66' },
    ];
    const transport = networkOf(answering(['192.168.1.1'], ...others, ROUTER)).transport();
    const { ask, socket } = await connected(transport, ROUTER);
    expect(socket.local).toEqual({ address: '192.168.1.2', port: 49_152 });
    expect(await ask('hello')).toEqual(['192.168.1.1 hello']);
  });

  test.each([
    ['fe80::1%lan0', 'fe80::2%lan0', 'fe80::1%lan0 hello'],
    ['FD77::1', 'fd77::2', 'fd77::1 hello'],
  ])('speaks IPv6 with %s', async (address, local, answer) => {
    const host = answering(['fe80::1', 'fd77::1'], { address: answer.replace(/[% ].*/, ''), port: PORT });
    const { ask, socket } = await connected(networkOf(host).transport(), { address, port: PORT });
    expect(socket.local.address).toBe(local);
    expect(await ask('hello')).toEqual([answer]);
  });

  test('sends from the address that it is bound to', async () => {
    const from: string[] = [];
    const host: NetworkHost = {
      ...quietHost('fd77::1'),
      datagram: (_payload, _to, sender) => {
        from.push(sender.address);
        return [];
      },
    };
    const transport = networkOf(host).transport({ otherAddresses6: [{ address: 'fd77::a1' }] });
    const remote = { address: 'fd77::1', port: PORT };
    const { ask, socket } = await connected(transport, remote, { localAddress: 'FD77::A1' });
    await ask('hello');
    expect([socket.local.address, ...from]).toEqual(['fd77::a1', 'fd77::a1']);
  });

  test('is lost with its address', async () => {
    const link: { state: 'up'; address?: string } = { state: 'up' };
    const transport = networkOf(answering(['192.168.1.1'], ROUTER)).transport({ link });
    const { ask } = await connected(transport, ROUTER);
    link.address = '192.168.1.33';
    expect(await ask('hello')).toEqual([]);
  });
});

describe('a refusal', () => {
  test.each([
    ['a host that offers nothing', quietHost('192.168.1.1'), 1],
    ['a television', chattyHost({ address: '192.168.1.1' }), 1],
    ['a host that listens, and says nothing', answering(['192.168.1.1']), 0],
    ['a host that swallows everything', deadHost('192.168.1.1'), 0],
    ['no host', quietHost('192.168.1.9'), 0],
  ])('of %s', async (_what, host, expected) => {
    const { ask, refusals } = await connected(networkOf(host).transport(), ROUTER);
    expect(await ask('hello')).toEqual([]);
    expect(refusals()).toBe(expected);
  });

  test('of a gateway, on a port that it has no server on', async () => {
    await using router = simulateGateway();
    const { ask, refusals } = await connected(router.transport, { ...ROUTER, port: 9 });
    await ask('hello');
    expect(refusals()).toBe(1);
  });

  test('is lost where no ICMP gets through', async () => {
    const { ask, refusals } = await connected(networkOf(quietHost('192.168.1.1'), { icmp: false }).transport(), ROUTER);
    await ask('hello');
    expect(refusals()).toBe(0);
  });

  test('takes as long as an answer', async () => {
    const network = networkOf(quietHost('192.168.1.1'), { latencyMs: 20 });
    const at: number[] = [];
    const transport = network.transport();
    const onRefused = (): void => void at.push(network.clock.now());
    const { socket } = await connected(transport, ROUTER, { onRefused });
    const started = network.clock.now();
    (await socket.send(bytes('x'), ROUTER))._unsafeUnwrap();
    await network.clock.sleep(1000);
    expect(at).toEqual([started + 40]);
  });

  test('passes: the socket goes on', async () => {
    const network = networkOf(quietHost('192.168.1.1'));
    const { ask, refusals } = await connected(network.transport(), ROUTER);
    await ask('one');
    network.attach(answering(['192.168.1.1'], ROUTER));
    expect(await ask('two')).toEqual(['192.168.1.1 two']);
    expect(refusals()).toBe(1);
  });

  test('is not told when the socket is closed', async () => {
    const transport = networkOf(quietHost('192.168.1.1')).transport();
    const { socket, refusals } = await connected(transport, ROUTER);
    (await socket.send(bytes('x'), ROUTER))._unsafeUnwrap();
    await socket.close();
    await transport.clock.sleep(1000);
    expect(refusals()).toBe(0);
  });

  test('of a datagram to a group is never sent', async () => {
    const group = { address: '239.255.255.250', port: 1900 };
    const { ask, refusals } = await connected(networkOf(quietHost('192.168.1.1')).transport(), group);
    await ask('hello');
    expect(refusals()).toBe(0);
  });
});

describe('opening fails', () => {
  test.each<readonly [string, Partial<DatagramOptions>, string]>([
    ['bound to an address that is not there', { localAddress: '192.168.1.77' }, 'EADDRNOTAVAIL'],
    ['bound to one of the other family', { localAddress: 'fd77::2' }, 'EADDRNOTAVAIL'],
    ['bound to a link-local one without a zone', { family: 'ipv6', localAddress: 'fe80::2' }, 'EADDRNOTAVAIL'],
    ['bound to nothing', { localAddress: '' }, 'EADDRNOTAVAIL'],
    ['connected to the other family', { remote: { address: 'fd77::1', port: 9 } }, 'EINVAL'],
    ['connected to a name', { remote: { address: 'router', port: 9 } }, 'EINVAL'],
    ['connected without a zone', { family: 'ipv6', remote: { address: 'fe80::1', port: 9 } }, 'EINVAL'],
    ['connected in another zone', { family: 'ipv6', remote: { address: 'fe80::1%tun0', port: 9 } }, 'EINVAL'],
    ['connected to port 0', { remote: { address: '192.168.1.1', port: 0 } }, 'ERR_SOCKET_BAD_PORT'],
    ['connected to where no route leads', { remote: { address: '8.8.8.8', port: 9 } }, 'ENETUNREACH'],
  ])('%s', async (_what, options, cause) => {
    const opened = await new MemoryNetwork().transport().datagram.open({ family: 'ipv4', ...options });
    expect(opened._unsafeUnwrapErr().cause).toBe(cause);
  });

  test('while the link is down', async () => {
    const transport = new MemoryNetwork().transport({ link: { state: 'down' } });
    const opened = await transport.datagram.open({ family: 'ipv4', remote: ROUTER });
    expect(opened._unsafeUnwrapErr().code).toBe('unreachable');
  });

  test('not where a default route leads', async () => {
    await using router = simulateGateway();
    const remote = { address: '5.5.5.9', port: PORT };
    const { socket } = await connected(router.transport, remote);
    expect(socket.local.address).toBe('192.168.1.2');
  });
});

test('a host on the WAN side can be connected, too', async () => {
  await using router = simulateGateway();
  const remote = { address: '5.5.5.1', port: 7777 };
  const { datagram } = router.wanHost();
  const { local, send } = (await datagram.open({ family: 'ipv4', remote }))._unsafeUnwrap();
  expect(local.address).toBe('5.5.5.9');
  expect(send).toBeTypeOf('function');
  const elsewhere = await datagram.open({ family: 'ipv4', localAddress: '5.5.5.8' });
  expect(elsewhere._unsafeUnwrapErr().cause).toBe('EADDRNOTAVAIL');
});

describe('default routers', () => {
  const of = async ({ interfaces }: Transport) => (await interfaces.defaultRouters?.())?._unsafeUnwrap();

  test('are the gateway, over IPv4 and IPv6', async () => {
    const router = simulateGateway();
    expect(await of(router.transport)).toEqual([
      { name: 'lan0', family: 'ipv4', address: '192.168.1.1' },
      { name: 'lan0', family: 'ipv6', address: 'fe80::1%lan0' },
    ]);
    router.network.changeNetwork();
    expect((await of(router.transport))?.map(({ address }) => address)).toEqual(['192.168.2.1', 'fe80::1%lan0']);
    await router.close();
    expect(await of(router.transport)).toEqual([]);
  });

  test('are IPv4 alone where the gateway or the client has no IPv6', async () => {
    const network = new MemoryNetwork();
    await using router = simulateGateway({ network, lanAddress6: null });
    expect((await of(router.transport))?.map(({ family }) => family)).toEqual(['ipv4']);
    network.defaultGateway6 = 'fd77::1';
    expect((await of(router.transport))?.map(({ address }) => address)).toEqual(['192.168.1.1', 'fd77::1']);
    network.changeNetwork();
    expect(network.defaultGateway6).not.toBe('fd77::1');
    expect((await of(network.transport({ address6: null })))?.map(({ family }) => family)).toEqual(['ipv4']);
  });

  test('of several interfaces are the client’s own', async () => {
    const defaultRouters = [
      { name: 'tun0', family: 'ipv4', address: '10.2.0.1' },
      { name: 'lan0', family: 'ipv4', address: '192.168.1.1' },
    ] as const;
    await using router = simulateGateway({ client: { defaultRouters } });
    expect(await of(router.transport)).toEqual(defaultRouters);
  });
});
