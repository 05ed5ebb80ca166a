import type { HttpRequest, TransportError } from '@portwright/core';
import { err, ok } from '@portwright/core/result';
import type { Result } from '@portwright/core/result';
import type { HttpTarget } from './http-target.ts';
import { transportError } from './transport-error.ts';

/** RFC 9110, 5.6.2: the characters of a method and of a header's name. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
/** RFC 9110, 5.5. A line break in a value would begin another header. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The bytes of a request: exactly the headers given, in their order. Head and body are one piece, for one write, and so
 * leave in one TCP segment where they fit: some routers read no further than the first.
 *
 * Errors: `failed` for a method or a header that cannot be sent.
 */
export function encodeRequest(
  { path }: HttpTarget,
  { method, url, headers, body }: HttpRequest,
): Result<Uint8Array, TransportError> {
  const invalid = (cause: string): Result<never, TransportError> =>
    err(transportError('failed', `${method} ${url}`, { cause }));
  if (!TOKEN.test(method)) return invalid('ERR_INVALID_HTTP_TOKEN');
  for (const [name, value] of headers) {
    if (!TOKEN.test(name)) return invalid('ERR_INVALID_HTTP_TOKEN');
    if (!FIELD_VALUE.test(value)) return invalid('ERR_INVALID_CHAR');
  }
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return ok(Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${fields}\r\n`, 'latin1'), body]));
}
