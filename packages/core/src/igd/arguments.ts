/** Arguments between their values and their text on the wire (UDA 1.1, 2.5). */
import { err, ok, type Result } from 'neverthrow';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';
import type { ArgumentTypes } from './declaration.ts';

type Value = string | number | boolean | null;

interface Codec {
  /** What is expected, in words. */
  readonly expected: string;
  /** The text of a value, or undefined for a value that is none of this type. */
  readonly encode: (value: unknown) => string | undefined;
  /** The value of a text, or undefined for a text that has none. */
  readonly decode: (text: string) => Value | undefined;
}

function unsigned(maximum: number): Codec {
  return {
    expected: `a whole number from 0 to ${maximum}`,
    encode: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maximum
        ? String(value)
        : undefined,
    decode: (text) => (/^\+?\d{1,10}$/.test(text) && Number(text) <= maximum ? Number(text) : undefined),
  };
}

const codecs: Readonly<Record<string, Codec>> = {
  string: {
    expected: 'a text',
    encode: (value) => (typeof value === 'string' ? value : undefined),
    decode: (text) => text,
  },
  ui2: unsigned(65_535),
  ui4: unsigned(4_294_967_295),
  boolean: {
    expected: 'true or false',
    encode: (value) => (typeof value === 'boolean' ? (value ? '1' : '0') : undefined),
    decode: (text) => (/^(1|true|yes)$/i.test(text) ? true : /^(0|false|no)$/i.test(text) ? false : undefined),
  },
  protocol: {
    expected: 'TCP or UDP',
    encode: (value) => (value === 'TCP' || value === 'UDP' ? value : undefined),
    decode: (text) => (/^(tcp|udp)$/i.test(text) ? text.toUpperCase() : undefined),
  },
};

/** The texts of an action's arguments, in the declaration's order. */
export function encodeArguments(
  types: ArgumentTypes,
  values: Readonly<Record<string, unknown>>,
): Result<readonly (readonly [name: string, text: string])[], InvalidArgumentError> {
  const texts: (readonly [string, string])[] = [];
  for (const [name, type] of Object.entries(types)) {
    const codec = codecs[type] as Codec;
    const text = codec.encode(values[name]);
    if (text === undefined) {
      const code = typeof values[name] === 'number' ? 'out-of-range' : 'wrong-type';
      return err(invalidArgument(code, name, codec.expected, values[name]));
    }
    texts.push([name, text]);
  }
  return ok(texts);
}

/** Older spellings of output arguments: NewNATEEnabled stands in some copies of WANIPConnection:1. */
const olderSpellings: Readonly<Record<string, string>> = { NewNATEnabled: 'NewNATEEnabled' };

/** The values of an answer's arguments. What is null-able and missing, empty or unreadable is null. */
export function decodeArguments(
  types: ArgumentTypes,
  texts: ReadonlyMap<string, string>,
): Result<Readonly<Record<string, Value>>, MalformedError> {
  const values: Record<string, Value> = {};
  for (const [name, type] of Object.entries(types)) {
    const nullable = type.endsWith('?');
    const codec = codecs[nullable ? type.slice(0, -1) : type] as Codec;
    const text = texts.get(name) ?? texts.get(olderSpellings[name] ?? name);
    const value = text === undefined ? undefined : codec.decode(text);
    if (value === undefined && !nullable) return err(malformed('value', codec.expected, name, text ?? ''));
    values[name] = value ?? null;
  }
  return ok(values);
}
