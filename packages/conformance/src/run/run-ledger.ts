/** Which runs go on at the moment: a table does not tell what a run has left from what it is about to delete. */
export interface RunLedger {
  /** A run begins to write. @returns what tells that it is over */
  enter(run: string): Promise<() => Promise<void>>;
  /** Whether a run of this name goes on. */
  has(run: string): Promise<boolean>;
}

/** Of who keeps none: no other run goes on. */
export const NO_LEDGER: RunLedger = {
  enter: () => Promise.resolve(() => Promise.resolve()),
  has: () => Promise.resolve(false),
};
