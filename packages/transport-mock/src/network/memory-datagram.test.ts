import type { Datagram, DatagramOptions, DatagramSocket, Endpoint, Transport } from '@portwright/core';
import { describe, expect, test } from 'vitest';
import { bytes, text } from '../gateway.test-support.ts';
import { simulateGateway } from '../simulate-gateway.ts';
import { MemoryNetwork } from './memory-network.ts';

const GROUP: Endpoint = { address: '239.255.255.250', port: 1900 };
const SEARCH = bytes(
  'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n',
);

async function open(transport: Transport, options: Partial<DatagramOptions> = {}): Promise<DatagramSocket> {
  return (await transport.datagram.open({ family: 'ipv4', ...options }))._unsafeUnwrap();
}

/** What arrives within this time; the socket is closed after it. */
async function received(transport: Transport, socket: DatagramSocket, ms = 2_000): Promise<readonly Datagram[]> {
  const datagrams: Datagram[] = [];
  const reading = (async () => {
    for await (const datagram of socket.datagrams) datagrams.push(datagram);
  })();
  await transport.clock.sleep(ms);
  await socket.close();
  await reading;
  return datagrams;
}

async function search(
  transport: Transport,
  to: Endpoint,
  options: Partial<DatagramOptions> = {},
): Promise<readonly Datagram[]> {
  const socket = await open(transport, options);
  (await socket.send(SEARCH, to))._unsafeUnwrap();
  return received(transport, socket);
}

describe('a search', () => {
  test.each<readonly [string, Partial<DatagramOptions>, Endpoint, string, string]>([
    ['by IPv4 multicast', {}, GROUP, '192.168.1.1', 'http://192.168.1.1:5000'],
    ['by IPv4 unicast', {}, { address: '192.168.1.1', port: 1900 }, '192.168.1.1', 'http://192.168.1.1:5000'],
    ['by FF02::C', { family: 'ipv6' }, { address: 'FF02::C', port: 1900 }, 'fe80::1%lan0', 'http://[fe80::1]:5000'],
    ['by FF05::C', { family: 'ipv6' }, { address: 'ff05::c', port: 1900 }, 'fd77::1', 'http://[fd77::1]:5000'],
    ['by IPv6 unicast', { family: 'ipv6' }, { address: 'fd77::1', port: 1900 }, 'fd77::1', 'http://[fd77::1]:5000'],
    [
      'by link-local unicast',
      { family: 'ipv6' },
      { address: 'fe80::1%lan0', port: 1900 },
      'fe80::1%lan0',
      'http://[fe80::1]:5000',
    ],
  ])('%s', async (_, options, to, from, location) => {
    await using router = simulateGateway();
    const answers = await search(router.transport, to, options);
    expect(answers.map((answer) => answer.from)).toEqual([{ address: from, port: 1900 }]);
    expect(text(answers[0]?.payload ?? new Uint8Array())).toContain(`LOCATION: ${location}/description.xml\r\n`);
    expect(router.exchanges()).toMatchObject([{ kind: 'search', to, answers: [answers[0]?.payload] }]);
  });

  test('reaches every gateway', async () => {
    const network = new MemoryNetwork();
    await using one = simulateGateway({ network });
    await using two = simulateGateway({ network, lanAddress: '192.168.1.254', lanAddress6: null });
    const answers = await search(one.transport, GROUP);
    expect(answers.map(({ from }) => from.address).toSorted()).toEqual([one.config.lanAddress, two.config.lanAddress]);
  });

  test('that is garbage is recorded, and met with silence', async () => {
    await using router = simulateGateway();
    const socket = await open(router.transport);
    (await socket.send(bytes('hello'), GROUP))._unsafeUnwrap();
    expect(await received(router.transport, socket)).toEqual([]);
    expect(router.exchanges()).toMatchObject([{ kind: 'search', payload: bytes('hello'), answers: [] }]);
    expect(await search(router.transport, GROUP)).toHaveLength(1);
  });

  test('to another port, another group or nobody is lost', async () => {
    await using router = simulateGateway();
    for (const to of [
      { address: '192.168.1.1', port: 1901 },
      { address: '239.1.1.1', port: 1900 },
      { address: '192.168.1.99', port: 1900 },
    ]) {
      expect(await search(router.transport, to)).toEqual([]);
    }
    expect(router.exchanges()).toEqual([]);
  });

  test('with a TTL of 0 never leaves', async () => {
    await using router = simulateGateway();
    expect(await search(router.transport, GROUP, { ttl: 0 })).toEqual([]);
    expect(await search(router.transport, { address: '192.168.1.1', port: 1900 }, { ttl: 0 })).toHaveLength(1);
  });

  test('keeps what was sent, though the buffer is used again', async () => {
    await using router = simulateGateway();
    const socket = await open(router.transport);
    const buffer = SEARCH.slice();
    (await socket.send(buffer, GROUP))._unsafeUnwrap();
    buffer.fill(0);
    expect(await received(router.transport, socket)).toHaveLength(1);
  });
});

