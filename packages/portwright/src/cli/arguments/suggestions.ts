/** What the user may have meant by a word that does not exist. */

const MAX_DISTANCE = 3;
/** Words of which less is the same are not alike. */
const MIN_SIMILARITY = 0.4;

/** ` (Did you mean map?)`, or nothing. Only the nearest words are named. The dashes of options do not count. */
export function suggestionFor(word: string, candidates: readonly string[]): string {
  const dashes = word.startsWith('--') ? '--' : '';
  const alike = [...new Set(candidates)]
    .map((candidate) => {
      const [given, known] = [word, candidate].map((text) => text.slice(dashes.length)) as [string, string];
      const distance = editDistance(given, known);
      const length = Math.max(given.length, known.length);
      return { candidate, distance, similarity: (length - distance) / length };
    })
    .filter(({ distance, similarity }) => distance <= MAX_DISTANCE && similarity > MIN_SIMILARITY);
  const nearest = Math.min(...alike.map(({ distance }) => distance));
  const [first, ...others] = alike
    .filter(({ distance }) => distance === nearest)
    .map(({ candidate }) => candidate)
    .sort();
  if (first === undefined) return '';
  return ` (Did you mean ${others.length === 0 ? first : `one of ${[first, ...others].join(', ')}`}?)`;
}

/** The number of letters to insert, delete, replace or exchange with their neighbours (optimal string alignment). */
export function editDistance(one: string, other: string): number {
  let [before, row] = [[0], Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const replaced = (row[to - 1] ?? 0) + (one[at - 1] === other[to - 1] ? 0 : 1);
      const isExchange = at > 1 && to > 1 && one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1];
      const exchanged = isExchange ? (before[to - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min((row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1, replaced, exchanged));
    }
    [before, row] = [row, next];
  }
  return row.at(-1) ?? 0;
}
