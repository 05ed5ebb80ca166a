import type { CallError, PortwrightError } from '@portwright/core';
import type { NotMappedError, NotUnmappedError } from '@portwright/core/mapping';

/** The command line was used wrongly. */
export interface UsageError {
  readonly kind: 'usage';
  readonly code:
    'bad-value' | 'unknown-option' | 'unknown-command' | 'missing-argument' | 'extra-argument' | 'conflict';
  readonly message: string;
  readonly hint: string;
}

/** A file that can't be read. */
export interface FileError {
  readonly kind: 'file';
  /** The system's code: `ENOENT`. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** The gateway answers, but does not report the value. */
export interface UnknownError {
  readonly kind: 'unknown';
  readonly code: 'external-address';
  readonly message: string;
  readonly hint: string;
  /** Its refusals. */
  readonly errors: readonly CallError[];
}

/** A bug in this program. */
export interface InternalError {
  readonly kind: 'internal';
  readonly code: 'exception';
  readonly message: string;
  readonly hint: string;
  readonly stack: string;
}

/** Every error of a run. */
export type Problem =
  PortwrightError | NotMappedError | NotUnmappedError | UsageError | FileError | UnknownError | InternalError;

/** The user pressed Ctrl-C. */
export function isInterruption({ kind, code }: Problem): boolean {
  return (kind === 'not-mapped' || kind === 'transport') && code === 'aborted';
}

/**
 * 0: success. 1: the gateway or the network refused, or the gateway failed the check. 2: wrong use. 130: Ctrl-C (128 and
 * SIGINT's 2, as shells report it).
 */
export type ExitStatus = 0 | 1 | 2 | 130;

export function exitStatusOf(problem: Problem): ExitStatus {
  switch (problem.kind) {
    case 'usage':
      return 2;
    case 'invalid-argument':
      // The request is right. This gateway has no such service.
      return problem.code === 'no-such-service' ? 1 : 2;
    default:
      return isInterruption(problem) ? 130 : 1;
  }
}
