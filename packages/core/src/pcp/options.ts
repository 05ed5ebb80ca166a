/** The options behind the fields of an opcode (RFC 6887, 7.3). */
import { err, ok, safeTry, type Result } from '../result.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { checkBytes, invalidArgument } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';
import { bytesOf, digitsOf, readFields, sizeOf, writeFields, type Values } from './fields.ts';
import { OPTION_HEADER, OPTIONS } from './layout.ts';
import type { PcpOption } from './message.ts';

/** Whether a server that does not know an option must refuse the request: codes below 128 (RFC 6887, 7.3). */
export function isMandatoryOption(code: number): boolean {
  return typeof code === 'number' && code < 128;
}

/** Options are padded with zeros to a multiple of 4 bytes, which are 8 digits. */
function padded(digits: string): string {
  return digits.padEnd(Math.ceil(digits.length / 8) * 8, '0');
}

/** The first option, and how many digits it takes. Errors (`datagram`): it is cut, or has another length than its own. */
export function decodeOption(
  digits: string,
): Result<{ readonly option: PcpOption; readonly taken: number }, MalformedError> {
  return safeTry(function* () {
    const { code, length } = yield* readFields(OPTION_HEADER, digits);
    const data = digits.slice(8, 8 + Number(length) * 2);
    const [, name, fields = []] = OPTIONS.find(([number]) => number === code) ?? [];
    const size = name === undefined ? length : sizeOf(fields);
    if (length !== size || data.length !== Number(length) * 2) {
      const found = `${data.length / 2} of ${String(length)} bytes`;
      return err(malformed('datagram', `${String(size)} bytes`, `option ${String(code)}`, found));
    }
    const values =
      name === undefined ? { code, data: bytesOf(data) } : { ...(yield* readFields(fields, data)), code: name };
    // The table names the properties of that option, and each field has its property's type.
    return ok({ option: values as unknown as PcpOption, taken: 8 + padded(data).length });
  });
}

/** Errors: those of {@link writeFields}; an option of no known name; data that is not bytes. */
export function encodeOption(option: PcpOption): Result<string, InvalidArgumentError> {
  return safeTry(function* () {
    const values = Object(option) as Values;
    const { code } = values;
    const [number = code, name, fields = []] = OPTIONS.find(([, known]) => known === code) ?? [];
    if (typeof number !== 'number') {
      return err(invalidArgument('wrong-type', 'code', 'a known name or a number', code));
    }
    const data =
      name === undefined ? digitsOf(yield* checkBytes('data', values['data'])) : yield* writeFields(fields, values);
    const header = yield* writeFields(OPTION_HEADER, { code: number, length: data.length / 2 });
    return ok(header + padded(data));
  });
}
