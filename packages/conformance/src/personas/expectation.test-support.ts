import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_SERVER } from '../bench/bench.ts';
import { type KnownFailure, parseKnownFailures } from '../run/known-failures.ts';
import type { CheckResult } from '../run/check-result.ts';

const FOLDER = join(import.meta.dirname, '../../known-failures/personas');

/** What a run against a persona comes to: what its file says of it. */
export interface Expectation {
  readonly failures: readonly KnownFailure[];
  /** What can't be found out on it, or does not concern it, as its answers show: `id | reason` in comments. */
  readonly inconclusive: readonly Remark[];
  readonly skipped: readonly Remark[];
}

interface Remark {
  readonly id: string;
  readonly reason: string;
}

/** The personas that have a file. */
export function namesOfFiles(): readonly string[] {
  return readdirSync(FOLDER).map((name) => name.replace(/\.txt$/, ''));
}

export function expectationOf(name: string): Expectation {
  const text = readFileSync(join(FOLDER, `${name}.txt`), 'utf8');
  const remarks = (word: string): readonly Remark[] =>
    [...text.matchAll(new RegExp(`^# ${word}: (\\S+) \\| (.+)$`, 'gm'))].map(([, id = '', reason = '']) => ({
      id,
      reason,
    }));
  return {
    failures: parseKnownFailures(text)._unsafeUnwrap(),
    inconclusive: remarks('inconclusive'),
    skipped: remarks('skipped'),
  };
}

/** The ids with this verdict, each once, sorted, whether they had it before the writes or after them. */
export function idsWith(results: readonly CheckResult[], verdict: CheckResult['verdict']): readonly string[] {
  const ids = results.filter((result) => result.verdict === verdict).map(({ requirement }) => requirement.id);
  return [...new Set(ids)].toSorted();
}

/** The ids that are skipped because of what the gateway answered, and not for want of what its description lacks. */
export function skippedByAnswer(results: readonly CheckResult[]): readonly string[] {
  const byAnswer = results.filter((result) => result.verdict === 'skip' && !ABSENT.includes(result.actual));
  return idsWith(byAnswer, 'skip').filter((id) => id !== OPTIONAL);
}

/** What the gateway does not have at all. */
const ABSENT: readonly string[] = ['the description has none', 'the run does not use UPnP', NO_SERVER];

/** QueryStateVariable, deprecated since UDA 1.1: the simulated gateway has it in no persona. */
const OPTIONAL = 'soap/query-unknown-var';
