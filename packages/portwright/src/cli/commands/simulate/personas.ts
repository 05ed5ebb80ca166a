/** The routers that the simulated gateway can be like. */
import type { Persona } from '@portwright/transport-mock';
import type { Outcome } from '../../output/outcome.ts';
import type { UsageError } from '../../errors/problem.ts';
import { table } from '../../output/table.ts';

export type Personas = Readonly<Record<string, Persona>>;

export function listPersonas(personas: Personas): Outcome {
  const all = Object.entries(personas).map(([name, { title, quirk }]) => ({ name, title, quirk }));
  return {
    json: { personas: all },
    text: (terminal) =>
      table(
        terminal,
        [{ title: 'PERSONA' }, { title: 'BEHAVIOR', isFlexible: true }],
        all.map(({ name, quirk }) => [name, quirk]),
      ),
  };
}

export function unknownPersona(name: string, personas: Personas, invocation: string): UsageError {
  const near = nearest(name, Object.keys(personas));
  const guess = near.length === 0 ? '' : ` (Did you mean ${near.join(' or ')}?)`;
  return {
    kind: 'usage',
    code: 'bad-value',
    message: `unknown persona "${name}"${guess}`,
    hint: `See: ${invocation} simulate --list`,
  };
}

/** Names that contain the word, and those that differ from it by a typing mistake or two; three at most, nearest first. */
export function nearest(word: string, names: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase();
  return names
    .map((name) => ({ name, distance: wanted.length > 2 && name.includes(wanted) ? 0 : editDistance(wanted, name) }))
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(wanted.length / 3)))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Letters put in, left out or exchanged (Levenshtein's distance), row by row. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [at, otherLetter] of Array.from(other).entries()) {
      const replaced = (row[at] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
