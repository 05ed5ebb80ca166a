import type { Socket } from 'node:net';
import type { AbortSignalLike } from '@portwright/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { nodeHttp } from './http.ts';
import { GENEROUS, get, rawServer, text } from './raw-server.test-support.ts';

const OK = 'HTTP/1.1 200 OK\r\n';

/** Sends the same bytes again and again, for as long as the client takes them. */
function pour(socket: Socket, bytes: string): void {
  if (socket.writable) socket.write(bytes, (error) => error ?? setImmediate(pour, socket, bytes));
}

describe('the deadline is for the whole exchange', () => {
  it.each([
    ['a server that never answers', () => {}],
    [
      'a head of one byte in 50 ms',
      (socket: Socket) => {
        drip(socket, `${OK}Server: an endless tale`);
      },
    ],
    [
      'a body of one byte in 50 ms',
      (socket: Socket) => {
        socket.write(`${OK}\r\n`);
        drip(socket, 'an endless tale, and no end of it');
      },
    ],
    [
      'endless interim answers',
      (socket: Socket) => {
        pour(socket, 'HTTP/1.1 100 Continue\r\n\r\n');
      },
    ],
  ])('%s', async (_name, answer) => {
    const server = await rawServer(answer);
    const start = performance.now();
    const response = await nodeHttp().request(get(`${server.origin}/`), { ...GENEROUS, deadlineMs: 200 });
    expect(response._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'timeout' });
    expect(performance.now() - start).toBeGreaterThan(150);
    await server.closed();
  });

  it('may be longer than a timer can be', async () => {
    const server = await rawServer((socket) => setTimeout(() => socket.end(`${OK}\r\nhello`), 30));
    const response = await nodeHttp().request(get(`${server.origin}/`), { ...GENEROUS, deadlineMs: 2 ** 40 });
    expect(text(response._unsafeUnwrap().body)).toBe('hello');
  });
});

function drip(socket: Socket, bytes: string, at = 0): void {
  if (!socket.writable || at >= bytes.length) return;
  socket.write(bytes.charAt(at));
  setTimeout(drip, 50, socket, bytes, at + 1);
}

describe('a body', () => {
  it.each([
    ['with a length', (body: string) => `${OK}Content-Length: ${body.length}\r\n\r\n${body}`],
    ['to the end', (body: string) => `${OK}\r\n${body}`],
    [
      'in one chunk',
      (body: string) => `${OK}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    ],
  ])('may be as long as allowed, and no longer: %s', async (_name, response) => {
    const request = async (length: number) => {
      const server = await rawServer(response('x'.repeat(length)));
      return nodeHttp().request(get(`${server.origin}/`), { ...GENEROUS, maxBodyBytes: 1000 });
    };
    expect((await request(1000))._unsafeUnwrap().body).toHaveLength(1000);
    expect((await request(1001))._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'too-large' });
  });

  it.each([
    ['without an end', `${OK}\r\n`, 'x'.repeat(10_000)],
    ['of endless chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n`, `3e8\r\n${'x'.repeat(1000)}\r\n`],
    ['with a chunk extension without an end', `${OK}Transfer-Encoding: chunked\r\n\r\n5;`, 'x'.repeat(10_000)],
    ['in a chunk of 2^64 bytes', `${OK}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n`, ''],
    ['with a length of 2^64 bytes', `${OK}Content-Length: 18446744073709551616\r\n\r\n`, ''],
    ['with trailers without an end', `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n`, 'X-Trailer: abcdefgh\r\n'],
  ])('%s is too large', async (_name, head, again) => {
    const server = await rawServer((socket) => {
      socket.write(head);
      if (again !== '') pour(socket, again);
    });
    const response = await nodeHttp().request(get(`${server.origin}/`), { ...GENEROUS, maxBodyBytes: 100_000 });
    expect(response._unsafeUnwrapErr()).toMatchObject({ code: 'too-large' });
    await server.closed();
  });
});

describe('a head', () => {
  const fields = (count: number): string => Array.from({ length: count }, (_, i) => `X-${i}: y\r\n`).join('');

  it('may have 64 fields, and no more', async () => {
    const request = async (count: number) => {
      const server = await rawServer(`${OK}${fields(count)}\r\nhello`);
      return nodeHttp().request(get(`${server.origin}/`), GENEROUS);
    };
    expect((await request(64))._unsafeUnwrap().headers).toHaveLength(64);
    expect((await request(65))._unsafeUnwrapErr().code).toBe('too-large');
    expect((await request(1500))._unsafeUnwrapErr().code).toBe('too-large');
  });

  it.each([
    ['one field of 17,000 bytes', `${OK}X: ${'y'.repeat(17_000)}\r\n\r\n`],
    ['60 fields of 300 bytes', `${OK}${`X: ${'y'.repeat(300)}\r\n`.repeat(60)}\r\n`],
    ['a name of 17,000 bytes', `${OK}${'X'.repeat(17_000)}: y\r\n\r\n`],
    ['a reason of 17,000 bytes', `HTTP/1.1 200 ${'K'.repeat(17_000)}\r\n\r\n`],
  ])('is too large with %s', async (_name, head) => {
    const server = await rawServer(head);
    expect((await nodeHttp().request(get(`${server.origin}/`), GENEROUS))._unsafeUnwrapErr().code).toBe('too-large');
  });

  it('is too large without an end', async () => {
    const server = await rawServer((socket) => {
      socket.write(OK);
      pour(socket, 'X: y\r\n');
    });
    expect((await nodeHttp().request(get(`${server.origin}/`), GENEROUS))._unsafeUnwrapErr().code).toBe('too-large');
    await server.closed();
  });
});

