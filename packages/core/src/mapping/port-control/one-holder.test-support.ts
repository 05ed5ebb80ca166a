import { LeaseStore, type LeaseStoreOptions } from '../leases/lease-store.ts';
import type { LeaseLedger, PortMapper } from '../port-mapper.ts';

/** A ledger of one holder, whoever asks for it: what a call has left in it can be read. */
export class OneHolder extends LeaseStore {
  readonly #holder: object;

  constructor(options?: LeaseStoreOptions) {
    super(options);
    this.#holder = {};
  }

  override ledger(_holder: object, mapper: PortMapper): LeaseLedger {
    return super.ledger(this.#holder, mapper);
  }

  /** Each entry in words. */
  get states(): readonly string[] {
    return this.entriesOf(this.#holder).map(({ lease, state }) => `${lease.externalPort} ${state}`);
  }
}
