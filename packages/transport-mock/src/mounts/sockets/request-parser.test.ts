import { describe, expect, test } from 'vitest';
import { bytes, text } from '../../gateway.test-support.ts';
import { singleBytes } from '../sockets.test-support.ts';
import { ByteQueue } from './byte-queue.ts';
import { type ParsedRequest, type ParserEvent, parseRequest } from './request-parser.ts';

interface Parsed {
  readonly request: ParsedRequest | null;
  readonly events: readonly ParserEvent['kind'][];
  readonly status: number | null;
  /** What is left in the queue. */
  readonly rest: number;
}

/** Feeds the parser piece by piece, until it is done or there is nothing left. */
function parse(pieces: readonly Uint8Array[]): Parsed {
  const input = new ByteQueue();
  const parser = parseRequest(input);
  const events: ParserEvent['kind'][] = [];
  for (const piece of pieces) {
    input.push(piece);
    for (;;) {
      const { done, value } = parser.next();
      if (done === true) return { request: value, events, status: null, rest: input.length };
      if (value.kind === 'refused') return { request: null, events, status: value.status, rest: input.length };
      if (value.kind === 'more') break;
      events.push(value.kind);
    }
  }
  return { request: null, events, status: null, rest: input.length };
}

function parseText(latin1: string): Parsed {
  return parse([Buffer.from(latin1, 'latin1')]);
}

const HEAD = 'POST /control HTTP/1.1\r\nHOST: gateway\r\n';

const UNDERSTOOD = {
  'a plain GET': ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'GET', '/', [['Host', 'a']], ''],
  'HTTP/1.0 without headers': ['GET /x HTTP/1.0\r\n\r\n', 'GET', '/x', [], ''],
  'bare line feeds': [
    'GET / HTTP/1.1\nA: 1\nB: 2\n\n',
    'GET',
    '/',
    [
      ['A', '1'],
      ['B', '2'],
    ],
    '',
  ],
  'empty lines ahead': ['\r\n\nGET / HTTP/1.1\r\n\r\n', 'GET', '/', [], ''],
  'methods of any name': ['M-SEARCH * HTTP/1.1\r\n\r\n', 'M-SEARCH', '*', [], ''],
  'headers as they are spelled, in their order, repeated': [
    'GET / HTTP/1.1\r\nb: 1\r\nA:2\r\nB:\t 3 \r\n\r\n',
    'GET',
    '/',
    [
      ['b', '1'],
      ['A', '2'],
      ['B', '3'],
    ],
    '',
  ],
  'an empty value': ['GET / HTTP/1.1\r\nEXT:\r\n\r\n', 'GET', '/', [['EXT', '']], ''],
  'Latin-1 in a value': ['GET / HTTP/1.1\r\nA: caf\xe9\x80\r\n\r\n', 'GET', '/', [['A', 'caf\xe9\x80']], ''],
  'folded lines': [
    'GET / HTTP/1.1\r\nA: 1\r\n  2\r\n\t3\r\nB: 4\r\n\r\n',
    'GET',
    '/',
    [
      ['A', '1 2 3'],
      ['B', '4'],
    ],
    '',
  ],
  'a body by its length': [
    `${HEAD}content-length: 5\r\n\r\nhello`,
    'POST',
    '/control',
    [
      ['HOST', 'gateway'],
      ['content-length', '5'],
    ],
    'hello',
  ],
  'a length that is said twice': [
    `POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi`,
    'POST',
    '/',
    [
      ['Content-Length', '2'],
      ['Content-Length', '2'],
    ],
    'hi',
  ],
  'chunks, with extensions and trailers': [
    'POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n5;a=b;c="d"\r\nhello\r\n1 \r\n \r\n05\r\nworld\r\n0;last\r\nX-Sum: 1\r\n Y\r\n\r\n',
    'POST',
    '/',
    [['Transfer-Encoding', 'Chunked']],
    'hello world',
  ],
  'chunks and a length, of which the chunks count (RFC 9112, 6.3)': [
    'POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
    'POST',
    '/',
    [
      ['Content-Length', '3'],
      ['Transfer-Encoding', 'chunked'],
    ],
    'hi',
  ],
} as const;

describe.each(Object.entries(UNDERSTOOD))('%s', (_name, [sent, method, target, headers, body]) => {
  const expected = { method, target, headers, body };
  const shown = ({ request }: Parsed): unknown => request && { ...request, body: text(request.body) };

  test('is understood in one piece', () => {
    expect(shown(parseText(sent))).toEqual(expected);
  });

  test('is understood byte by byte, and not before its last byte', () => {
    const pieces = singleBytes(sent);
    expect(parse(pieces.slice(0, -1))).toEqual({
      request: null,
      events: [],
      status: null,
      rest: expect.any(Number) as number,
    });
    expect(shown(parse(pieces))).toEqual(expected);
  });

  test('leaves what follows alone', () => {
    expect(parse([...singleBytes(sent), bytes('GET /other')]).rest).toBe(0);
    expect(parseText(`${sent}GET /other`).rest).toBe(10);
  });
});

