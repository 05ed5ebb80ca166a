import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { nodeHttp } from './http.ts';
import { GENEROUS, get, rawServer, text } from './raw-server.test-support.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

async function answered(bytes: string | Uint8Array) {
  const server = await rawServer(bytes);
  return nodeHttp().request(get(`${server.origin}/`), GENEROUS);
}

describe('a response is read', () => {
  it.each([
    ['with Content-Length', `${OK}Content-Length: 5\r\n\r\nhello`],
    ['with its names in odd case', `${OK}cOnTeNt-lEnGtH: 5\r\n\r\nhello`],
    ['with bare LF', 'HTTP/1.1 200 OK\nEXT:\nContent-Length: 5\n\nhello'],
    ['with CRLF and bare LF mixed', 'HTTP/1.1 200 OK\r\nEXT:\nContent-Length: 5\r\n\nhello'],
    ['from HTTP/1.0, to the end', 'HTTP/1.0 200 OK\r\nServer: x\r\n\r\nhello'],
    ['from HTTP/1.1 without a length, to the end', `${OK}Connection: keep-alive\r\n\r\nhello`],
    ['in chunks', `${CHUNKED}2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`],
    ['in chunks with extensions', `${CHUNKED}5;a=b;c="d"\r\nhello\r\n0;e\r\n\r\n`],
    ['in chunks with trailers', `${CHUNKED}5\r\nhello\r\n0\r\nX-Checksum: 1\r\nX-More: 2\r\n\r\n`],
    ['in chunks with padded sizes', `${CHUNKED}0005  \r\nhello\r\n0\r\n\r\n`],
    ['with too short a Content-Length', `${OK}Content-Length: 5\r\n\r\nhello, and what nobody announced`],
    ['with another response after it', `${OK}Content-Length: 5\r\n\r\nhello${OK}Content-Length: 3\r\n\r\nbye`],
    [
      'with Content-Length before chunked',
      `${OK}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    ],
    [
      'with Content-Length after chunked',
      `${OK}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    ],
    ['after 100 Continue', `HTTP/1.1 100 Continue\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`],
    ['after several interim answers', `${'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'.repeat(9)}${OK}\r\nhello`],
    ['without a reason phrase', 'HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello'],
    ['with Content-Encoding: identity', `${OK}Content-Encoding: Identity\r\n\r\nhello`],
    ['with an empty Content-Encoding', `${OK}Content-Encoding:\r\n\r\nhello`],
    ['with a space before the colon', `${OK}Server : x\r\nContent-Length \t: 5\r\n\r\nhello`],
    ['with a line without a colon', `${OK}Server\r\nContent-Length: 5\r\n\r\nhello`],
    ['with a line whose name is no token', `${OK}Se rver: x\r\n: y\r\nContent-Length: 5\r\n\r\nhello`],
    ['with the same Content-Length twice', `${OK}Content-Length: 5\r\ncontent-length: 5\r\n\r\nhello`],
    ['with the same Content-Length twice in a line', `${OK}Content-Length: 5, 05\r\n\r\nhello`],
    ['with two spaces in the status line', 'HTTP/1.1  200  OK\r\nContent-Length: 5\r\n\r\nhello'],
    ['with a tab in the status line', 'HTTP/1.1\t200\tOK\r\nContent-Length: 5\r\n\r\nhello'],
    ['after an empty line', `\r\n${OK}Content-Length: 5\r\n\r\nhello`],
    ['with a folded line that is no header', `${OK}Server\r\n Content-Length: 3\r\nContent-Length: 5\r\n\r\nhello`],
    ['with Transfer-Encoding: identity', `${OK}Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello`],
    ['after a fold of nothing', `${OK} Content-Length: 3\r\nContent-Length: 5\r\n\r\nhello`],
    [
      'in chunks, as is said twice',
      `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    ],
    ['in chunks with bare LF', `${OK}TRANSFER-ENCODING: Chunked\n\n00005\nhello\n0\n\n`],
    ['with a folded header', `${OK}Server: a\r\n b\r\nContent-Length: 5\r\n\r\nhello`],
  ])('%s', async (_name, bytes) => {
    const response = (await answered(bytes))._unsafeUnwrap();
    expect([response.status, text(response.body)]).toEqual([200, 'hello']);
  });

  it('with what lies beyond Content-Length in a packet of its own', async () => {
    const server = await rawServer((socket) => {
      socket.write(`${OK}Content-Length: 5\r\n\r\nhello`);
      setTimeout(() => socket.end(' and more'), 20);
    });
    const response = await nodeHttp().request(get(`${server.origin}/`), GENEROUS);
    expect(text(response._unsafeUnwrap().body)).toBe('hello');
  });

  it('one byte at a time', async () => {
    const bytes = Buffer.from(`HTTP/1.1 100 Continue\r\n\r\n${CHUNKED}5;x\r\nhello\r\n0\r\nT: u\r\n\r\n`);
    const server = await rawServer((socket) => {
      socket.setNoDelay(true);
      const drip = (at: number): void => {
        if (at < bytes.length) socket.write(bytes.subarray(at, at + 1), () => setImmediate(drip, at + 1));
      };
      drip(0);
    });
    const response = await nodeHttp().request(get(`${server.origin}/`), GENEROUS);
    expect(text(response._unsafeUnwrap().body)).toBe('hello');
  });

  it.each([200, 204, 301, 302, 307, 401, 403, 404, 405, 412, 500, 503, 599])('with status %i', async (status) => {
    const response = await answered(`HTTP/1.1 ${status} X\r\nLocation: http://203.0.113.1/\r\n\r\n`);
    expect(response._unsafeUnwrap()).toMatchObject({ status, headers: [['Location', 'http://203.0.113.1/']] });
  });

  it('with headers in the order and the spelling of the wire', async () => {
    const head = `${OK}ext:\r\nSERVER: a\r\nSet-Cookie: 1\r\nserver: b\r\nset-cookie: 2\r\nContent-Length: 0\r\n\r\n`;
    expect((await answered(head))._unsafeUnwrap().headers).toEqual([
      ['ext', ''],
      ['SERVER', 'a'],
      ['Set-Cookie', '1'],
      ['server', 'b'],
      ['set-cookie', '2'],
      ['Content-Length', '0'],
    ]);
  });

  it('with a body of plain bytes, all 256 of them', async () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const { body } = (await answered(Buffer.concat([Buffer.from(`${OK}\r\n`), all])))._unsafeUnwrap();
    expect(body).toEqual(all);
    expect(Object.getPrototypeOf(body)).toBe(Uint8Array.prototype);
  });
});

