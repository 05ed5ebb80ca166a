import type { MalformedError } from './errors.ts';
import { malformedHints } from './hints.ts';
import { excerptOf } from './text.ts';

/**
 * The error for bytes that can't be decoded: `malformed('description', 'a controlURL', 'service 2', xml)` reads
 * "malformed description at service 2: expected a controlURL, found ...".
 */
export function malformed(code: MalformedError['code'], expected: string, where: string, text: string): MalformedError {
  const excerpt = excerptOf(text);
  const found = excerpt === '' ? 'nothing' : `"${excerpt}"`;
  const message = `malformed ${code === 'empty' ? 'response' : code} at ${where}: expected ${expected}, found ${found}`;
  return { kind: 'malformed', code, message, expected, where, excerpt, hint: malformedHints[code] };
}
