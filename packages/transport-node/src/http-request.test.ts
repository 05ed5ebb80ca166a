import { Socket } from 'node:net';
import type { HttpRequest } from '@portwright/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { nodeHttp } from './http.ts';
import { GENEROUS, get, rawServer, text } from './raw-server.test-support.ts';

const NO_CONTENT = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

describe('the bytes of a request', () => {
  it.each([
    {
      name: 'a SOAP call, spelled as the core spelled it',
      method: 'POST',
      path: '/ctl/IPConn',
      headers: [
        ['HOST', '192.168.1.1:5000'],
        ['SOAPAction', '"urn:schemas-upnp-org:service:WANIPConnection:1#AddPortMapping"'],
        ['content-LENGTH', '8'],
        ['Connection', 'close'],
        ['X-Last', ''],
      ],
      body: 'naïvexy',
      expected:
        'POST /ctl/IPConn HTTP/1.1\r\nHOST: 192.168.1.1:5000\r\n' +
        'SOAPAction: "urn:schemas-upnp-org:service:WANIPConnection:1#AddPortMapping"\r\n' +
        'content-LENGTH: 8\r\nConnection: close\r\nX-Last: \r\n\r\nnaïvexy',
    },
    {
      name: 'a GET with nothing added',
      method: 'GET',
      path: '/',
      headers: [['Host', 'x']],
      body: '',
      expected: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    },
    { name: 'no header at all', method: 'GET', path: '/', headers: [], body: '', expected: 'GET / HTTP/1.1\r\n\r\n' },
    {
      name: 'a POST without Content-Length, to which no chunks are added',
      method: 'POST',
      path: '/x',
      headers: [['Host', 'x']],
      body: 'body',
      expected: 'POST /x HTTP/1.1\r\nHost: x\r\n\r\nbody',
    },
    {
      name: 'methods and headers of GENA, one of them twice',
      method: 'SUBSCRIBE',
      path: '/evt?a=b',
      headers: [
        ['NT', 'upnp:event'],
        ['CALLBACK', '<http://192.168.1.2:1/>'],
        ['X-A', '1'],
        ['X-A', '2'],
        ['Connection', 'close'],
      ],
      body: '',
      expected:
        'SUBSCRIBE /evt?a=b HTTP/1.1\r\nNT: upnp:event\r\nCALLBACK: <http://192.168.1.2:1/>\r\n' +
        'X-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n',
    },
  ] as const)('$name', async ({ method, path, headers, body, expected }) => {
    const server = await rawServer(NO_CONTENT);
    const request = { method, url: server.origin + path, headers, body: new TextEncoder().encode(body) };
    const response = await nodeHttp().request(request, GENEROUS);
    expect(response.isOk()).toBe(true);
    expect(Buffer.concat(server.received).toString()).toBe(expected);
  });

  it('a body is counted in bytes and not changed, whatever they are', async () => {
    const server = await rawServer((socket) => setTimeout(() => socket.end(NO_CONTENT), 20));
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const request = { ...get(`${server.origin}/`), method: 'POST', headers: [], body };
    expect((await nodeHttp().request(request, GENEROUS)).isOk()).toBe(true);
    expect(Buffer.concat(server.received)).toEqual(Buffer.concat([Buffer.from('POST / HTTP/1.1\r\n\r\n'), body]));
  });
});

describe('head and body', () => {
  it.each([0, 1, 700, 16_000])('arrive as one piece with a body of %i bytes', async (size) => {
    const server = await rawServer((socket) => setTimeout(() => socket.end(NO_CONTENT), 5));
    const request = {
      ...get(`${server.origin}/`),
      method: 'POST',
      headers: [['Content-Length', String(size)]] as const,
      body: new Uint8Array(size).fill(97),
    };
    for (let i = 0; i < 10; i += 1) expect((await nodeHttp().request(request, GENEROUS)).isOk()).toBe(true);
    const head = `POST / HTTP/1.1\r\nContent-Length: ${size}\r\n\r\n`;
    expect(server.received.map((piece) => piece.length)).toEqual(Array(10).fill(head.length + size));
  });

  it('are handed to the socket in one write', async () => {
    const writes = countWrites();
    const server = await rawServer((socket) => socket.destroy());
    const request = { ...get(`${server.origin}/`), method: 'POST', body: new Uint8Array(700) };
    expect((await nodeHttp().request(request, GENEROUS)).isErr()).toBe(true);
    expect(writes()).toBe(1);
  });
});

