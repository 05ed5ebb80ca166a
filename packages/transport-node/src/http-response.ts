import type { Header, Headers, TransportErrorCode } from '@portwright/core';

const MAX_HEADERS = 64;

/** The codings in which the core expects a body; node:http undoes the chunks, and nothing undoes a gzip. */
const EXPECTED_CODINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['content-encoding', ['', 'identity']],
  ['transfer-encoding', ['', 'identity', 'chunked']],
]);

/** Node's flat list of names and values as pairs, spelled as on the wire. */
export function headersOf(rawHeaders: readonly string[]): Headers {
  const headers: Header[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) headers.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return headers;
}

/** Why a response is refused for its head alone, before any of its body is kept; undefined if it is not. */
export function refusal(
  status: number,
  headers: Headers,
): Extract<TransportErrorCode, 'not-http' | 'too-large' | 'unsupported-encoding'> | undefined {
  // node:http skips the interim answers, so that a lower number here is none of HTTP's (RFC 9110, 15).
  if (status < 200) return 'not-http';
  if (headers.length > MAX_HEADERS) return 'too-large';
  return headers.every(isReadable) ? undefined : 'unsupported-encoding';
}

function isReadable([name, value]: Header): boolean {
  const expected = EXPECTED_CODINGS.get(name.toLowerCase());
  return expected === undefined || value.split(',').every((coding) => expected.includes(coding.trim().toLowerCase()));
}

/** The pieces of a body as one array of its own; Node's buffers may be windows on larger ones. */
export function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
