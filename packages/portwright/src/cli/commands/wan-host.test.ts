/** The helper on the WAN side and the suite's end of it, on loopback: 127.0.0.1 stands for the gateway outside. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Datagram, DatagramSocket } from '@portwright/core';
import { nodeTransport } from '@portwright/transport-node';
import { afterEach, describe, expect, test } from 'vitest';
import { run, runJson } from '../host.test-support.ts';
import { reachWanHost, wanHostTransport } from './wan-host/client.ts';
import { serveWanHost, type WanHostEvent, type WanHostOptions } from './wan-host/server.ts';

const HERE = '127.0.0.1';
const BYTES = Uint8Array.from({ length: 16 }, (_, index) => index * 16);

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

async function serve(
  options: Partial<WanHostOptions> = {},
): Promise<{ readonly address: string; readonly port: number }> {
  const server = (await serveWanHost({ address: HERE, port: 0, ...options }))._unsafeUnwrap();
  closings.push(() => server.close());
  return { address: HERE, port: server.port };
}

/** A UDP socket that sends back what it gets. */
async function echo(address = HERE): Promise<{ readonly socket: UdpSocket; readonly port: number }> {
  const socket = createSocket('udp4');
  closings.push(() => {
    socket.close();
  });
  socket.on('message', (payload, { port, address: from }) => {
    socket.send(payload, port, from);
  });
  socket.bind(0, address);
  await once(socket, 'listening');
  return { socket, port: socket.address().port };
}

async function openAt(at: { readonly address: string; readonly port: number }): Promise<DatagramSocket> {
  const socket = (await wanHostTransport(at, nodeTransport()).datagram.open({ family: 'ipv4' }))._unsafeUnwrap();
  closings.push(() => socket.close());
  return socket;
}

async function first({ datagrams }: DatagramSocket): Promise<Datagram | undefined> {
  for await (const datagram of datagrams) return datagram;
  return undefined;
}

describe('a datagram', () => {
  test('goes to the gateway, and the answer comes back', async () => {
    const events: WanHostEvent[] = [];
    const at = await serve({ onEvent: (event) => events.push(event) });
    const { port } = await echo();
    const socket = await openAt(at);
    expect((await socket.send(BYTES, { address: HERE, port })).isOk()).toBe(true);
    expect(await first(socket)).toEqual({ payload: BYTES, from: { address: HERE, port } });
    expect(events.map(({ kind, bytes }) => [kind, bytes])).toEqual([
      ['sent', 16],
      ['arrived', 16],
    ]);
  });

  test('goes nowhere else: the helper is no reflector', async () => {
    const at = await serve();
    const { socket: other, port } = await echo('127.0.0.2');
    let arrived = 0;
    other.on('message', () => (arrived += 1));
    const socket = await openAt(at);
    const sent = await socket.send(BYTES, { address: '127.0.0.2', port });
    expect(sent._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'not-permitted' });
    expect(sent._unsafeUnwrapErr().message).toContain('sends datagrams only to 127.0.0.1, not to 127.0.0.2');
    // One that is allowed to, after it: had the first gone out, it would be here by now.
    const { port: allowed } = await echo();
    expect((await socket.send(BYTES, { address: HERE, port: allowed })).isOk()).toBe(true);
    await first(socket);
    expect(arrived).toBe(0);
  });

  test('of a third party is no answer', async () => {
    const at = await serve();
    const socket = await openAt(at);
    const { socket: stranger } = await echo('127.0.0.2');
    await new Promise((sent) => {
      stranger.send('x', socket.local.port, HERE, sent);
    });
    const { port } = await echo();
    expect((await socket.send(BYTES, { address: HERE, port })).isOk()).toBe(true);
    expect(await first(socket)).toMatchObject({ from: { address: HERE, port } });
  });

  test('is one of few', async () => {
    const socket = await openAt(await serve());
    const { port } = await echo();
    const sent = [];
    for (let count = 0; count < 20; count += 1) sent.push(await socket.send(BYTES, { address: HERE, port }));
    const refused = sent.filter((one) => one.isErr());
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(sent.slice(0, 5).every((one) => one.isOk())).toBe(true);
    expect(refused[0]?._unsafeUnwrapErr().message).toContain('sends at most 5 datagrams per second');
  });

  test('is small', async () => {
    const socket = await openAt(await serve());
    const sent = await socket.send(new Uint8Array(1_025), { address: HERE, port: 9 });
    expect(sent._unsafeUnwrapErr()).toMatchObject({ code: 'too-large' });
  });

  test('goes over IPv4 alone', async () => {
    const opened = await wanHostTransport(await serve(), nodeTransport()).datagram.open({ family: 'ipv6' });
    expect(opened._unsafeUnwrapErr().message).toContain('has no IPv6');
  });
});

