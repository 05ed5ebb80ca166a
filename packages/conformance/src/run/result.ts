import type { CheckResult, Verdict } from './check-result.ts';
import type { TableEntry } from '../bench/mapping-table.ts';
import type { Requirement } from '../checks/requirement.ts';
import type { Shortfall } from '../shortfall.ts';
import { settle } from './standing.ts';

/** What tells one report from another, and what it takes to have the same run once more. */
export interface RunFacts {
  /** The run's name, which the descriptions of its mappings have. */
  readonly run: string;
  /** The URL of the gateway's description. */
  readonly location: string;
  /** What the gateway says it is, untrusted; null: it has no description that can be read. */
  readonly device: GatewayIdentity | null;
  /** When it began, as the caller has said; null: it has not. */
  readonly startedAt: string | null;
  readonly seed: number;
  readonly write: boolean;
  readonly disruptive: boolean;
  readonly strict: boolean;
  /** What alone was to be checked; null: everything. */
  readonly only: readonly string[] | null;
}

export interface GatewayIdentity {
  readonly friendlyName: string | null;
  readonly manufacturer: string | null;
  readonly modelName: string | null;
  readonly modelNumber: string | null;
}

/** A run, when it is over. */
export interface Report extends RunFacts {
  readonly results: readonly CheckResult[];
  /** Of requirements: one that was checked again after the writes counts once, as what is worse. */
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Known failures that passed: the list of them is out of date, and that is an error. */
  readonly unexpectedPasses: readonly string[];
  /** How the mapping table differs from what it was before; null where that was not to be found out. */
  readonly table: TableDifference | null;
  /** Why there is no `table`; null: there is one. */
  readonly uncompared: Uncompared | null;
  /** What earlier runs had left behind, and this one has deleted. */
  readonly swept: readonly TableEntry[];
  /** What this run could not take back, for people. */
  readonly leftovers: readonly string[];
  /** Whether it ended before all was checked: by the caller's signal, or for want of time. */
  readonly wasAborted: boolean;
  /**
   * At least one pass, no failure but known ones, no unexpected pass, the table as it was (or never to be read), nothing
   * left behind, and all was checked.
   */
  readonly isGood: boolean;
}

/**
 * Why a table was not compared. `unwritten`: the run was not to write; `unreadable`: the gateway did not tell it to its end
 * from the beginning; `lost`: it did, and does not any more.
 */
export type Uncompared = 'unwritten' | 'unreadable' | 'lost';

export interface TableDifference {
  /** No longer there. */
  readonly missing: readonly TableEntry[];
  /** New, and the run's own, or to a host that it has asked from. */
  readonly extra: readonly TableEntry[];
  /** New, and to other hosts: somebody else has mapped something meanwhile. */
  readonly others: readonly TableEntry[];
}

/** The verdict on a shortfall. */
export function verdictOn(shortfall: Shortfall, requirement: Requirement, isStrict: boolean): Exclude<Verdict, 'pass'> {
  const { kind, level = requirement.level } = shortfall;
  switch (kind) {
    case 'not-applicable':
      return 'skip';
    case 'inconclusive':
      return 'inconclusive';
    case 'missed':
      return level === 'must' || isStrict ? 'fail' : 'warn';
  }
}

/** The report's conclusions from its facts. */
export function conclude(facts: Omit<Report, 'counts' | 'unexpectedPasses' | 'isGood'>): Report {
  const { table, uncompared, leftovers, wasAborted } = facts;
  const results = withoutExcused(facts.results);
  const settled = settle(results);
  const count = (verdict: Verdict): number => settled.filter(({ result }) => result.verdict === verdict).length;
  const counts = {
    pass: count('pass'),
    fail: count('fail'),
    warn: count('warn'),
    skip: count('skip'),
    inconclusive: count('inconclusive'),
  };
  const passes = results.filter(({ known, verdict }) => known !== null && verdict === 'pass');
  const unexpectedPasses = [...new Set(passes.map(({ requirement }) => requirement.id))];
  const hasFailed = results.some(({ known, verdict }) => verdict === 'fail' && known === null);
  const isTableSame = table === null ? uncompared !== 'lost' : table.missing.length + table.extra.length === 0;
  const isClean = isTableSame && leftovers.length === 0 && !wasAborted;
  const isGood = isClean && counts.pass > 0 && !hasFailed && unexpectedPasses.length === 0;
  return { ...facts, results, counts, unexpectedPasses, isGood };
}

/** An entry with `*` is as true as one of those that it means: the others may pass. */
function withoutExcused(results: readonly CheckResult[]): readonly CheckResult[] {
  const missed = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  const borneOut = new Set(missed.map(({ known }) => known));
  return results.map((result) =>
    result.verdict === 'pass' && result.known !== null && borneOut.has(result.known)
      ? { ...result, known: null }
      : result,
  );
}
