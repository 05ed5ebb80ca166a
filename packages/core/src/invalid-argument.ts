import { err, ok, type Result } from './result.ts';
import { isBytes } from './bytes.ts';
import type { InvalidArgumentError } from './errors.ts';
import { excerptOf } from './text.ts';

/**
 * Makes the error for an argument that can't be sent: `invalidArgument('out-of-range', 'ttl', 'from 0 to 255', 300)` reads
 * "ttl must be from 0 to 255, not 300".
 *
 * @param found - what was passed, in words
 */
export function invalidArgument(
  code: InvalidArgumentError['code'],
  argument: string,
  expected: string,
  value: unknown,
  found: string = inWords(value),
  hint?: string,
): InvalidArgumentError {
  return { kind: 'invalid-argument', code, argument, message: `${argument} must be ${expected}, not ${found}`, hint };
}

/** An object is never turned into a text here: its `toString` may be missing, or throw. */
function inWords(value: unknown): string {
  if (typeof value === 'string') return `"${excerptOf(value)}"`;
  if (typeof value === 'function') return 'a function';
  return Object(value) === value ? 'an object' : String(value);
}

/** Checks that an argument is a whole number within limits, both included. */
export function checkWhole(
  argument: string,
  value: unknown,
  minimum: number,
  maximum: number,
): Result<number, InvalidArgumentError> {
  if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum) return ok(value);
  const code = typeof value === 'number' ? 'out-of-range' : value === undefined ? 'missing' : 'wrong-type';
  return err(invalidArgument(code, argument, `a whole number from ${minimum} to ${maximum}`, value));
}

/** Checks that an argument is bytes. */
export function checkBytes(argument: string, value: unknown): Result<Uint8Array, InvalidArgumentError> {
  if (isBytes(value)) return ok(value);
  const code = value === undefined ? 'missing' : 'wrong-type';
  return err(invalidArgument(code, argument, 'bytes (a Uint8Array)', value));
}
