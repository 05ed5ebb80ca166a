/** What is known of a result, as lines of plain text: for formats that have a place for that, and no form. */
import type { Level } from '../checks/requirement.ts';
import { capitalized, type Outcome, type SettledOutcome, whenOf } from './outcome.ts';
import { oneLine } from './visible.ts';
import { type WireLimits, wireLines } from './wire-text.ts';

export const LEVELS: Readonly<Record<Level, string>> = {
  must: 'must',
  should: 'should',
  may: 'may',
  own: 'a rule of this suite',
};

/** Enough to see what happened; a report in HTML or JSON has more. */
export const WIRE_LIMITS: WireLimits = { exchanges: 8, body: 4_000 };

export function detailLines(outcome: SettledOutcome, limits: WireLimits = WIRE_LIMITS): readonly string[] {
  const { result, other } = outcome;
  const { requirement, known } = result;
  const facts = [
    ['Requirement', requirement.sentence],
    ['Clause', requirement.clause],
    ['Level', LEVELS[requirement.level]],
    ...(known === null ? [] : [['Known failure', `${known.reason} (${known.clause})`]]),
  ];
  return [
    ...facts.map(([name = '', value = '']) => `${name}: ${oneLine(value)}`),
    ...(other === null ? [] : ['', `${capitalized(whenOf(outcome))}:`]),
    ...evidenceLines(outcome, limits),
    ...(other === null
      ? []
      : ['', `${capitalized(whenOf(other))}: ${other.standing}`, ...evidenceLines(other, limits)]),
  ];
}

function evidenceLines({ evidence }: Outcome, limits: WireLimits): readonly string[] {
  if (evidence === null) return [];
  const wire = wireLines(evidence.exchanges, limits);
  return [
    `Expected: ${oneLine(evidence.expected)}`,
    `Actual: ${oneLine(evidence.actual)}`,
    ...(wire.length === 0 ? [] : ['', ...wire]),
  ];
}
