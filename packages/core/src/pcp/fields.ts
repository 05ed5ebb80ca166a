/** Fields of fixed size, as PCP and NAT-PMP have them: both directions follow from one list. */
import { err, ok, type Result } from '../result.ts';
import { addressOfBytes, bytesOfAddress } from '../addresses/address-bytes.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { checkWhole, invalidArgument } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';

/** `address` is 16 bytes with IPv4-mapped addresses; `ipv4` is 4 bytes; `prefix-length` is one byte, at most 128. */
export type FieldType = 'u8' | 'u16' | 'u32' | 'prefix-length' | 'nonce' | 'address' | 'ipv4';

/** The property of the message and its type; or a number of reserved bytes, sent as 0 and ignored when received. */
export type Field = readonly [property: string, type: FieldType] | number;

/** In the order of the wire. */
export type Fields = readonly Field[];

/** A message before it is checked for its form. */
export type Values = Readonly<Record<string, unknown>>;

const SIZES: Readonly<Record<FieldType, number>> = {
  u8: 1,
  'prefix-length': 1,
  u16: 2,
  u32: 4,
  ipv4: 4,
  nonce: 12,
  address: 16,
};

/** How many bytes the fields take. */
export function sizeOf(fields: Fields): number {
  return fields.reduce<number>((sum, field) => sum + (typeof field === 'number' ? field : SIZES[field[1]]), 0);
}

/** Error (`datagram`): the datagram ends before the fields do, or a prefix length is above 128. */
export function readFields(fields: Fields, datagram: Uint8Array, start: number): Result<Values, MalformedError> {
  const end = start + sizeOf(fields);
  if (datagram.length < end) {
    return err(malformed('datagram', `at least ${end} bytes`, 'the datagram', `${datagram.length} bytes`));
  }
  const values: Record<string, unknown> = {};
  let at = start;
  for (const field of fields) {
    if (typeof field === 'number') {
      at += field;
      continue;
    }
    const [property, type] = field;
    const value = read(type, datagram.subarray(at, at + SIZES[type]));
    if (type === 'prefix-length' && (value as number) > 128) {
      return err(malformed('datagram', 'a prefix length of at most 128', `byte ${at}`, String(value)));
    }
    values[property] = value;
    at += SIZES[type];
  }
  return ok(values);
}

function read(type: FieldType, bytes: Uint8Array): string | number {
  if (type === 'address' || type === 'ipv4') return addressOfBytes(bytes);
  if (type === 'nonce') return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** Errors: a number out of its range, a text that is no address, a nonce that is not 24 hexadecimal digits. */
export function writeFields(fields: Fields, values: Values): Result<readonly number[], InvalidArgumentError> {
  const bytes: number[] = [];
  for (const field of fields) {
    if (typeof field === 'number') {
      bytes.push(...numberBytes(0, field));
      continue;
    }
    const [property, type] = field;
    const written = write(type, property, values[property]);
    if (written.isErr()) return err(written.error);
    bytes.push(...written.value);
  }
  return ok(bytes);
}

function write(type: FieldType, property: string, value: unknown): Result<readonly number[], InvalidArgumentError> {
  if (type === 'address' || type === 'ipv4') {
    const bytes = bytesOfAddress(value as string, type === 'ipv4' ? type : undefined);
    const expected = type === 'ipv4' ? 'an IPv4 address' : 'an IP address';
    return bytes === null ? err(invalidArgument('not-an-address', property, expected, value)) : ok(bytes);
  }
  if (type === 'nonce') {
    const digits = typeof value === 'string' && /^[\da-f]{24}$/.test(value) ? value.match(/../g) : null;
    return digits === null
      ? err(invalidArgument('wrong-type', property, '24 hexadecimal digits in lower case', value))
      : ok(digits.map((pair) => parseInt(pair, 16)));
  }
  const size = SIZES[type];
  const maximum = type === 'prefix-length' ? 128 : 256 ** size - 1;
  return checkWhole(property, value, 0, maximum).map((number) => numberBytes(number, size));
}

/** The most significant byte first. */
function numberBytes(value: number, size: number): readonly number[] {
  return Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** (size - 1 - at)) % 256);
}
