/** HTTP/1.x requests as bytes: RFC 9112 from the server's side, without a socket. */
import type { Headers } from '@portwright/core';
import type { ByteQueue } from './byte-queue.ts';

export interface ParsedRequest {
  readonly method: string;
  /** As it stood in the request line. */
  readonly target: string;
  readonly headers: Headers;
  /** Its chunks put together; trailer fields are read and dropped. */
  readonly body: Uint8Array;
}

/** What a parser says before it is done. After `refused` it has nothing more to say. */
export type ParserEvent =
  | { readonly kind: 'more' }
  /** The client waits for "100 Continue" before it sends the body (RFC 9110, 10.1.1). */
  | { readonly kind: 'continue' }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string };

type Parser<T> = Generator<ParserEvent, T, undefined>;

/** The start line and the headers together, or the trailer fields; above it 431. */
const MAXIMUM_HEAD_BYTES = 16_384;
/** Above it 413. */
const MAXIMUM_BODY_BYTES = 65_536;
/** The size of a chunk and its extensions. */
const MAXIMUM_CHUNK_LINE_BYTES = 1_024;
const MORE: ParserEvent = { kind: 'more' };
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([!-~\\x80-\\xff]+) HTTP/(\\d)\\.(\\d)$`);
const FIELD = new RegExp(`^(${TOKEN}):(.*)$`);
/** RFC 9110, 5.5: what a field's value must not hold. */
const FORBIDDEN = /[\0-\x08\x0a-\x1f\x7f]/;

/**
 * Reads one request. The caller pushes what arrives into the queue, and resumes the parser: it says what it waits for,
 * and returns the request when it is complete. What comes after that stays in the queue.
 */
export function* parseRequest(input: ByteQueue): Parser<ParsedRequest> {
  const budget: Budget = { left: MAXIMUM_HEAD_BYTES, status: 431 };
  let line = yield* readLine(input, budget);
  // RFC 9112, 2.2: a server "SHOULD ignore at least one empty line (CRLF) received prior to the request-line".
  while (line === '') line = yield* readLine(input, budget);
  const match = REQUEST_LINE.exec(line);
  if (match === null) return yield* refuse(400, 'the request line is not HTTP');
  const [, method = '', target = '', major, minor = ''] = match;
  if (major !== '1') return yield* refuse(505, `HTTP/${major ?? ''} is not supported`);
  const headers = yield* readFields(input, budget);
  const length = yield* bodyLength(headers);
  const expectation = fieldValues(headers, 'expect')[0]?.toLowerCase();
  if (expectation !== undefined && expectation !== '100-continue')
    return yield* refuse(417, `the expectation ${expectation} is not supported`);
  // RFC 9110, 10.1.1: from a client of HTTP/1.0 it is ignored, and where the body is there already, needless.
  if (expectation !== undefined && minor !== '0' && length !== 0 && input.length === 0) yield { kind: 'continue' };
  const body = length === 'chunked' ? yield* readChunks(input) : yield* readBytes(input, length);
  return { method, target, headers, body };
}

interface Budget {
  left: number;
  /** What the peer hears who exceeds it. */
  readonly status: number;
}

function* refuse(status: number, reason: string): Parser<never> {
  yield { kind: 'refused', status, reason };
  throw new Error('internal error: the parser continued after a refused request');
}

function* readLine(input: ByteQueue, budget: Budget): Parser<string> {
  for (;;) {
    const before = input.length;
    const line = input.takeLine();
    const used = before - input.length;
    if ((line === null ? before : used) > budget.left)
      return yield* refuse(budget.status, 'the header fields are too large');
    budget.left -= used;
    if (line !== null) return line;
    yield MORE;
  }
}

function* readFields(input: ByteQueue, budget: Budget): Parser<Headers> {
  /** A value in the parts that were folded: joined once, so that many folds stay linear work. */
  const fields: [name: string, parts: string[]][] = [];
  for (;;) {
    const line = yield* readLine(input, budget);
    if (line === '') return fields.map(([name, parts]) => [name, parts.filter((part) => part !== '').join(' ')]);
    const last = fields.at(-1);
    // RFC 9112, 5.1: white space between name and colon has to be refused, and so the pattern knows none.
    const [, name = '', value = ''] = FIELD.exec(line) ?? [];
    if (FORBIDDEN.test(line)) return yield* refuse(400, 'a control character in a header');
    // RFC 9112, 5.2: a folded line is to be refused, or "one or more SP" take the place of the fold.
    if (/^[ \t]/.test(line) && last !== undefined) last[1].push(line.trim());
    else if (name === '') return yield* refuse(400, 'a line that is not a header');
    else fields.push([name, [value.trim()]]);
  }
}

/** RFC 9112, 6.3. */
function* bodyLength(headers: Headers): Parser<number | 'chunked'> {
  const codings = fieldValues(headers, 'transfer-encoding');
  // It "overrides the Content-Length", and the connection is closed after the answer in any case.
  if (codings.length > 0) {
    const isChunked = codings.length === 1 && codings[0]?.toLowerCase() === 'chunked';
    return isChunked ? 'chunked' : yield* refuse(501, `the coding ${codings.join(', ')} is not supported`);
  }
  const [length = '0', ...others] = new Set(fieldValues(headers, 'content-length'));
  if (others.length > 0 || !/^\d+$/.test(length)) return yield* refuse(400, 'the length of the body is missing');
  return Number(length) > MAXIMUM_BODY_BYTES
    ? yield* refuse(413, `more than ${MAXIMUM_BODY_BYTES} bytes`)
    : Number(length);
}

/** RFC 9112, 7.1. */
function* readChunks(input: ByteQueue): Parser<Uint8Array> {
  // One piece of memory: a list of chunks of one byte each would take a hundred times as much.
  const body = new Uint8Array(MAXIMUM_BODY_BYTES);
  let total = 0;
  for (;;) {
    const line = yield* readLine(input, { left: MAXIMUM_CHUNK_LINE_BYTES, status: 400 });
    const size = /^([\da-f]{1,8})[ \t]*(?:;|$)/i.exec(line)?.[1];
    if (size === undefined) return yield* refuse(400, 'the size of a chunk is missing');
    const length = parseInt(size, 16);
    if (length === 0) break;
    if (total + length > MAXIMUM_BODY_BYTES) return yield* refuse(413, `more than ${MAXIMUM_BODY_BYTES} bytes`);
    yield* readInto(body.subarray(total, total + length), input);
    total += length;
    const end = yield* readLine(input, { left: 2, status: 400 });
    if (end !== '') return yield* refuse(400, 'a chunk is longer than its size');
  }
  yield* readFields(input, { left: MAXIMUM_HEAD_BYTES, status: 431 });
  return body.slice(0, total);
}

function* readBytes(input: ByteQueue, length: number): Parser<Uint8Array> {
  const bytes = new Uint8Array(length);
  yield* readInto(bytes, input);
  return bytes;
}

function* readInto(bytes: Uint8Array, input: ByteQueue): Parser<void> {
  for (let at = 0; at < bytes.length;) {
    const arrived = input.take(bytes.length - at);
    bytes.set(arrived, at);
    at += arrived.length;
    if (at < bytes.length) yield MORE;
  }
}

/** The members of a list field, from all of its lines. */
function fieldValues(headers: Headers, name: string): readonly string[] {
  return headers
    .filter(([spelling]) => spelling.toLowerCase() === name)
    .flatMap(([, value]) => value.split(',').map((member) => member.trim()));
}
