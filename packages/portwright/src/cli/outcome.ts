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
  /** What is found out only once that has been shown, so that nobody waits for it. */
  readonly afterwards?: (() => Promise<Afterwards>) | undefined;
  /**
   * What happens from then on, shown as it comes, until it is over. With `--json`, the outcome and each of these are a
   * document on a line of its own.
   */
  readonly follow?: ((show: (event: Event) => void) => Promise<void>) | undefined;
  /** Where only a part of it succeeded: what did not. */
  readonly problem?: Problem | undefined;
}

/** One thing that happens while a command goes on. */
export type Event = Pick<Outcome, 'json' | 'text'>;

/** What is added to an outcome: to the document, to the lines, and to the warnings. */
export type Afterwards = Pick<Outcome, 'json' | 'text' | 'warnings'>;

/** What every command gives. */
export type CommandResult = ResultAsync<Outcome, Problem>;
