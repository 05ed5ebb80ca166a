import type { ResultAsync } from 'neverthrow';
import type { Problem } from './problem.ts';
import type { Terminal } from './terminal.ts';

/** What a command has found out or done, for a program and for a person. */
export interface Outcome {
  /** The document that `--json` prints. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The same for a person: lines that end with a newline. */
  readonly text: (terminal: Terminal) => string;
  /** What a person should know besides; for stderr. */
  readonly warnings?: readonly string[] | undefined;
  /** Where only a part of it succeeded: what did not. */
  readonly problem?: Problem | undefined;
}

/** What every command gives. */
export type Outcoming = ResultAsync<Outcome, Problem>;
