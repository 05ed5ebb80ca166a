import type { MalformedError } from './errors.ts';
import { excerptOf } from './text.ts';

/**
 * Makes the error for bytes that can't be decoded: `malformed('description', 'a controlURL', 'service 2', xml)` reads
 * "expected a controlURL at service 2".
 */
export function malformed(
  code: MalformedError['code'],
  expected: string,
  where: string,
  found: string,
): MalformedError {
  const excerpt = excerptOf(found);
  const message = `expected ${expected} at ${where}, found "${excerpt}"`;
  return { kind: 'malformed', code, message, expected, where, excerpt };
}
