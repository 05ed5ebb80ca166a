import type { ClockPort } from '@portwright/core';

/** Something to be taken back. */
export interface Undoing {
  /** What is left behind otherwise, for people: `a mapping of TCP 41234`. */
  readonly what: string;
  /** @returns whether that has come about */
  readonly undo: () => Promise<boolean>;
  /** When it ends by itself, in milliseconds on the clock. Absent: unknown. */
  readonly endsAt?: (() => number) | undefined;
}

/** Milliseconds for everything that one check has to take back. */
const BUDGET_MS = 60_000;

/** What a check has made and has to take back, whatever becomes of it. */
export class UndoList {
  readonly #clock: ClockPort;
  #list: readonly Undoing[] = [];
  #isRunning = false;

  constructor(clock: ClockPort) {
    this.#clock = clock;
  }

  /** @returns what forgets it again, since it turned out that there is nothing to take back */
  add(what: string, undo: Undoing['undo'], endsAt?: Undoing['endsAt']): () => void {
    const entry: Undoing = { what, undo, endsAt };
    this.#list = [entry, ...this.#list];
    return () => {
      this.#list = this.#list.filter((other) => other !== entry);
    };
  }

  /** Whether things are being taken back: that goes on when the run is aborted. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Takes everything back, the latest first. @returns what could not be, or not in time */
  async run(): Promise<readonly Undoing[]> {
    this.#isRunning = true;
    const end = this.#clock.now() + BUDGET_MS;
    const list = this.#list;
    this.#list = [];
    const left: Undoing[] = [];
    for (const entry of list) {
      const isUndone = this.#clock.now() < end && (await entry.undo());
      if (!isUndone) left.push(entry);
    }
    return left;
  }
}
