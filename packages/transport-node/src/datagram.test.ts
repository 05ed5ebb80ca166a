import { createSocket, Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { Datagram, DatagramOptions, DatagramSocket, InterfaceAddress } from '@portwright/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { nodeDatagram } from './datagram.ts';

const LOOPBACK: InterfaceAddress = {
  name:
    Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some(({ internal }) => internal))?.[0] ?? '',
  family: 'ipv4',
  address: '127.0.0.1',
  prefixLength: 8,
  internal: true,
};

async function opened(options: DatagramOptions): Promise<DatagramSocket> {
  const socket = (await nodeDatagram().open(options))._unsafeUnwrap();
  onTestFinished(() => socket.close());
  return socket;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The first datagram with this text; on a port such as 1900 others may come by. */
async function heard(socket: DatagramSocket, text: string): Promise<Datagram> {
  for await (const datagram of socket.datagrams) {
    if (new TextDecoder().decode(datagram.payload) === text) return datagram;
  }
  throw new Error(`closed before ${text} came`);
}

describe.each([
  ['ipv4', '127.0.0.1', '0.0.0.0'],
  ['ipv6', '::1', '::'],
] as const)('%s', (family, loopback, wildcard) => {
  it('carries datagrams, with their sender', async () => {
    const [a, b] = [await opened({ family }), await opened({ family })];
    expect(a.local.address).toBe(wildcard);
    expect(a.local.port).toBeGreaterThan(0);
    (await a.send(bytes('hello'), { address: loopback, port: b.local.port }))._unsafeUnwrap();
    const datagram = await heard(b, 'hello');
    expect(datagram.from).toEqual({ address: loopback, port: a.local.port });
    expect(Object.getPrototypeOf(datagram.payload)).toBe(Uint8Array.prototype);
    expect(datagram.payload.buffer.byteLength).toBe(5);
  });

  it('carries empty datagrams', async () => {
    const socket = await opened({ family });
    (await socket.send(new Uint8Array(0), { address: loopback, port: socket.local.port }))._unsafeUnwrap();
    expect((await heard(socket, '')).payload).toHaveLength(0);
  });

  it('drops datagrams of more than 4096 bytes', async () => {
    const socket = await opened({ family });
    for (const length of [4097, 9000, 4096]) {
      (await socket.send(new Uint8Array(length), { address: loopback, port: socket.local.port }))._unsafeUnwrap();
    }
    for await (const { payload } of socket.datagrams) {
      expect(payload).toHaveLength(4096);
      break;
    }
  });

  it.each([0, 1, 4, 255])('takes a ttl of %i', async (ttl) => {
    expect((await opened({ family, ttl })).local.port).toBeGreaterThan(0);
  });

  it.each([-1, 256, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a ttl of %d', async (ttl) => {
    expect((await nodeDatagram().open({ family, ttl }))._unsafeUnwrapErr()).toMatchObject({
      kind: 'transport',
      code: 'failed',
      cause: 'ERR_OUT_OF_RANGE',
    });
  });

  it.each([-1, 65_536, 1.5])('refuses the local port %d', async (localPort) => {
    const error = (await nodeDatagram().open({ family, localPort }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ code: 'failed', cause: 'ERR_OUT_OF_RANGE' });
  });

  it.each([
    [{ address: 'localhost', port: 9 }, 'EINVAL'],
    [{ address: 'router.local', port: 9 }, 'EINVAL'],
    [{ address: loopback, port: 0 }, 'ERR_SOCKET_BAD_PORT'],
    [{ address: loopback, port: 65_536 }, 'ERR_SOCKET_BAD_PORT'],
  ])('sends nothing to %j', async (to, cause) => {
    const socket = await opened({ family });
    expect((await socket.send(bytes('x'), to))._unsafeUnwrapErr()).toMatchObject({ code: 'failed', cause });
  });

  it('refuses a datagram that is too large for UDP', async () => {
    const socket = await opened({ family });
    const sent = await socket.send(new Uint8Array(70_000), { address: loopback, port: socket.local.port });
    expect(sent._unsafeUnwrapErr()).toMatchObject({ code: 'too-large', cause: 'EMSGSIZE' });
  });

  it('says that a port is in use', async () => {
    const holder = createSocket({ type: family === 'ipv4' ? 'udp4' : 'udp6', ipv6Only: family === 'ipv6' });
    holder.bind(0);
    await once(holder, 'listening');
    onTestFinished(() => void holder.close());
    const error = (await nodeDatagram().open({ family, localPort: holder.address().port }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'transport', code: 'address-in-use', cause: 'EADDRINUSE' });
    expect(error.hint).toBeTypeOf('string');
  });

  it('shares a port that it was given, and no other', async () => {
    const chosen = await opened({ family });
    const { port: localPort } = chosen.local;
    expect((await nodeDatagram().open({ family, localPort }))._unsafeUnwrapErr().code).toBe('address-in-use');
    await chosen.close();
    const [a, b] = [await opened({ family, localPort }), await opened({ family, localPort })];
    expect([a.local.port, b.local.port]).toEqual([localPort, localPort]);
  });

  it('says that there is no such interface', async () => {
    const gone = { ...LOOPBACK, family, name: 'gone0', address: family === 'ipv4' ? '203.0.113.77' : 'fe80::77' };
    const error = (await nodeDatagram().open({ family, multicastInterface: gone }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'transport', code: 'no-such-interface' });
  });
});

it('a socket for IPv6 hears no IPv4', async () => {
  const [receiver, ipv4, ipv6] = [
    await opened({ family: 'ipv6' }),
    await opened({ family: 'ipv4' }),
    await opened({ family: 'ipv6' }),
  ];
  (await ipv4.send(bytes('4'), { address: '127.0.0.1', port: receiver.local.port }))._unsafeUnwrap();
  (await ipv6.send(bytes('6'), { address: '::1', port: receiver.local.port }))._unsafeUnwrap();
  for await (const { payload } of receiver.datagrams) {
    expect(payload).toEqual(bytes('6'));
    break;
  }
});

describe('multicast', () => {
  const group = '239.255.255.250';

  it('comes back on the interface that was chosen', async () => {
    const sender = await opened({ family: 'ipv4', multicastInterface: LOOPBACK, ttl: 2 });
    const receiver = await opened({ family: 'ipv4', multicastInterface: LOOPBACK, memberships: [group, group] });
    (await sender.send(bytes('M-SEARCH'), { address: group, port: receiver.local.port }))._unsafeUnwrap();
    expect((await heard(receiver, 'M-SEARCH')).from).toEqual({ address: '127.0.0.1', port: sender.local.port });
    expect(receiver.local.address).toBe('0.0.0.0');
  });

  it('reaches both sockets that share port 1900', async () => {
    const options = { family: 'ipv4', localPort: 1900, multicastInterface: LOOPBACK, memberships: [group] } as const;
    const [a, b] = [await opened(options), await opened(options)];
    expect([a.local.port, b.local.port]).toEqual([1900, 1900]);
    const sender = await opened({ family: 'ipv4', multicastInterface: LOOPBACK });
    const text = `NOTIFY for port ${sender.local.port}`;
    (await sender.send(bytes(text), { address: group, port: 1900 }))._unsafeUnwrap();
    expect((await Promise.all([heard(a, text), heard(b, text)])).map(({ from }) => from.port)).toEqual([
      sender.local.port,
      sender.local.port,
    ]);
  });

  it.each(['192.0.2.1', 'router.local', ''])('has no group %j', async (membership) => {
    const options = { family: 'ipv4', multicastInterface: LOOPBACK, memberships: [membership] } as const;
    expect((await nodeDatagram().open(options)).isErr()).toBe(true);
  });

  it('takes an IPv6 interface by its name', async () => {
    const multicastInterface = { ...LOOPBACK, family: 'ipv6', address: '::1', prefixLength: 128 } as const;
    const socket = await opened({ family: 'ipv6', multicastInterface, memberships: ['ff02::c'] });
    expect(socket.local.address).toBe('::');
  });

  // Linux sends no IPv6 multicast through loopback; another interface is needed, and the packet does not leave the link.
  const linkLocal = Object.entries(networkInterfaces()).find(([, addresses]) =>
    addresses?.some(({ internal, address }) => !internal && address.startsWith('fe80:')),
  )?.[0];
  it.runIf(process.platform === 'linux' && linkLocal !== undefined)('names the zone of its sender', async () => {
    const multicastInterface = { ...LOOPBACK, family: 'ipv6', name: linkLocal ?? '', address: 'fe80::1' } as const;
    const socket = await opened({ family: 'ipv6', multicastInterface, memberships: ['ff02::c'], ttl: 0 });
    (await socket.send(bytes('M-SEARCH'), { address: 'ff02::c', port: socket.local.port }))._unsafeUnwrap();
    expect((await heard(socket, 'M-SEARCH')).from.address).toMatch(new RegExp(`^fe80:.*%${linkLocal}$`));
  });
});

it('a flood is kept to the first 256 datagrams', async () => {
  const socket = await opened({ family: 'ipv4' });
  const to = { address: '127.0.0.1', port: socket.local.port };
  for (let i = 0; i < 600; i += 1) {
    (await socket.send(Uint8Array.of(i & 255, i >> 8), to))._unsafeUnwrap();
    // Let the socket read, or the system's own buffer is the one that overflows.
    if (i % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  await socket.close();
  const numbers: number[] = [];
  for await (const { payload } of socket.datagrams) numbers.push((payload[0] ?? 0) + (payload[1] ?? 0) * 256);
  expect(numbers).toEqual(Array.from({ length: 256 }, (_, number) => number));
});

describe('closing', () => {
  it('ends an iteration that waits', async () => {
    const socket = await opened({ family: 'ipv4' });
    const next = socket.datagrams[Symbol.asyncIterator]().next();
    await socket.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('may be done again, and at the same time', async () => {
    const socket = await opened({ family: 'ipv4' });
    await Promise.all([socket.close(), socket.close()]);
    await expect(socket.close()).resolves.toBeUndefined();
  });

  it('frees the port', async () => {
    const socket = await opened({ family: 'ipv4' });
    const { port } = socket.local;
    await socket.close();
    const other = createSocket('udp4');
    onTestFinished(() => void other.close());
    other.bind(port);
    await once(other, 'listening');
    expect(other.address().port).toBe(port);
  });

  it('leaves nothing to send with', async () => {
    const socket = await opened({ family: 'ipv4' });
    await socket.close();
    const sent = await socket.send(bytes('x'), { address: '127.0.0.1', port: 9 });
    expect(sent._unsafeUnwrapErr()).toMatchObject({ code: 'failed', cause: 'ERR_SOCKET_DGRAM_NOT_RUNNING' });
  });

  it('settles what is still being sent', async () => {
    const [socket, peer] = [await opened({ family: 'ipv4' }), await opened({ family: 'ipv4' })];
    const sending = Array.from({ length: 20 }, () =>
      socket.send(bytes('x'), { address: '127.0.0.1', port: peer.local.port }),
    );
    await socket.close();
    expect(await Promise.all(sending)).toHaveLength(20);
  });
});

describe('bound to an address', () => {
  it('sends from it, and hears what is sent to it alone', async () => {
    const socket = await opened({ family: 'ipv4', localAddress: '127.0.0.1' });
    expect(socket.local.address).toBe('127.0.0.1');
    const other = await opened({ family: 'ipv4' });
    (await socket.send(bytes('x'), { address: '127.0.0.1', port: other.local.port }))._unsafeUnwrap();
    expect((await heard(other, 'x')).from).toEqual(socket.local);
  });

  it.each([
    ['another host has', 'ipv4', '203.0.113.77', 'no-such-interface'],
    ['another host has, IPv6', 'ipv6', '2001:db8::77', 'no-such-interface'],
    ['of a zone that is not there', 'ipv6', 'fe80::1%gone0', 'failed'],
    ['of the other family', 'ipv4', '::1', 'failed'],
    ['a name', 'ipv4', 'localhost', 'failed'],
    ['nothing', 'ipv4', '', 'failed'],
  ] as const)('fails for an address that %s', async (_what, family, localAddress, code) => {
    expect((await nodeDatagram().open({ family, localAddress }))._unsafeUnwrapErr().code).toBe(code);
  });
});

describe.each([
  ['ipv4', '127.0.0.1', '127.0.0.1'],
  ['ipv6', '::1', '0:0:0:0:0:0:0:1'],
] as const)('connected, %s', (family, loopback, spelling) => {
  /** An endpoint where nobody listens, and a socket that begins to, at once: other sockets' events have to wait. */
  async function quietEndpoint() {
    const held = await opened({ family, localAddress: loopback });
    const { port } = held.local;
    await held.close();
    const listen = (): Promise<string> => {
      const peer = createSocket({
        type: family === 'ipv4' ? 'udp4' : 'udp6',
        lookup: (address, _options, callback) => {
          callback(null, address, 0);
        },
      });
      onTestFinished(() => void peer.close());
      peer.bind(port, loopback);
      return once(peer, 'message').then(([payload]) => String(payload));
    };
    return { remote: { address: loopback, port }, listen };
  }

  it('has the address that the system sends from', async () => {
    const peer = await opened({ family });
    const remote = { address: spelling, port: peer.local.port };
    const socket = await opened({ family, remote });
    expect(socket.local.address).toBe(loopback);
    (await socket.send(bytes('x'), remote))._unsafeUnwrap();
    expect((await heard(peer, 'x')).from).toEqual(socket.local);
    (await peer.send(bytes('y'), socket.local))._unsafeUnwrap();
    expect((await heard(socket, 'y')).from).toEqual({ address: loopback, port: remote.port });
  });

  it('hears nothing that came from others before it was connected', async () => {
    const [peer, stranger] = [await opened({ family }), await opened({ family })];
    const remote = { address: loopback, port: peer.local.port };
    const spy = vi.spyOn(Socket.prototype, 'connect').mockImplementationOnce(function (this: Socket, ...args) {
      const to = { address: loopback, port: this.address().port };
      void stranger.send(bytes('forged'), to).then(() => {
        this.connect(...args);
      });
    });
    onTestFinished(() => {
      spy.mockRestore();
    });
    const socket = await opened({ family, remote });
    (await peer.send(bytes('honest'), socket.local))._unsafeUnwrap();
    for await (const { payload } of socket.datagrams) {
      expect(payload).toEqual(bytes('honest'));
      break;
    }
  });

  it('sends nowhere else', async () => {
    const peer = await opened({ family });
    const socket = await opened({ family, remote: { address: loopback, port: peer.local.port } });
    for (const to of [
      { address: loopback, port: 9 },
      { address: family === 'ipv4' ? '127.0.0.2' : '::2', port: peer.local.port },
    ]) {
      const error = (await socket.send(bytes('x'), to))._unsafeUnwrapErr();
      expect(error).toMatchObject({ code: 'failed', cause: 'ERR_SOCKET_DGRAM_IS_CONNECTED' });
    }
  });

  it.each([
    [{ address: loopback, port: 0 }, 'ERR_SOCKET_BAD_PORT'],
    [{ address: loopback, port: 65_536 }, 'ERR_SOCKET_BAD_PORT'],
    [{ address: 'localhost', port: 9 }, 'EINVAL'],
    [{ address: family === 'ipv4' ? '::1' : '127.0.0.1', port: 9 }, 'EINVAL'],
  ])('can not be, to %j', async (remote, cause) => {
    const error = (await nodeDatagram().open({ family, remote }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ code: 'failed', cause });
  });

  it('tells of a refusal, and goes on', async () => {
    const { remote, listen } = await quietEndpoint();
    let refused: (() => void) | undefined;
    const refusal = new Promise<void>((resolve) => (refused = resolve));
    const socket = await opened({ family, remote, onRefused: () => refused?.() });
    (await socket.send(bytes('1'), remote))._unsafeUnwrap();
    await refusal;
    const arrived = listen();
    (await socket.send(bytes('2'), remote))._unsafeUnwrap();
    expect(await arrived).toBe('2');
  });

  it.runIf(process.platform === 'linux')('sends what the system gives up for an earlier refusal', async () => {
    const { remote, listen } = await quietEndpoint();
    let refusals = 0;
    const socket = await opened({ family, remote, onRefused: () => (refusals += 1) });
    // In one turn: the system has no other way to tell of the first one than the second one's result.
    const first = socket.send(bytes('1'), remote);
    const arrived = listen();
    const second = socket.send(bytes('2'), remote);
    expect([(await first).isOk(), (await second).isOk()]).toEqual([true, true]);
    expect([await arrived, refusals]).toEqual(['2', 1]);
  });

  it('is refused without anybody who wants to know', async () => {
    const { remote, listen } = await quietEndpoint();
    const socket = await opened({ family, remote });
    (await socket.send(bytes('1'), remote))._unsafeUnwrap();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const arrived = listen();
    (await socket.send(bytes('2'), remote))._unsafeUnwrap();
    expect(await arrived).toBe('2');
  });
});
