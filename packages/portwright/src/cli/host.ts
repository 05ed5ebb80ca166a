import type { AbortSignalLike } from '@portwright/core';
import type { DependencyContainer } from 'tsyringe';
import type { HeadStart } from './network/early-search.ts';

/** A stream as far as the command line needs one; process.stdout is one. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** Whether it shows colours, NO_COLOR and FORCE_COLOR considered. */
  hasColors?(): boolean;
}

/** What surrounds one run of the command line: a process, or a test. */
export interface Host {
  /** Read when there is something to print: Node makes its streams on first use, and that takes milliseconds. */
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by Ctrl-C, by SIGTERM, and by SIGHUP, which comes when the terminal is closed. */
  readonly signal: AbortSignalLike;
  /** Aborted when nobody can read stdout any more; whatever kept it from being written has been told by then. */
  readonly unread: AbortSignalLike;
  readonly version: string;
  /** What a person types to run this: `portwright`, or `npm start --`. */
  readonly invocation: string;
  /** The folder for what is to be known at the next run. */
  readonly stateFolder: string;
  /** A container with a TRANSPORT, in place of the one that the arguments ask for. */
  readonly container?: DependencyContainer | undefined;
  /** Milliseconds of silence before a terminal shows what a command waits for. Default: 400. */
  readonly silenceMs?: number | undefined;
  /** The search, if it has begun already. */
  readonly headStart?: HeadStart | undefined;
}
