import { mustBe } from './misuse.ts';

/**
 * The value of this name.
 *
 * @param what - what the values are, for the message
 * @throws TypeError for what is no text, RangeError for a name that there isn't, with those that come near it
 */
export function choose<Value>(what: string, all: Readonly<Record<string, Value>>, name: string): Value {
  mustBe(what, 'string', name);
  const chosen = Object.entries(all).find(([own]) => own === name);
  if (chosen !== undefined) return chosen[1];
  const near = namesNear(Object.keys(all), name);
  const offer =
    near.length === 0 ? `the names are: ${Object.keys(all).join(', ')}` : `similar names: ${near.join(', ')}`;
  throw new RangeError(`there is no ${what} '${name}'; ${offer}`);
}

/** Those that have a word in common with it, or at least the beginning of one. */
function namesNear(names: readonly string[], name: string): readonly string[] {
  const beginnings = name.toLowerCase().match(/[a-z\d]{3}/g) ?? [];
  return names.filter((known) => beginnings.some((beginning) => known.includes(beginning)));
}