describe('interfaces', () => {
  const vpn = { name: 'tun0', family: 'ipv4', address: '10.8.0.2', prefixLength: 24, internal: false } as const;
  const lan = { name: 'lan0', family: 'ipv4', address: '192.168.1.2', prefixLength: 24, internal: false } as const;

  test('a search from another one leads nowhere', async () => {
    await using router = simulateGateway({ client: { otherInterfaces: [vpn] } });
    expect(await search(router.transport, GROUP, { multicastInterface: vpn })).toEqual([]);
    expect(await search(router.transport, GROUP, { multicastInterface: lan })).toHaveLength(1);
  });

  test('one that is not there is an error', async () => {
    await using router = simulateGateway();
    const result = await router.transport.datagram.open({ family: 'ipv4', multicastInterface: vpn });
    expect(result._unsafeUnwrapErr()).toMatchObject({ code: 'no-such-interface', cause: 'ENODEV' });
  });

  test('IPv6 on a machine without it is an error', async () => {
    await using router = simulateGateway({ client: { address6: null } });
    const result = await router.transport.datagram.open({ family: 'ipv6' });
    expect(result._unsafeUnwrapErr()).toMatchObject({ code: 'failed', cause: 'EAFNOSUPPORT' });
  });
});

describe('a socket', () => {
  test('has a port of its own, or the one that was asked for, shared', async () => {
    const transport = new MemoryNetwork().transport();
    const sockets = [
      await open(transport),
      await open(transport, { localPort: 0 }),
      await open(transport, { localPort: 1900 }),
      await open(transport, { localPort: 1900 }),
      await open(transport, { family: 'ipv6' }),
    ];
    expect(sockets.map(({ local }) => local)).toEqual([
      { address: '0.0.0.0', port: 49_152 },
      { address: '0.0.0.0', port: 49_153 },
      { address: '0.0.0.0', port: 1900 },
      { address: '0.0.0.0', port: 1900 },
      { address: '::', port: 49_154 },
    ]);
  });

  test('answers go to the socket that asked, and to no other client', async () => {
    await using router = simulateGateway();
    const other = router.network.transport({
      address: '192.168.1.3',
      address6: 'fd77::3',
      linkLocalAddress: 'fe80::3',
    });
    const silent = await open(other);
    expect(silent.local.port).toBe(49_152);
    const [own, others] = await Promise.all([search(router.transport, GROUP), received(other, silent)]);
    expect([own.length, others.length]).toEqual([1, 0]);
  });

  test('can send no more when it is closed, and can be closed again', async () => {
    await using router = simulateGateway();
    const socket = await open(router.transport);
    await socket.close();
    await socket.close();
    expect((await socket.send(SEARCH, GROUP))._unsafeUnwrapErr()).toMatchObject({ code: 'failed' });
    const rest: Datagram[] = [];
    for await (const datagram of socket.datagrams) rest.push(datagram);
    expect(rest).toEqual([]);
  });

  test('loses what comes after it is closed', async () => {
    await using router = simulateGateway();
    const socket = await open(router.transport);
    (await socket.send(SEARCH, GROUP))._unsafeUnwrap();
    await socket.close();
    await router.clock.advance('1s');
    expect(router.exchanges()).toHaveLength(1);
    expect(await received(router.transport, socket)).toEqual([]);
  });

  test('what came before a reader did is kept, up to 256 datagrams', async () => {
    await using router = simulateGateway();
    const socket = await open(router.transport, { localPort: 1900, memberships: ['239.255.255.250'] });
    for (let count = 0; count < 30; count += 1) router.announce('alive');
    await router.clock.advance('1s');
    expect(await received(router.transport, socket)).toHaveLength(256);
  });

  test.each([
    ['another family', { address: 'FF02::C', port: 1900 }, { code: 'failed', cause: 'EINVAL' }],
    ['another network', { address: '8.8.8.8', port: 1900 }, { code: 'unreachable', cause: 'ENETUNREACH' }],
  ])('cannot send to %s', async (_, to, error) => {
    const socket = await open(new MemoryNetwork().transport());
    expect((await socket.send(SEARCH, to))._unsafeUnwrapErr()).toMatchObject(error);
  });
});

describe('announcements', () => {
  test('reach those who joined the group', async () => {
    await using router = simulateGateway();
    const member = await open(router.transport, { localPort: 1900, memberships: ['239.255.255.250'] });
    const stranger = await open(router.transport, { localPort: 1900 });
    router.announce('alive');
    const [heard, unheard] = await Promise.all([
      received(router.transport, member),
      received(router.transport, stranger),
    ]);
    expect([heard.length, unheard.length]).toEqual([11, 0]);
    expect(heard[0]?.from).toEqual({ address: '192.168.1.1', port: 1900 });
  });

  test('go out over IPv6, too', async () => {
    await using router = simulateGateway();
    const member = await open(router.transport, {
      family: 'ipv6',
      localPort: 1900,
      memberships: ['FF02::C', 'FF05::C'],
    });
    router.announce('byebye');
    const senders = new Set((await received(router.transport, member)).map(({ from }) => from.address));
    expect([...senders]).toEqual(['fe80::1%lan0', 'fd77::1']);
  });
});