describe('the socket', () => {
  test('ends with its closing, and what is sent then fails', async () => {
    const socket = await openAt(await serve());
    const reading = first(socket);
    await socket.close();
    expect(await reading).toBeUndefined();
    expect((await socket.send(BYTES, { address: HERE, port: 9 }))._unsafeUnwrapErr()).toMatchObject({ code: 'reset' });
  });

  test('ends with the helper', async () => {
    const server = (await serveWanHost({ address: HERE, port: 0 }))._unsafeUnwrap();
    const socket = await openAt({ address: HERE, port: server.port });
    const reading = first(socket);
    await server.close();
    expect(await reading).toBeUndefined();
  });
});

describe('the helper, asked by a stranger', () => {
  /** Says something to it. @returns all that it says until it ends the connection */
  async function say(words: string, options: Partial<WanHostOptions> = {}): Promise<readonly unknown[]> {
    const { port } = await serve(options);
    const connection = connect({ host: HERE, port });
    closings.push(() => connection.destroy());
    const lines: unknown[] = [];
    createInterface(connection).on('line', (line) => lines.push(JSON.parse(line)));
    await once(connection, 'data');
    connection.write(words);
    await once(connection, 'close');
    return lines;
  }

  test.each([
    ['what is no JSON', 'GET / HTTP/1.1\r\n', 'invalid request: GET / HTTP/1.1'],
    ['nothing', '\n', 'invalid request: '],
    ['another document', '{"to":1}\n', 'invalid request: 1'],
    ['no address', '{"to":{"address":"localhost","port":1},"payload":""}\n', 'invalid request: {"address":"loc'],
    ['no port', '{"to":{"address":"127.0.0.1","port":0},"payload":""}\n', 'invalid request: {"address":"127'],
    ['no payload', '{"to":{"address":"127.0.0.1","port":1},"payload":"%"}\n', 'invalid request: %'],
    ['a line without an end', 'x'.repeat(5_000), 'a line is too long'],
    ['a long line', `${'x'.repeat(5_000)}\n`, 'a line is too long'],
  ])('says once what is wrong with %s, and ends', async (_what, words, message) => {
    const [greeting, ...rest] = await say(words);
    expect(greeting).toMatchObject({ kind: 'greeting', from: HERE });
    expect(rest).toEqual([{ kind: 'ended', version: 1, message: expect.stringContaining(message) as string }]);
  });

  test('ends a connection on which nothing is said', async () => {
    expect((await say('', { idleMs: 50 })).at(-1)).toMatchObject({ message: 'idle for too long' });
  });

  test('has few connections for one address', async () => {
    const at = await serve();
    for (let count = 0; count < 4; count += 1) await openAt(at);
    expect((await reachWanHost(at))._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'reset' });
  });
});

