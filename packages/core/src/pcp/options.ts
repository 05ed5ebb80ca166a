/** The options behind the fields of an opcode (RFC 6887, 7.3). */
import { err, ok, type Result } from '../result.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { checkBytes, invalidArgument } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';
import { readFields, sizeOf, writeFields, type Values } from './fields.ts';
import { OPTION_HEADER, OPTIONS } from './layout.ts';
import type { PcpOption } from './message.ts';

/** Whether a server that does not know an option must refuse the request: codes below 128 (RFC 6887, 7.3). */
export function isMandatoryOption(code: number): boolean {
  return code < 128;
}

/** Options are padded with zeros to a multiple of 4 bytes. */
function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/**
 * The options from a byte on. An error response repeats the options of its request, broken or cut as they may be (8.2):
 * `isError` drops what can't be read, since an error is one without its options.
 */
export function decodeOptions(
  datagram: Uint8Array,
  start: number,
  isError: boolean,
): Result<readonly PcpOption[], MalformedError> {
  const options: PcpOption[] = [];
  for (let at = start; at < datagram.length;) {
    const option = decodeOption(datagram, at);
    if (option.isErr()) return isError ? ok(options) : err(option.error);
    options.push(option.value.option);
    at = option.value.end;
  }
  return ok(options);
}

function decodeOption(
  datagram: Uint8Array,
  at: number,
): Result<{ readonly option: PcpOption; readonly end: number }, MalformedError> {
  const start = at + sizeOf(OPTION_HEADER);
  return readFields(OPTION_HEADER, datagram, at).andThen((header) => {
    const { code, length } = header as { readonly code: number; readonly length: number };
    const end = start + padded(length);
    if (end > datagram.length) {
      const found = `${datagram.length - start} bytes`;
      return err(malformed('datagram', `${length} bytes of option ${code}`, `byte ${start}`, found));
    }
    const [, name, fields = []] = OPTIONS.find(([number]) => number === code) ?? [];
    if (name === undefined) return ok({ option: { code, data: datagram.slice(start, start + length) }, end });
    if (length !== sizeOf(fields)) {
      const expected = `${sizeOf(fields)} bytes of option ${name}`;
      return err(malformed('datagram', expected, `byte ${start}`, `${length} bytes`));
    }
    // The table names the properties of that option, and each field has its property's type.
    return readFields(fields, datagram, start).map((values) => ({
      option: { code: name, ...values } as unknown as PcpOption,
      end,
    }));
  });
}

/** Errors: those of {@link writeFields}; an option of no known name; data that is not bytes. */
export function encodeOption(option: PcpOption): Result<readonly number[], InvalidArgumentError> {
  const values = Object(option) as Values;
  const { code, data } = values;
  if (typeof code === 'number') {
    return checkBytes('data', data).andThen((bytes) => withHeader(code, [...bytes]));
  }
  const [number, , fields = []] = OPTIONS.find(([, name]) => name === code) ?? [];
  if (number === undefined) {
    return err(invalidArgument('wrong-type', 'code', 'the name or the number of an option', code));
  }
  return writeFields(fields, values).andThen((bytes) => withHeader(number, bytes));
}

function withHeader(code: number, data: readonly number[]): Result<readonly number[], InvalidArgumentError> {
  return writeFields(OPTION_HEADER, { code, length: data.length }).map((header) => [
    ...header,
    ...data,
    ...Array<number>(padded(data.length) - data.length).fill(0),
  ]);
}
