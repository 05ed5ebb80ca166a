import type { ResultAsync } from '@portwright/core/result';
import type { ExitStatus, Problem } from '../errors/problem.ts';
import type { Terminal } from './terminal.ts';

/** The result of a command, for programs and for people. */
export interface Outcome {
  /** The document that `--json` prints. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The same for people: lines that end with a newline. */
  readonly text: (terminal: Terminal) => string;
  /** Printed on stderr. */
  readonly warnings?: readonly string[] | undefined;
  /** The exit status of an outcome that is no success, and no error either. Default: 0. */
  readonly status?: ExitStatus | undefined;
  /** Why the command can't go on yet. It tries again by itself, `afterwards`. With `--json`, a document on a line of its own. */
  readonly waiting?: Waiting | undefined;
  /** The error of an outcome that succeeded in part. The run ends with it. */
  readonly problem?: Problem | undefined;
  /**
   * The rest of a command that keeps running. It shows events as they happen, and resolves with the problem that ends it,
   * if any. With `--json`, the outcome and each event are a document on a line of its own.
   */
  readonly follow?: ((show: Show, notify: Notify) => Promise<Problem | undefined>) | undefined;
  /** Work that starts only after this outcome has been shown. It adds to the same document. */
  readonly afterwards?: (() => Promise<Outcome>) | undefined;
}

/** What a command that keeps running waits for. */
export interface Waiting {
  readonly problem: Problem;
  readonly retryInMs: number;
}

/** One thing that happens while a command keeps running. */
export type Event = Pick<Outcome, 'json' | 'text'>;

export type Show = (event: Event) => void;

/** Prints a notice on a terminal: what a command that keeps running does next. Pipes and `--json` get none. */
export type Notify = (notice: string) => void;

/**
 * Shows the progress of a command. A terminal replaces the line each time, and erases it at the end. A log gets only the
 * milestones, a line each.
 *
 * @param milestone - printed once while it stays the same
 */
export type ShowProgress = (line: string, milestone?: string) => void;

export type CommandResult = ResultAsync<Outcome, Problem>;
