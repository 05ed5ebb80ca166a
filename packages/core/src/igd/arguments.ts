/** Arguments between their values and their text on the wire (UDA 1.1, 2.5). */
import { err, ok, type Result } from '../result.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';
import { wholeNumber } from '../text.ts';
import type { ArgumentTypes } from './declaration.ts';

type Value = string | number | boolean | null;

interface Reader {
  /** The expected value, in words. */
  readonly expected: string;
  /** The value of a text, or undefined for a text that has none. */
  readonly read: (text: string) => Value | undefined;
}

function unsigned(maximum: number): Reader {
  return {
    expected: `a whole number from 0 to ${maximum}`,
    read: (text) => wholeNumber(text, maximum),
  };
}

const readers: Readonly<Record<string, Reader>> = {
  string: { expected: 'a string', read: (text) => text },
  ui2: /* @__PURE__ */ unsigned(65_535),
  ui4: /* @__PURE__ */ unsigned(4_294_967_295),
  boolean: {
    expected: 'true or false',
    read: (text) => (/^(1|true|yes)$/i.test(text) ? true : /^(0|false|no)$/i.test(text) ? false : undefined),
  },
  protocol: {
    expected: 'TCP or UDP',
    read: (text) => (/^(tcp|udp)$/i.test(text) ? text.toUpperCase() : undefined),
  },
};

/**
 * The texts of an action's arguments, in the declaration's order. A value is of the declared type if its text reads as
 * that value; a protocol is taken in either case.
 */
export function encodeArguments(
  types: ArgumentTypes,
  values: Readonly<Record<string, unknown>>,
): Result<readonly (readonly [name: string, text: string])[], InvalidArgumentError> {
  const texts: (readonly [string, string])[] = [];
  for (const [name, type] of Object.entries(types)) {
    const { expected, read } = readers[type] as Reader;
    const given = values[name];
    const value = type === 'protocol' && typeof given === 'string' ? given.toUpperCase() : given;
    // An object may have nothing that makes a text of it.
    const text = Object(value) === value ? '' : String(typeof value === 'boolean' ? Number(value) : value);
    if (value === undefined || read(text) !== value) {
      const code = typeof value === 'number' ? 'out-of-range' : 'wrong-type';
      return err(invalidArgument(code, name, expected, value));
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
    const { expected, read } = readers[type.replace('?', '')] as Reader;
    const text = texts.get(name) ?? texts.get(olderSpellings[name] ?? name);
    const value = text === undefined ? undefined : read(text);
    if (value === undefined && !type.endsWith('?')) return err(malformed('value', expected, name, text ?? ''));
    values[name] = value ?? null;
  }
  return ok(values);
}