describe('the signal', () => {
  it('that has aborted already makes no connection', async () => {
    const server = await rawServer(`${OK}\r\n`);
    const options = { ...GENEROUS, signal: AbortSignal.abort() };
    expect((await nodeHttp().request(get(`${server.origin}/`), options))._unsafeUnwrapErr().code).toBe('aborted');
    expect(server.connections).toHaveLength(0);
  });

  it.each([
    ['before the head', ''],
    ['within the body', `${OK}Content-Length: 9\r\n\r\nhello`],
  ])('aborts %s', async (_name, bytes) => {
    const controller = new AbortController();
    const server = await rawServer((socket) =>
      socket.write(bytes, () =>
        setTimeout(() => {
          controller.abort();
        }, 20),
      ),
    );
    const response = await nodeHttp().request(get(`${server.origin}/`), { ...GENEROUS, signal: controller.signal });
    expect(response._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'aborted' });
    await server.closed();
  });

  it('aborts before the connection stands', async () => {
    const server = await rawServer(`${OK}\r\n`);
    const controller = new AbortController();
    const response = nodeHttp().request(get(`${server.origin}/`), { ...GENEROUS, signal: controller.signal });
    controller.abort();
    expect((await response)._unsafeUnwrapErr().code).toBe('aborted');
    expect(server.received).toHaveLength(0);
  });

  it('is not listened to any longer than the request takes', async () => {
    const listeners = new Set<() => void>();
    let added = 0;
    const signal: AbortSignalLike = {
      aborted: false,
      addEventListener: (_type, listener) => {
        added += 1;
        listeners.add(listener);
      },
      removeEventListener: (_type, listener) => void listeners.delete(listener),
    };
    const server = await rawServer(`${OK}\r\n`);
    const request = get(`${server.origin}/`);
    expect((await nodeHttp().request(request, { ...GENEROUS, signal })).isOk()).toBe(true);
    // This address throws in node:net.
    expect((await nodeHttp().request(request, { ...GENEROUS, signal, localAddress: 'here' })).isErr()).toBe(true);
    expect([added, listeners.size]).toEqual([2, 0]);
  });
});

describe('afterwards', () => {
  it('the connection is closed, whatever the server would like', async () => {
    const server = await rawServer((socket) =>
      socket.write(`${OK}Connection: keep-alive\r\nKeep-Alive: timeout=60\r\nContent-Length: 5\r\n\r\nhello`),
    );
    const response = await nodeHttp().request(get(`${server.origin}/`), GENEROUS);
    expect(response._unsafeUnwrap().status).toBe(200);
    await server.closed();
  });

  it('no timer is left', async () => {
    const server = await rawServer(`${OK}\r\n`);
    const [set, cleared] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')];
    onTestFinished(() => void vi.restoreAllMocks());
    const response = await nodeHttp().request(get(`${server.origin}/`), { ...GENEROUS, deadlineMs: 4321 });
    expect(response.isOk()).toBe(true);
    const timer = set.mock.results[set.mock.calls.findIndex(([, delay]) => delay === 4321)]?.value as unknown;
    expect(timer).toBeTypeOf('object');
    expect(cleared).toHaveBeenCalledWith(timer);
  });
});

it('requests run side by side, each on a connection of its own', async () => {
  const server = await rawServer((socket, request) => {
    const number = /^GET \/(\d+)/.exec(request.toString())?.[1] ?? '';
    setTimeout(() => socket.end(`${OK}\r\n${number}`), Number(number) % 7);
  });
  const numbers = Array.from({ length: 50 }, (_, number) => String(number));
  const responses = await Promise.all(
    numbers.map((number) => nodeHttp().request(get(`${server.origin}/${number}`), GENEROUS)),
  );
  expect(responses.map((response) => text(response._unsafeUnwrap().body))).toEqual(numbers);
  expect(server.connections).toHaveLength(50);
});

it('whatever the bytes, there is a result', async () => {
  const valid = Buffer.from(
    `${OK}Transfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n5;x\r\nhello\r\n0\r\nT: u\r\n\r\n`,
  );
  // A linear congruential generator (Numerical Recipes), so that a failure can be repeated.
  let seed = 1;
  const below = (limit: number): number => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  const spoilt = Array.from({ length: 300 }, () => {
    const bytes = Buffer.from(valid);
    for (let i = 0; i < 3; i += 1) bytes[below(bytes.length)] = below(256);
    return bytes;
  });
  const server = await rawServer((socket, request) => {
    socket.end(spoilt[Number(/^GET \/(\d+)/.exec(request.toString())?.[1])] ?? '');
  });
  const outcomes: string[] = [];
  for (const number of spoilt.keys()) {
    const result = await nodeHttp().request(get(`${server.origin}/${number}`), GENEROUS);
    outcomes.push(result.isOk() ? 'ok' : result.error.code);
  }
  expect(outcomes).toHaveLength(300);
  expect(
    outcomes.filter((code) => !['ok', 'not-http', 'truncated', 'unsupported-encoding', 'too-large'].includes(code)),
  ).toEqual([]);
});