describe('a response is refused', () => {
  it.each([
    ['no byte at all', '', 'truncated'],
    ['half a status line', 'HTTP/1.1 20', 'truncated'],
    ['half a head', `${OK}Server: x\r\n`, 'truncated'],
    ['an interim answer and no more', 'HTTP/1.1 100 Continue\r\n\r\n', 'truncated'],
    ['too long a Content-Length', `${OK}Content-Length: 6\r\n\r\nhello`, 'truncated'],
    ['a chunk cut short', `${CHUNKED}5\r\nhel`, 'truncated'],
    ['chunks without the last', `${CHUNKED}5\r\nhello\r\n`, 'truncated'],
    ['a chunk of 4 GiB', `${CHUNKED}100000000\r\nhello\r\n0\r\n\r\n`, 'too-large'],
    ['a chunk of 2^64 + 5 bytes', `${CHUNKED}10000000000000005\r\nhello\r\n0\r\n\r\n`, 'too-large'],
    ['a chunk without a size', `${CHUNKED}\r\nhello\r\n0\r\n\r\n`, 'not-http'],
    ['a chunk with another word', `${CHUNKED}5 5\r\nhello\r\n0\r\n\r\n`, 'not-http'],
    ['a chunk longer than its size', `${CHUNKED}4\r\nhello\r\n0\r\n\r\n`, 'not-http'],
    ['a chunk shorter than its size', `${CHUNKED}7\r\nhello\r\n0\r\n\r\n`, 'not-http'],
    ['a negative chunk', `${CHUNKED}-1\r\nhello\r\n0\r\n\r\n`, 'not-http'],
    ['a chunk with a plus', `${CHUNKED}+5\r\nhello\r\n0\r\n\r\n`, 'not-http'],
    ['a chunk with 0x', `${CHUNKED}0x5\r\nhello\r\n0\r\n\r\n`, 'not-http'],
    ['a negative Content-Length', `${OK}Content-Length: -5\r\n\r\nhello`, 'not-http'],
    ['two lengths that differ', `${OK}Content-Length: 5\r\nContent-Length: 4\r\n\r\nhello`, 'not-http'],
    ['two lengths that differ in a line', `${OK}Content-Length: 5, 4\r\n\r\nhello`, 'not-http'],
    ['two lengths, one after a space', `${OK}Content-Length: 5\r\nContent-Length : 4\r\n\r\nhello`, 'not-http'],
    [
      'two lengths that differ beside chunks',
      `${OK}Content-Length: 5\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      'not-http',
    ],
    ['two lengths of which one is empty', `${OK}Content-Length: 5,\r\n\r\nhello`, 'not-http'],
    ['an empty Content-Length', `${OK}Content-Length:\r\n\r\nhello`, 'not-http'],
    ['a Content-Length with a plus', `${OK}Content-Length: +5\r\n\r\nhello`, 'not-http'],
    ['a Content-Length of two words', `${OK}Content-Length: 5 5\r\n\r\nhello`, 'not-http'],
    ['a hexadecimal Content-Length', `${OK}Content-Length: 0x5\r\n\r\nhello`, 'not-http'],
    ['gzip after a space', `${OK}Content-Encoding : gzip\r\n\r\n\x1f\x8b`, 'unsupported-encoding'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', 'not-http'],
    ['no space before the status', 'HTTP/1.1200 OK\r\n\r\n', 'not-http'],
    ['no space after the status', 'HTTP/1.1 200OK\r\n\r\n', 'not-http'],
    ['a space before the status line', ` ${OK}\r\n`, 'not-http'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 'not-http'],
    ['HTML without a head', '<html>hello</html>', 'not-http'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n', 'not-http'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n', 'not-http'],
    ['another protocol, switched to', 'HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n', 'not-http'],
    ['gzip', `${OK}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b`, 'unsupported-encoding'],
    ['deflate after identity', `${OK}content-encoding: identity, deflate\r\n\r\nx`, 'unsupported-encoding'],
    ['gzip as a transfer coding', `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 'unsupported-encoding'],
  ])('%s', async (_name, bytes, code) => {
    expect((await answered(bytes))._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code });
  });

  it.each([
    ['before its head', ''],
    ['within its head', `${OK}Server`],
    ['within its body', `${OK}Content-Length: 9\r\n\r\nhello`],
    ['within its chunks', `${CHUNKED}9\r\nhello`],
  ])('when the connection is reset %s', async (_name, bytes) => {
    const server = await rawServer((socket) => {
      // Once these bytes were read, or the reset would overtake them.
      socket.write(bytes, () => setTimeout(() => socket.resetAndDestroy(), 20));
    });
    const response = await nodeHttp().request(get(`${server.origin}/`), GENEROUS);
    expect(response._unsafeUnwrapErr()).toMatchObject({ code: 'reset', cause: 'ECONNRESET' });
  });

  it('when nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const response = await nodeHttp().request(get(`http://127.0.0.1:${port}/`), GENEROUS);
    expect(response._unsafeUnwrapErr()).toMatchObject({ code: 'refused', cause: 'ECONNREFUSED' });
  });

  it.each([
    ['with Content-Length', `${OK}Server: x\r\nContent-Length: 5\r\n\r\nhello`],
    ['in chunks', `${CHUNKED}2;x\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: y\r\n\r\n`],
  ])('at every prefix of a response %s', async (_name, whole) => {
    const server = await rawServer((socket, request) => {
      const length = Number(/^GET \/(\d+)/.exec(request.toString())?.[1]);
      socket.end(whole.slice(0, length));
    });
    const prefix = (length: number) => nodeHttp().request(get(`${server.origin}/${length}`), GENEROUS);
    const cut = await Promise.all(Array.from(whole.slice(1), (_, length) => prefix(length)));
    expect(cut.map((result) => (result.isErr() ? result.error.code : result.value))).toEqual(
      cut.map(() => 'truncated'),
    );
    expect((await prefix(whole.length))._unsafeUnwrap().status).toBe(200);
  });
});
