/** Makes inputs out of valid documents: changed a little, at random but repeatably, or long and hard to read. */

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LONGEST = 8_192;
const MOST_CHANGES = 6;

/** One of the documents with up to six changes. Text is a character for each byte. */
export function mutated(documents: readonly string[], words: readonly string[], seed: number): string {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = (list: readonly string[]): string => list[below(list.length)] ?? '';
  const byte = (): string => String.fromCharCode(below(256));
  const changes: readonly ((text: string, from: number, to: number) => string)[] = [
    (text, from, to) => text.slice(0, from) + text.slice(to),
    (text, from, to) => text.slice(0, to) + text.slice(from),
    (text, from) => text.slice(0, from) + pick(words) + text.slice(from),
    (text, from, to) => text.slice(0, from) + pick(words) + text.slice(to),
    (text, from) => text.slice(0, from) + byte() + text.slice(from + 1),
    (text, from) => text.slice(0, from) + byte() + text.slice(from),
    (text, from) => text.slice(0, from),
    (text, from, to) => text.slice(0, from) + text.slice(from, to).repeat(2 + below(8)) + text.slice(to),
    (text, from) => text.slice(0, from) + pick(words).repeat(1 + below(200)) + text.slice(from),
    (text, from) => {
      const other = pick(documents);
      return text.slice(0, from) + other.slice(below(other.length));
    },
  ];
  let text = pick(documents);
  for (let left = 1 + below(MOST_CHANGES); left > 0; left -= 1) {
    const from = below(text.length + 1);
    const to = Math.min(text.length, from + below(40));
    text = changes[below(changes.length)]?.(text, from, to).slice(0, LONGEST) ?? text;
  }
  return text;
}

/** Places of a document at which something is repeated, at most. */
const PLACES = 4;

/** Documents of a size in which one word is repeated: what a parser that isn't linear is slow on. */
export function* repetitive(
  documents: readonly string[],
  words: readonly string[],
  size: number,
): Generator<{ readonly what: string; readonly text: string }, undefined> {
  for (const word of words) {
    for (const document of ['', ...documents]) {
      const step = Math.max(1, Math.ceil(document.length / PLACES));
      for (let place = 0; place <= document.length; place += step) {
        const rest = Math.max(0, size - document.length);
        const repeated = word.repeat(Math.floor(rest / word.length));
        const what = `${JSON.stringify(word)} repeated after ${JSON.stringify(document.slice(Math.max(0, place - 20), place))}`;
        yield { what, text: document.slice(0, place) + repeated + document.slice(place) };
        // And with nothing behind it.
        yield { what: `${what} at the end`, text: document.slice(0, place) + repeated };
      }
    }
  }
  return undefined;
}
