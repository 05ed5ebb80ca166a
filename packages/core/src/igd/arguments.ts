/** Arguments between their values and their text on the wire (UDA 1.1, 2.5). */
import { err, ok, type Result } from '../result.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';
import { printable, wholeNumber } from '../text.ts';
import type { XmlElement } from '../xml/element.ts';
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

/** A number to look at, exact in JavaScript; -1 is no counter, but what firmware says when it has none. */
function readCount(text: string): number | undefined {
  const value = /^[+-]?\d{1,20}$/.test(text) ? Number(text) : NaN;
  const unwrapped = value < -1 && value >= -0x8000_0000 ? value + 0x1_0000_0000 : value;
  return unwrapped >= 0 && Number.isSafeInteger(unwrapped) ? unwrapped : undefined;
}

const readers: Readonly<Record<string, Reader>> = {
  string: { expected: 'a string', read: (text) => text },
  ui2: /* @__PURE__ */ unsigned(65_535),
  ui4: /* @__PURE__ */ unsigned(4_294_967_295),
  count: { expected: 'a whole number', read: readCount },
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

/** An older spelling, in small letters: NewNATEEnabled stands in some copies of WANIPConnection:1. */
const olderSpellings: Readonly<Record<string, string>> = { newnatenabled: 'newnateenabled' };

/**
 * The values of an answer's arguments. What is null-able and missing, empty or unreadable is null.
 *
 * Names are compared without regard to case. The only value of an answer may stand in the response element itself. A number
 * to look at may have a misspelt name (NewTotalPacketReceived), if only one element has a name like it. What is acted on is
 * never guessed so.
 */
export function decodeArguments(
  types: ArgumentTypes,
  { children, text }: XmlElement,
): Result<Readonly<Record<string, Value>>, MalformedError & { readonly text: string }> {
  const elements = new Map(children.map((child) => [child.name.toLowerCase(), child.text]));
  const find = (name: string): string | undefined => elements.get(name) ?? elements.get(olderSpellings[name] ?? '');
  const names = Object.keys(types);
  const known = names.map((name) => name.toLowerCase());
  const strays = [...elements.keys()].filter((name) => !known.includes(name));
  const values: Record<string, Value> = {};
  for (const [name, type] of Object.entries(types)) {
    const { expected, read } = readers[type.replace('?', '')] as Reader;
    const key = name.toLowerCase();
    const similar = type === 'count?' ? strays.filter((stray) => isSimilar(stray, key)) : [];
    const only = names.length === 1 && children.length === 0 && text !== '' ? text : undefined;
    const found = find(key) ?? only ?? (similar.length === 1 ? elements.get(similar[0] as string) : undefined);
    const value = found === undefined ? undefined : read(found);
    if (value === undefined && !type.endsWith('?')) {
      const row = children.map((child) => child.text).join(' ');
      return err({ ...malformed('value', expected, name, found ?? ''), text: printable(row).slice(0, 200) });
    }
    values[name] = value ?? null;
  }
  return ok(values);
}

/** Whether two names differ in one place only, by at most three characters. */
function isSimilar(one: string, other: string): boolean {
  const most = Math.max(one.length, other.length);
  const least = Math.min(one.length, other.length);
  let before = 0;
  while (before < least && one[before] === other[before]) before += 1;
  let behind = 0;
  while (behind < least - before && one.at(-1 - behind) === other.at(-1 - behind)) behind += 1;
  return most - before - behind <= 3;
}
