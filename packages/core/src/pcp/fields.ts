/**
 * Fields of fixed size, as PCP and NAT-PMP have them: both directions follow from one list. A message is read and written
 * as hexadecimal digits.
 */
import { err, ok, safeTry, type Result } from '../result.ts';
import { addressOfDigits, digitsOfAddress } from '../addresses/address-digits.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { checkWhole, invalidArgument } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';

/** How many digits a field has. `address` is IPv6 or IPv4-mapped IPv6 (RFC 6887, 5); `prefix` is at most 128. */
const DIGITS = { u8: 2, prefix: 2, u16: 4, u32: 8, ipv4: 8, nonce: 24, address: 32 } as const;

/** The property of the message and its type; or a number of reserved bytes, sent as 0 and ignored when received. */
export type Field = readonly [property: string, type: keyof typeof DIGITS] | number;

/** In the order of the wire. */
export type Fields = readonly Field[];

/** A message before its form is checked. */
export type Values = Readonly<Record<string, unknown>>;

export function digitsOf(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function bytesOf(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** How many bytes the fields have. */
export function sizeOf(fields: Fields): number {
  return fields.reduce<number>((sum, field) => sum + (typeof field === 'number' ? field : DIGITS[field[1]] / 2), 0);
}

/** Error (`datagram`): the digits end before the fields do, or a prefix is above 128. */
export function readFields(fields: Fields, digits: string): Result<Values, MalformedError> {
  const size = sizeOf(fields);
  const found = digits.length / 2;
  if (found < size) return err(malformed('datagram', `${size} bytes`, `byte ${found}`, ''));
  const values: Record<string, unknown> = {};
  let at = 0;
  for (const field of fields) {
    if (typeof field === 'number') {
      at += field * 2;
      continue;
    }
    const [property, type] = field;
    const value = read(type, digits.slice(at, (at += DIGITS[type])));
    if (type === 'prefix' && Number(value) > 128) {
      return err(malformed('datagram', 'at most 128', property, String(value)));
    }
    values[property] = value;
  }
  return ok(values);
}

function read(type: keyof typeof DIGITS, digits: string): string | number {
  if (type === 'nonce') return digits;
  if (type === 'address' || type === 'ipv4') return addressOfDigits(digits.replace(/^0{20}ffff/, ''));
  return parseInt(digits, 16);
}

/** Errors: a number out of its range, a text that is no address, a nonce that is not 24 hexadecimal digits. */
export function writeFields(fields: Fields, values: Values): Result<string, InvalidArgumentError> {
  return safeTry(function* () {
    let digits = '';
    for (const field of fields) {
      digits += typeof field === 'number' ? '00'.repeat(field) : yield* write(...field, values[field[0]]);
    }
    return ok(digits);
  });
}

function write(property: string, type: keyof typeof DIGITS, value: unknown): Result<string, InvalidArgumentError> {
  if (type === 'address' || type === 'ipv4') {
    const digits = digitsOfAddress(value as string);
    if (digits?.length === DIGITS[type]) return ok(digits);
    if (digits?.length === DIGITS.ipv4) return ok('ffff'.padStart(24, '0') + digits);
    return err(invalidArgument('not-an-address', property, `an ${type === 'ipv4' ? 'IPv4' : 'IP'} address`, value));
  }
  if (type === 'nonce') {
    if (typeof value === 'string' && /^[\da-f]{24}$/.test(value)) return ok(value);
    return err(invalidArgument('wrong-type', property, '24 hexadecimal digits in lower case', value));
  }
  const maximum = type === 'prefix' ? 128 : 16 ** DIGITS[type] - 1;
  return checkWhole(property, value, 0, maximum).map((number) => number.toString(16).padStart(DIGITS[type], '0'));
}
