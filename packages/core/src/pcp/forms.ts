/** Messages that begin with a version and an opcode, as PCP and NAT-PMP have them, in both directions. */
import { err, ok, safeTry, type Result } from '../result.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { checkBytes, invalidArgument } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';
import { digitsOf, readFields, sizeOf, writeFields, type Fields, type Values } from './fields.ts';

/** The properties that tell a message from the others, and its fields after the opcode. */
export type Form = readonly [is: Values, fields: Fields];

/** The messages of a protocol in one direction. */
export interface Direction {
  readonly version: number;
  /** What is added to the opcode: 128 in a response, 0 in a request. */
  readonly offset: number;
  /** The index is the opcode. */
  readonly forms: readonly Form[];
}

/** The message as hexadecimal digits. Errors: an unknown message, and those of {@link writeFields}. */
export function encodeForm(
  { version, offset, forms }: Direction,
  values: Values,
): Result<string, InvalidArgumentError> {
  const code = forms.findIndex(([is]) => Object.keys(is).every((name) => is[name] === values[name]));
  const [, fields] = forms[code] ?? [];
  if (fields === undefined) return err(invalidArgument('wrong-type', 'message', 'one of the protocol', values));
  return writeFields(fields, values).map((digits) => digitsOf([version, offset + code]) + digits);
}

/**
 * The message, and how many bytes it takes.
 *
 * Errors (`datagram`): another version, an unknown opcode, one of the other direction, and those of {@link readFields}.
 */
export function decodeForm(
  { version, offset, forms }: Direction,
  datagram: Uint8Array,
): Result<readonly [message: Values, size: number], MalformedError | InvalidArgumentError> {
  return safeTry(function* () {
    const [first, second = NaN] = yield* checkBytes('datagram', datagram);
    if (first !== version) return err(malformed('datagram', `version ${version}`, 'byte 0', String(first ?? '')));
    const [is, fields = []] = forms[second - offset] ?? [];
    if (is === undefined) {
      const expected = `a known ${offset > 0 ? 'response' : 'request'}`;
      return err(malformed('datagram', expected, 'byte 1', String(second || '')));
    }
    const size = 2 + sizeOf(fields);
    const values = yield* readFields(fields, digitsOf(datagram.subarray(2, size)));
    return ok([{ ...values, ...is }, size]);
  });
}
