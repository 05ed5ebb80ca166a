import { err, ok, type Result } from './result.ts';
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

/** Checks that an argument is a whole number within limits, both included. */
export function checkWhole(
  argument: string,
  value: number,
  minimum: number,
  maximum: number,
): Result<number, InvalidArgumentError> {
  return Number.isInteger(value) && value >= minimum && value <= maximum
    ? ok(value)
    : err(invalidArgument('out-of-range', argument, `a whole number from ${minimum} to ${maximum}`, value));
}
