import type { Reason, Refusal, RefusalOptions } from './refusal-options.ts';
import type { ActionFault, ActionOutput, Dialect } from './model.ts';
import { refuse } from './action.ts';
import { ok, type Result } from '@portwright/core/result';

const BY_THE_BOOK: Readonly<Record<Reason, number | ((dialect: Dialect) => number)>> = {
  switchedOff: 606,
  foreignClient: (dialect) => dialect.foreignClient,
  conflict: 718,
  renewal: 718,
  full: (dialect) => dialect.full,
  timedLease: 725,
  permanentLease: 402,
  longLease: (dialect) => dialect.outOfRange,
  differentPorts: 724,
  remoteHost: 726,
  externalPort: 727,
  emptyDescription: 402,
  badDescription: 402,
  nothingToDelete: 714,
  emptyListing: 730,
};

/** How this reason is answered, by a gateway with these refusals and a service of this dialect. */
export function refusalFor(refusals: RefusalOptions, dialect: Dialect, reason: Reason): Refusal {
  const standard = BY_THE_BOOK[reason];
  return refusals[reason] ?? (typeof standard === 'number' ? standard : standard(dialect));
}

/** @param pretended - what a success would have said */
export function turnDown(refusal: Refusal, pretended: ActionOutput = {}): Result<ActionOutput, ActionFault> {
  return refusal === 'ignored' ? ok(pretended) : refuse(refusal);
}
