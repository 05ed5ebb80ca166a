/** Where the body of a response ends. */
import type { Headers } from '@portwright/core';
import { err, ok } from '@portwright/core/result';
import type { Result } from '@portwright/core/result';
import type { ReadFailure, ResponseHead } from './http-head.ts';

/** The codings that can be undone here: chunks. Nothing undoes a gzip. */
const TRANSFER_CODINGS: readonly string[] = ['', 'identity', 'chunked'];
const CONTENT_CODINGS: readonly string[] = ['', 'identity'];

/** Statuses without a body, whatever the headers say (RFC 9112, 6.3). */
const WITHOUT_BODY: readonly number[] = [204, 304];

/**
 * The length of the body in bytes, Infinity for all that comes, or `chunked` (RFC 9112, 6.3).
 *
 * Chunks come before a length: some routers send both, and no second message follows whose beginning could be disputed.
 * Lengths that differ are refused: no reader can tell which one is true.
 */
export function framingOf(
  { status, headers }: ResponseHead,
  maxBodyBytes: number,
): Result<number | 'chunked', ReadFailure> {
  const contentCodings = listed(headers, 'content-encoding');
  const transferCodings = listed(headers, 'transfer-encoding');
  if (!contentCodings.every((coding) => CONTENT_CODINGS.includes(coding))) return err('unsupported-encoding');
  if (!transferCodings.every((coding) => TRANSFER_CODINGS.includes(coding))) return err('unsupported-encoding');

  const lengths = listed(headers, 'content-length');
  if (!lengths.every((length) => /^\d+$/.test(length))) return err('not-http');
  const [length = Infinity, ...others] = new Set(lengths.map(Number));
  if (others.length > 0) return err('not-http');
  if (WITHOUT_BODY.includes(status)) return ok(0);
  if (transferCodings.includes('chunked')) return ok('chunked');
  return lengths.length > 0 && length > maxBodyBytes ? err('too-large') : ok(length);
}

/** The members of a header that is a list, from all of its fields (RFC 9110, 5.3), in lower case. */
function listed(headers: Headers, wanted: string): readonly string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === wanted)
    .flatMap(([, value]) => value.split(','))
    .map((member) => member.trim().toLowerCase());
}
