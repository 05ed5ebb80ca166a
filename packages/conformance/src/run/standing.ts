/** What results mean in the light of what is known of the gateway, and what they come to for each requirement. */
import type { CheckResult } from './check-result.ts';

/**
 * `known-failure`: what the gateway is known to miss, and does; `unexpected-pass`: what it is known to miss, and does not,
 * so that the list is out of date. The others are the verdicts.
 */
export type Standing =
  'failed' | 'unexpected-pass' | 'inconclusive' | 'warned' | 'known-failure' | 'passed' | 'skipped';

/** The worst first. */
export const STANDINGS: readonly Standing[] = [
  'failed',
  'unexpected-pass',
  'inconclusive',
  'warned',
  'known-failure',
  'passed',
  'skipped',
];

export function standingOf({ verdict, known }: CheckResult): Standing {
  switch (verdict) {
    case 'pass':
      return known === null ? 'passed' : 'unexpected-pass';
    case 'fail':
      return known === null ? 'failed' : 'known-failure';
    case 'warn':
      return known === null ? 'warned' : 'known-failure';
    case 'skip':
      return 'skipped';
    case 'inconclusive':
      return 'inconclusive';
  }
}

/** What came of a requirement, however often it was checked. */
export interface Settled {
  /** What it counts as: the worse one of the results before and after the writes, the earlier of two alike. */
  readonly result: CheckResult;
  /** The other one, where it came out otherwise; null: there is none, or it is the same once more. */
  readonly other: CheckResult | null;
}

/** One for each requirement, in the order in which they were first checked. */
export function settle(results: readonly CheckResult[]): readonly Settled[] {
  const ids = [...new Set(results.map(({ requirement }) => requirement.id))];
  return ids.flatMap((id) => {
    const all = results.filter(({ requirement }) => requirement.id === id);
    const [result, other] = all.toSorted((one, two) => badness(one) - badness(two));
    if (result === undefined) return [];
    return [{ result, other: other === undefined || isSame(result, other) ? null : other }];
  });
}

function badness(result: CheckResult): number {
  return STANDINGS.indexOf(standingOf(result));
}

/** What was seen may be another time, or another number, and mean the same. */
function isSame(one: CheckResult, other: CheckResult): boolean {
  const expectedOf = (result: CheckResult): string => (result.verdict === 'pass' ? '' : result.expected);
  return one.verdict === other.verdict && one.known === other.known && expectedOf(one) === expectedOf(other);
}
