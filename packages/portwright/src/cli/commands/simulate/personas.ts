/** The list of personas, and suggestions for misspelled names. */
import { type Persona, protocolsOf } from '@portwright/transport-mock';
import type { Outcome } from '../../output/outcome.ts';
import { editDistance } from '../../arguments/suggestions.ts';
import type { UsageError } from '../../errors/problem.ts';
import { table } from '../../output/table.ts';

export type Personas = Readonly<Record<string, Persona>>;

export function listPersonas(personas: Personas): Outcome {
  const all = Object.entries(personas).map(([name, persona]) => {
    const { title, quirk } = persona;
    return { name, title, quirk, protocols: protocolsOf(persona) };
  });
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

/** At most three names, nearest first: those that contain the word, and those with a few typing mistakes. */
export function nearest(word: string, names: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase();
  return names
    .map((name) => ({ name, distance: wanted.length > 2 && name.includes(wanted) ? 0 : editDistance(wanted, name) }))
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(wanted.length / 3)))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}