describe('the suite, answered by a stranger', () => {
  async function answeredBy(answer: (connection: Socket) => void): Promise<{ address: string; port: number }> {
    const server = createServer((connection) => {
      connection.on('error', () => undefined);
      answer(connection);
    });
    closings.push(() => server.close());
    server.listen(0, HERE);
    await once(server, 'listening');
    return { address: HERE, port: (server.address() as AddressInfo).port };
  }

  const greeting = '{"kind":"greeting","version":1,"from":"5.5.5.1","port":4000}\n';

  test.each([
    ['what is no JSON', 'SSH-2.0-OpenSSH_9.2\r\n', 'is not "portwright wan-host": SSH-2.0-OpenSSH_9.2'],
    ['another version', greeting.replace('"version":1', '"version":2'), 'version 2 instead of 1'],
    ['no address', greeting.replace('5.5.5.1', 'x'), 'is not "portwright wan-host"'],
    ['an escape sequence', '\u001b[2J\n', 'is not "portwright wan-host": '],
    ['no end', 'x'.repeat(100_000), 'is not "portwright wan-host": a line is too long'],
  ])('says once what is wrong with %s', async (_what, words, message) => {
    const at = await answeredBy((connection) => connection.write(words));
    const error = (await reachWanHost(at))._unsafeUnwrapErr();
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\u001b');
    expect(error.hint).toBe(`Run "portwright wan-host" there, and let its firewall accept TCP port ${at.port}.`);
  });

  test('keeps no more datagrams than it can', async () => {
    const arrival = '{"kind":"arrived","from":{"address":"5.5.5.1","port":1},"payload":"AA=="}\n';
    const at = await answeredBy((connection) => connection.write(`${greeting}${arrival.repeat(1_000)}`));
    const socket = await openAt(at);
    await expect.poll(() => (socket.datagrams as unknown as { readableLength: number }).readableLength).toBe(256);
    await socket.close();
  });

  test('tells where nobody listens', async () => {
    const { port } = await answeredBy(() => undefined);
    for (const close of closings.splice(0)) await close();
    expect((await reachWanHost({ address: HERE, port }))._unsafeUnwrapErr()).toMatchObject({
      code: 'refused',
      message: `the WAN host 127.0.0.1:${port} refused the connection`,
    });
  });
});

describe('the commands', () => {
  test('wan-host says where it listens and what it does, until Ctrl-C', async () => {
    const interrupt = new AbortController();
    const { port } = await echo();
    let sending: Promise<unknown> | undefined;
    const onStdout = (printed: string): void => {
      const { event, port: at } = JSON.parse(printed) as { readonly event: string; readonly port: number };
      if (event === 'listening') {
        sending = openAt({ address: HERE, port: at }).then((socket) => socket.send(BYTES, { address: HERE, port }));
      }
      if (event === 'arrived') interrupt.abort();
    };
    const free = await serve();
    await closings.pop()?.();
    const argv = ['wan-host', '--address', HERE, '--port', String(free.port), '--json'];
    const { status, stdout } = await run(argv, { signal: interrupt.signal, onStdout });
    await sending;
    expect(status).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { event: 'listening', address: HERE, port: free.port },
      { event: 'sent', client: HERE, peer: { address: HERE, port }, bytes: 16 },
      { event: 'arrived', client: HERE, peer: { address: HERE, port }, bytes: 16 },
    ]);
  });

  test('wan-host says that the port is taken', async () => {
    const { port } = await serve();
    const { status, stderr } = await run(['wan-host', '--address', HERE, '--port', String(port)]);
    expect(status).toBe(1);
    expect(stderr).toContain(`TCP port ${port} of 127.0.0.1 is in use`);
    expect(stderr).toContain('pass another --port');
  });

  test('wan-host on an address of another computer is wrong use', async () => {
    expect(await run(['wan-host', '--address', '192.0.2.77'])).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'portwright: --address must be an IPv4 address of this computer, not "192.0.2.77". ' +
        'See: portwright wan-host --help\n',
    });
  });

  test('conformance says that the helper is not there, before anything else', async () => {
    const at = await serve();
    await closings.pop()?.();
    const { status, json } = await runJson(['conformance', '--wan-host', `${HERE}:${at.port}`]);
    expect(status).toBe(1);
    expect(json).toMatchObject({ error: { kind: 'transport', code: 'refused' } });
  });
});
