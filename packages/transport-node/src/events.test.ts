import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { HttpRequest } from '@portwright/core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { nodeEvents } from './events.ts';
import { GrowingBuffer } from './growing-buffer.ts';

interface Heard {
  readonly request: HttpRequest;
  readonly from: string;
}

async function listening(status = 200, address = '127.0.0.1') {
  const heard: Heard[] = [];
  const opened = await nodeEvents().listen(address, (message, from) => {
    heard.push({ request: message, from });
    return status;
  });
  const listener = opened._unsafeUnwrap();
  onTestFinished(() => listener.close());
  return { listener, heard };
}

function send(url: string, method: string, body: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

it('hands over a message as it came, with its sender, and answers with the status', async () => {
  const { listener, heard } = await listening(412);
  expect(await send(listener.url, 'NOTIFY', '<a/>', { SID: 'uuid:1', NTS: 'upnp:propchange' })).toBe(412);
  const [message] = heard;
  expect(message?.from).toBe('127.0.0.1');
  expect(message?.request.method).toBe('NOTIFY');
  expect(message?.request.headers.slice(0, 2)).toEqual([
    ['SID', 'uuid:1'],
    ['NTS', 'upnp:propchange'],
  ]);
  expect(new TextDecoder().decode(message?.request.body)).toBe('<a/>');
});

it('listens at a path that can’t be guessed, on that address alone', async () => {
  const [one, other] = [await listening(), await listening()];
  expect(one.listener.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}$/);
  expect(one.listener.url.slice(-32)).not.toBe(other.listener.url.slice(-32));
  expect(await send(new URL('/', one.listener.url).href, 'NOTIFY', '')).toBe(404);
  expect(one.heard).toEqual([]);
});

it('listens on IPv6', async () => {
  const { listener, heard } = await listening(200, '::1');
  expect(listener.url).toMatch(/^http:\/\/\[::1\]:/);
  expect(await send(listener.url, 'NOTIFY', '')).toBe(200);
  expect(heard[0]?.from).toBe('::1');
});

it('cuts off what is too large', async () => {
  const { listener, heard } = await listening();
  expect(await send(listener.url, 'NOTIFY', 'x'.repeat(65_537)).catch(() => 413)).toBe(413);
  expect(heard).toEqual([]);
});

it('goes on after garbage', async () => {
  const { listener, heard } = await listening();
  const { port } = new URL(listener.url);
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write('\0\0\0 nonsense\r\n\r\n'));
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(text);
    });
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(await send(listener.url, 'NOTIFY', '')).toBe(200);
  expect(heard).toHaveLength(1);
});

/** The listener closes a connection that is too many, after the kernel has taken it. */
const CLOSED = { code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) as string };

it('takes eight connections of one host at a time, and others when they are closed', async () => {
  const { listener, heard } = await listening();
  const port = Number(new URL(listener.url).port);
  const idle = await Promise.all(Array.from({ length: 7 }, () => connected(port)));
  expect(await send(listener.url, 'NOTIFY', '')).toBe(200);
  idle.push(await connected(port));
  await expect(send(listener.url, 'NOTIFY', '')).rejects.toMatchObject(CLOSED);
  expect(heard).toHaveLength(1);
  const [first] = idle;
  first?.destroy();
  await expect.poll(() => send(listener.url, 'NOTIFY', '').catch(() => 0), { timeout: 30_000 }).toBe(200);
  for (const socket of idle) socket.destroy();
});

// Only Linux has the whole of 127.0.0.0/8 on its loopback interface.
it.runIf(process.platform === 'linux')('one host does not use up the connections of another', async () => {
  const { listener } = await listening();
  const port = Number(new URL(listener.url).port);
  const idle = await Promise.all(Array.from({ length: 40 }, () => connected(port, '127.0.0.2')));
  expect(await send(listener.url, 'NOTIFY', '')).toBe(200);
  for (const socket of idle) socket.destroy();
});

it.runIf(process.platform === 'linux')('takes thirty-two connections in all', async () => {
  const { listener } = await listening();
  const port = Number(new URL(listener.url).port);
  const hosts = Array.from({ length: 32 }, (_, index) => `127.0.1.${1 + (index % 4)}`);
  const idle = await Promise.all(hosts.map((host) => connected(port, host)));
  await expect(send(listener.url, 'NOTIFY', '')).rejects.toMatchObject(CLOSED);
  for (const socket of idle) socket.destroy();
});

it('ends a connection after five seconds, whether it is idle or in the middle of a message', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout');
  onTestFinished(() => {
    timers.mockRestore();
  });
  const { listener, heard } = await listening();
  const port = Number(new URL(listener.url).port);
  const [idle, slow] = [await connected(port), await connected(port)];
  slow.write(`NOTIFY ${new URL(listener.url).pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf`);
  const ends = [idle, slow].map((socket) => new Promise((resolve) => socket.on('close', resolve)));
  const due = (): readonly (() => void)[] => timers.mock.calls.flatMap(([run, ms]) => (ms === 5_000 ? [run] : []));
  await expect.poll(() => due().length, { timeout: 30_000 }).toBe(2);
  // What the timers do after five seconds.
  for (const run of due()) run();
  await Promise.all(ends);
  expect(heard).toEqual([]);
});

it('holds a body of pieces of one byte in one buffer', async () => {
  const { listener, heard } = await listening();
  const { port, pathname } = new URL(listener.url);
  const socket = await connected(Number(port));
  const answered = once(socket, 'data');
  const appended = vi.spyOn(GrowingBuffer.prototype, 'append');
  onTestFinished(() => {
    appended.mockRestore();
  });
  socket.write(
    `NOTIFY ${pathname} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(65_536)}0\r\n\r\n`,
  );
  expect(String(await answered)).toMatch(/^HTTP\/1\.1 200 /);
  expect(heard[0]?.request.body).toHaveLength(65_536);
  const buffers = new Set(appended.mock.contexts as GrowingBuffer[]);
  expect([...buffers].map(({ capacity }) => capacity)).toEqual([65_536]);
});

function connected(port: number, localAddress = '127.0.0.1'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress }, () => {
      resolve(socket);
    });
    socket.on('error', reject);
  });
}

it('says why it can’t listen', async () => {
  const refused = await nodeEvents().listen('192.0.2.1', () => 200);
  expect(refused._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'no-such-interface' });
});

it('frees its port, as often as it is told to', async () => {
  const { listener } = await listening();
  await listener.close();
  await listener.close();
  await expect(send(listener.url, 'NOTIFY', '')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