/** Counts the writes of every socket; the servers of these tests are to make none. */
function countWrites(): () => number {
  const prototype = Socket.prototype as unknown as Record<'_write' | '_writev', (...args: unknown[]) => void>;
  const spies = [vi.spyOn(prototype, '_write'), vi.spyOn(prototype, '_writev')];
  onTestFinished(() => {
    spies.forEach((spy) => {
      spy.mockRestore();
    });
  });
  return () => spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
}

describe('the local address', () => {
  it('is told to the caller', async () => {
    const server = await rawServer(NO_CONTENT);
    const response = await nodeHttp().request(get(`${server.origin}/`), GENEROUS);
    expect(response._unsafeUnwrap().localAddress).toBe('127.0.0.1');
  });

  it('may be chosen', async () => {
    const server = await rawServer(NO_CONTENT);
    const response = await nodeHttp().request(get(`${server.origin}/`), { ...GENEROUS, localAddress: '127.0.0.1' });
    expect(response._unsafeUnwrap().localAddress).toBe('127.0.0.1');
  });

  // Only Linux has the whole of 127.0.0.0/8 on its loopback interface.
  it.runIf(process.platform === 'linux')('is the one that the peer sees', async () => {
    const server = await rawServer((socket) => socket.end(`HTTP/1.0 200 OK\r\n\r\n${socket.remoteAddress}`));
    const response = await nodeHttp().request(get(`${server.origin}/`), { ...GENEROUS, localAddress: '127.0.0.77' });
    expect(text(response._unsafeUnwrap().body)).toBe('127.0.0.77');
    expect(response._unsafeUnwrap().localAddress).toBe('127.0.0.77');
  });

  it.each([
    ['203.0.113.77', 'no-such-interface', 'EADDRNOTAVAIL'],
    ['here', 'failed', 'ERR_INVALID_IP_ADDRESS'],
  ])('%s is %s', async (localAddress, code, cause) => {
    const server = await rawServer(NO_CONTENT);
    const response = await nodeHttp().request(get(`${server.origin}/`), { ...GENEROUS, localAddress });
    expect(response._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code, cause });
    expect(server.connections).toHaveLength(0);
  });
});

describe('IPv6', () => {
  it('is spoken to a literal in brackets', async () => {
    const server = await rawServer(NO_CONTENT, '::1');
    const response = await nodeHttp().request(get(`${server.origin}/`), GENEROUS);
    expect(response._unsafeUnwrap()).toMatchObject({ status: 200, localAddress: '::1' });
  });

  it.runIf(process.platform === 'linux')('takes a zone', async () => {
    const server = await rawServer(NO_CONTENT, '::1');
    const response = await nodeHttp().request(get(`http://[::1%25lo]:${server.port}/`), GENEROUS);
    expect(response._unsafeUnwrap().status).toBe(200);
  });
});

describe('nothing is connected', () => {
  it('for a host name, unless names are allowed', async () => {
    const server = await rawServer(NO_CONTENT);
    const url = `http://localhost:${server.port}/`;
    expect((await nodeHttp().request(get(url), GENEROUS))._unsafeUnwrapErr().code).toBe('not-permitted');
    expect(server.connections).toHaveLength(0);
    expect((await nodeHttp({ allowHostNames: true }).request(get(url), GENEROUS))._unsafeUnwrap().status).toBe(200);
  });

  it.each<[string, Partial<HttpRequest> & { readonly path?: string }]>([
    ['a method with a space', { method: 'GET /' }],
    ['a header name with a colon', { headers: [['Ho:st', 'x']] }],
    ['a header value with a line end', { headers: [['Host', 'x\r\nEvil: y']] }],
    ['a header value beyond Latin-1', { headers: [['Host', '✓']] }],
    ['a path with a line end', { path: '/\r\nEvil: y' }],
  ])('for %s', async (_name, { path = '/', ...change }) => {
    const server = await rawServer(NO_CONTENT);
    const response = await nodeHttp().request({ ...get(server.origin + path), ...change }, GENEROUS);
    expect(response._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'failed' });
    expect(response._unsafeUnwrapErr().cause).toMatch(/^ERR_/);
    expect(server.connections).toHaveLength(0);
  });
});
