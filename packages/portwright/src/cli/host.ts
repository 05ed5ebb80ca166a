import type { AbortSignalLike } from '@portwright/core';
import type { DependencyContainer } from 'tsyringe';
import type { EarlySearch } from './network/early-search.ts';

/** The part of process.stdout that the command line needs. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** Considers NO_COLOR and FORCE_COLOR. */
  hasColors?(): boolean;
}

/** The environment of one run: a process, or a test. */
export interface Host {
  /** Read only when there is something to print: Node creates its streams on first use, which takes milliseconds. */
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by Ctrl-C, SIGTERM and SIGHUP (the terminal was closed). */
  readonly signal: AbortSignalLike;
  /** Aborted when stdout can no longer be written. An error that caused it has been reported by then. */
  readonly unread: AbortSignalLike;
  readonly version: string;
  /** How the user runs this: `portwright`, or `npm start --`. */
  readonly invocation: string;
  /** The folder for files that a later run reads. */
  readonly stateFolder: string;
  /** A container with a TRANSPORT, in place of the one that the arguments select. */
  readonly container?: DependencyContainer | undefined;
  /** Milliseconds until a terminal shows what a command waits for. Default: 400. */
  readonly silenceMs?: number | undefined;
  readonly earlySearch?: EarlySearch | undefined;
}