test.each([
  ['garbage', '\0\x01\x02\xff\r\n', 400],
  ['no version', 'GET /\r\n', 400],
  ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 400],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n', 400],
  ['two spaces', 'GET  / HTTP/1.1\r\n', 400],
  ['a target with a space', 'GET /a b HTTP/1.1\r\n', 400],
  ['a target with a control character', 'GET /a\x01 HTTP/1.1\r\n', 400],
  ['a lower-case protocol', 'GET / http/1.1\r\n', 400],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n', 505],
  ['a header without a colon', 'GET / HTTP/1.1\r\nHOST\r\n', 400],
  ['a header without a name', 'GET / HTTP/1.1\r\n: a\r\n', 400],
  ['a space before the colon (RFC 9112, 5.1)', 'GET / HTTP/1.1\r\nHOST : a\r\n', 400],
  ['a fold before any header', 'GET / HTTP/1.1\r\n HOST: a\r\n', 400],
  ['NUL in a header', 'GET / HTTP/1.1\r\nHOST: a\0b\r\n', 400],
  ['CR in a header', 'GET / HTTP/1.1\r\nHOST: a\rb\r\n', 400],
  ['a negative length', 'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n', 400],
  ['a length with a sign', 'POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n', 400],
  ['a length in hex', 'POST / HTTP/1.1\r\nContent-Length: 0x10\r\n\r\n', 400],
  ['an empty length', 'POST / HTTP/1.1\r\nContent-Length:\r\n\r\n', 400],
  ['two lengths that differ', 'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
  ['two lengths in one line', 'POST / HTTP/1.1\r\nContent-Length: 1, 2\r\n\r\n', 400],
  ['65,537 bytes', 'POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n', 413],
  ['more bytes than there are numbers', `POST / HTTP/1.1\r\nContent-Length: ${'9'.repeat(400)}\r\n\r\n`, 413],
  ['a coding that is not known', 'POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', 501],
  ['an expectation that is not known', 'POST / HTTP/1.1\r\nExpect: miracles\r\n\r\n', 417],
  ['a chunk without a size', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n;a\r\n', 400],
  ['a chunk size with a sign', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n', 400],
  ['a chunk is longer than its size', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n', 400],
  ['a chunk of 4 GiB', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n', 413],
  ['a chunk extension without end', `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(1_100)}`, 400],
  ['a trailer that is no header', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nnothing\r\n', 400],
  ['a start line without end', `GET /${'a'.repeat(16_400)}`, 431],
  ['headers without end', `GET / HTTP/1.1\r\n${'A: b\r\n'.repeat(3_000)}`, 431],
  ['empty lines without end', '\r\n'.repeat(9_000), 431],
])('refuses %s', (_name, sent, status) => {
  expect(parseText(sent).status).toBe(status);
  expect(parse(singleBytes(sent)).status).toBe(status);
});

test('takes a body of 65,536 bytes, whole and in chunks', () => {
  const body = 'x'.repeat(65_536);
  expect(parseText(`${HEAD}Content-Length: 65536\r\n\r\n${body}`).request?.body.length).toBe(65_536);
  const chunked = `${HEAD}Transfer-Encoding: chunked\r\n\r\n8000\r\n${body.slice(0, 32_768)}\r\n8000\r\n${body.slice(32_768)}\r\n0\r\n\r\n`;
  expect(parseText(chunked).request?.body.length).toBe(65_536);
  expect(parseText(chunked.replace('\r\n0\r\n', '\r\n1\r\nx\r\n0\r\n')).status).toBe(413);
});

describe('Expect: 100-continue', () => {
  const head = 'POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n';

  test('is heard before the body', () => {
    expect(parse([bytes(head)])).toMatchObject({ events: ['continue'], request: null });
    expect(parse([bytes(head), bytes('hi')])).toMatchObject({ events: ['continue'], request: { target: '/' } });
  });

  test.each([
    ['when the body has come with the head', `${head}hi`],
    ['without a body', 'GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n'],
    ['from HTTP/1.0', 'POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n'],
    ['when the body would be too large', 'POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 70000\r\n\r\n'],
  ])('is not answered %s', (_name, sent) => {
    expect(parseText(sent).events).toEqual([]);
  });
});
