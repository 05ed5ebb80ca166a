import type { Requirement } from '../checks/requirement.ts';
import type { WireRecord } from '../wire/wire-record.ts';
import type { KnownFailure } from './known-failures.ts';

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
