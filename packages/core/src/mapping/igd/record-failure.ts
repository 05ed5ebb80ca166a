/** Records a failed attempt in the ledger. */
import type { Owner } from '../attempts.ts';
import type { LeaseLedger } from '../port-mapper.ts';
import type { Lease } from '../types.ts';

/** What is known after an attempt without success. */
export interface FailedLease {
  readonly wanted: Lease;
  /** What the gateway said it had granted, which its table did not confirm. It may be another port than the wanted one. */
  readonly granted: Lease | null;
  /** What may exist all the same. */
  readonly unknown: Lease | null;
  /** Who owns the granted port; the wanted one if none was granted. */
  readonly owner: Owner;
  /** Whether the wanted lease was active before the attempt, which then was its renewal. */
  readonly wasActive: boolean;
}

export function recordFailure(ledger: LeaseLedger, { wanted, granted, unknown, owner, wasActive }: FailedLease): void {
  if (wasActive) {
    // The renewal decides whether the lease is still active.
    if (unknown !== null) ledger.mayLast(unknown);
    return;
  }
  ledger.refuse(wanted);
  if (granted !== null || owner === 'nobody' || owner === 'other') ledger.drop(granted ?? wanted);
  if (unknown !== null) ledger.doubt(unknown);
}
