import type { ResultAsync } from '@portwright/core/result';
import type { ExitStatus, Problem } from '../errors/problem.ts';
import type { Terminal } from './terminal.ts';

/** What a command has found out or done, for a program and for a person. */
export interface Outcome {
  /** The document that `--json` prints. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The same for a person: lines that end with a newline. */
  readonly text: (terminal: Terminal) => string;
  /** What a person should know besides; for stderr. */
  readonly warnings?: readonly string[] | undefined;
  /** Where it says itself what is wrong: what the program exits with. Default: 0. */
  readonly status?: ExitStatus | undefined;
  /** Where only a part of it succeeded: what did not. It is the end then. */
  readonly problem?: Problem | undefined;
  /**
   * What happens from then on, shown as it comes, until it is over; the problem that it ends with, if it does. With
   * `--json`, the outcome and each of these are a document on a line of its own.
   */
  readonly follow?: ((show: Show, remark: Remark) => Promise<Problem | undefined>) | undefined;
  /** What is found out only once that has been shown, so that nobody waits for it: more of the same document. */
  readonly afterwards?: (() => Promise<Outcome>) | undefined;
}

/** One thing that happens while a command goes on. */
export type Event = Pick<Outcome, 'json' | 'text'>;

export type Show = (event: Event) => void;

/** Tells a person at a terminal what a command is about to do that goes on; a pipe and a program have no use for it. */
export type Remark = (what: string) => void;

/**
 * Tells a person at a terminal what is going on, in place of what was told before; gone when the command is over. A log
 * keeps the milestones alone, a line each.
 *
 * @param milestone - what it is a part of, where that is worth a line of a log; told once while it stays the same
 */
export type Tell = (what: string, milestone?: string) => void;

/** What every command gives. */
export type CommandResult = ResultAsync<Outcome, Problem>;
