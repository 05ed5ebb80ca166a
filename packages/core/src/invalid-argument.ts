import type { InvalidArgumentError } from './errors.ts';
import { excerptOf } from './text.ts';

/**
 * Makes the error for an argument that can't be sent: `invalidArgument('out-of-range', 'ttl', 'from 0 to 255', 300)` reads
 * "ttl must be from 0 to 255, not 300".
 */
export function invalidArgument(
  code: InvalidArgumentError['code'],
  argument: string,
  expected: string,
  value: unknown,
): InvalidArgumentError {
  const found = typeof value === 'string' ? `"${excerptOf(value)}"` : String(value);
  return { kind: 'invalid-argument', code, argument, message: `${argument} must be ${expected}, not ${found}` };
}
