import { expect, it } from 'vitest';
import { ResponseReader } from './http-response.ts';

const MIB = 1 << 20;
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

/** Reads in pieces of that many bytes. @returns what came of it, and the most memory that was held meanwhile */
function read(bytes: Buffer, pieceBytes: number, maxBodyBytes = MIB): readonly [outcome: unknown, heldBytes: number] {
  const reader = new ResponseReader(maxBodyBytes);
  let held = 0;
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const result = reader.take(bytes.subarray(at, at + pieceBytes));
    held = Math.max(held, reader.heldBytes);
    if (result !== null) return [result.isOk() ? result.value.body.length : result.error, held];
  }
  const result = reader.end();
  return [result.isOk() ? result.value.body.length : result.error, held];
}

it.each([
  [65_536, 1],
  [65_536, 7],
  [1 << 18, 1460],
])('a body of %i bytes in chunks of one byte takes no more memory than that, in pieces of %i', (size, pieceBytes) => {
  const bytes = Buffer.from(`${CHUNKED}${'1\r\nx\r\n'.repeat(size)}0\r\n\r\n`);
  const [length, held] = read(bytes, pieceBytes, size);
  expect(length).toBe(size);
  // A line that comes in two pieces has a buffer, too.
  expect(held).toBeLessThanOrEqual(size + 4096);
});

it.each([
  ['a head without an end', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(MIB)}`],
  ['a head of lines without an end', `HTTP/1.1 200 OK\r\n${'X\r\n'.repeat(MIB)}`],
  ['empty lines without an end before a head', '\n'.repeat(MIB)],
  ['the extensions of a chunk', `${CHUNKED}1;${'y'.repeat(MIB)}`],
  ['trailers', `${CHUNKED}0\r\n${'X: y\r\n'.repeat(MIB)}`],
])('%s takes at most 16 KiB', (_name, text) => {
  for (const pieceBytes of [7, 65_536]) {
    const [code, held] = read(Buffer.from(text), pieceBytes);
    expect(code).toBe('too-large');
    expect(held).toBeLessThanOrEqual(16_384);
  }
});

it('interim answers take no memory, and do not shorten the head that follows', () => {
  const interim = `HTTP/1.1 103 Early Hints\r\nX: ${'y'.repeat(9000)}\r\n\r\n`;
  expect(
    read(Buffer.from(`${interim.repeat(50)}HTTP/1.1 200 OK\r\nX: ${'y'.repeat(9000)}\r\n\r\nhello`), 1460),
  ).toEqual([5, expect.any(Number)]);
});

it('a declared length above the limit is refused before the body comes', () => {
  expect(read(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n'), 1460, 1000)[0]).toBe('too-large');
  expect(read(Buffer.from(`${CHUNKED}3e9\r\n`), 1460, 1000)[0]).toBe('too-large');
});
