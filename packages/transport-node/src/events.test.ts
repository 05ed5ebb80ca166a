import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { HttpRequest } from '@portwright/core';
import { expect, it, onTestFinished } from 'vitest';
import { nodeEvents } from './events.ts';

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

it('takes sixteen connections at a time, and others when they are closed', async () => {
  const { listener, heard } = await listening();
  const port = Number(new URL(listener.url).port);
  const idle = await Promise.all(Array.from({ length: 15 }, () => connected(port)));
  expect(await send(listener.url, 'NOTIFY', '')).toBe(200);
  idle.push(await connected(port));
  // The kernel takes the connection, and the listener closes it.
  const closed = { code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) as string };
  await expect(send(listener.url, 'NOTIFY', '')).rejects.toMatchObject(closed);
  expect(heard).toHaveLength(1);
  const [first] = idle;
  first?.destroy();
  await expect.poll(() => send(listener.url, 'NOTIFY', '').catch(() => 0), { timeout: 30_000 }).toBe(200);
  for (const socket of idle) socket.destroy();
});

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
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
