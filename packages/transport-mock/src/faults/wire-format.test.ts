import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { bytes, text } from '../gateway.test-support.ts';
import { gzipStored } from './gzip-stored.ts';
import { encodeChunks, encodeHead, encodeResponse } from './wire-format.ts';

const RESPONSE = {
  status: 404,
  headers: [
    ['X-Odd', 'caf\u00e9'],
    ['ext', ''],
  ],
  body: bytes('nothing'),
} as const;

test('an answer is its status line, its headers as they are, and its body', () => {
  const latin1 = new TextDecoder('latin1');
  expect(latin1.decode(encodeResponse(RESPONSE))).toBe(
    'HTTP/1.1 404 Not Found\r\nX-Odd: caf\u00e9\r\next: \r\n\r\nnothing',
  );
  expect(latin1.decode(encodeResponse(RESPONSE, { version: '1.0', statusText: 'Gone Fishing' }))).toBe(
    'HTTP/1.0 404 Gone Fishing\r\nX-Odd: caf\u00e9\r\next: \r\n\r\nnothing',
  );
  expect(text(encodeHead({ status: 799, headers: [] }))).toBe('HTTP/1.1 799 \r\n\r\n');
});

test.each([
  ['', '0;last\r\nX-TRAILER: after the body\r\n\r\n'],
  ['abc', '3;part=0\r\nabc\r\n0;last\r\nX-TRAILER: after the body\r\n\r\n'],
  ['abcdefghijk', 'a;part=0\r\nabcdefghij\r\n1;part=1\r\nk\r\n0;last\r\nX-TRAILER: after the body\r\n\r\n'],
])('the chunks of "%s"', (body, chunks) => {
  expect(text(encodeChunks(bytes(body), 10))).toBe(chunks);
});

test.each([0, 1, 1_000, 65_535, 65_536, 200_000])('%i bytes, stored as gzip, are what they were', (length) => {
  const body = Uint8Array.from({ length }, (_byte, at) => (at * 31) % 251);
  expect(new Uint8Array(gunzipSync(gzipStored(body)))).toEqual(body);
});
