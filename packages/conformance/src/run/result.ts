import type { TableEntry } from '../bench/mapping-table.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { Shortfall } from '../shortfall.ts';
import type { KnownFailure } from './known-failures.ts';
import type { WireRecord } from '../wire/wire-record.ts';

/**
 * What came of a check. `fail`: a must was missed; `warn`: a should, a may or a rule of the suite's own; `skip`: it does
 * not concern this gateway, or this run; `inconclusive`: it could not be found out.
 */
export type Verdict = 'pass' | 'fail' | 'warn' | 'skip' | 'inconclusive';

interface Checked {
  readonly requirement: Requirement;
  /** The known failure that it is; null: it is none. */
  readonly known: KnownFailure | null;
  /** Whether it is a read that was checked again after the writes. */
  readonly isRepeated: boolean;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** A result of a check. All but a pass say what was expected, what was seen, and what went over the wire. */
export type CheckResult = Checked &
  (
    | { readonly verdict: 'pass' }
    | {
        readonly verdict: Exclude<Verdict, 'pass'>;
        readonly expected: string;
        readonly actual: string;
        /** Oldest first; the latest ones, where there were very many. */
        readonly exchanges: readonly WireRecord[];
      }
  );

/** A run, when it is over. */
export interface Report {
  /** The run's name, which the descriptions of its mappings have. */
  readonly run: string;
  /** The URL of the gateway's description. */
  readonly location: string;
  readonly results: readonly CheckResult[];
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Known failures that passed: the list of them is out of date, and that is an error. */
  readonly unexpectedPasses: readonly string[];
  /** How the mapping table differs from what it was before; null where nothing was written. */
  readonly table: TableDifference | null;
  /** What earlier runs had left behind, and this one has deleted. */
  readonly swept: readonly TableEntry[];
  /** What this run could not take back, for people. */
  readonly leftovers: readonly string[];
  /** Whether it ended before all was checked: by the caller's signal, or for want of time. */
  readonly wasAborted: boolean;
  /** No failure but known ones, no unexpected pass, the table as it was, nothing left behind, and all was checked. */
  readonly isGood: boolean;
}

/** Entries that are no longer there, and entries that are new. */
export interface TableDifference {
  readonly missing: readonly TableEntry[];
  readonly extra: readonly TableEntry[];
}

/** The verdict on a shortfall. */
export function verdictOn({ kind }: Shortfall, { level }: Requirement, isStrict: boolean): Exclude<Verdict, 'pass'> {
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
  const { results, table, leftovers, wasAborted } = facts;
  const count = (verdict: Verdict): number => results.filter((result) => result.verdict === verdict).length;
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
  const isTableSame = table === null || (table.missing.length === 0 && table.extra.length === 0);
  const isClean = isTableSame && leftovers.length === 0 && !wasAborted;
  return { ...facts, counts, unexpectedPasses, isGood: isClean && !hasFailed && unexpectedPasses.length === 0 };
}
