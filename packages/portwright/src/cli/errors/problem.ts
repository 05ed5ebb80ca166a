import type { CallError, PortwrightError } from '@portwright/core';
import type { NotMappedError, NotUnmappedError } from '@portwright/core/mapping';
import { namingOption, nextStep } from './hints.ts';

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

/** The gateway answers, and does not know what was asked for. */
export interface UnknownError {
  readonly kind: 'unknown';
  readonly code: 'external-address';
  readonly message: string;
  readonly hint: string;
  /** What it answered instead, where it did. */
  readonly errors: readonly CallError[];
}

/** A mistake of this program. */
export interface InternalError {
  readonly kind: 'internal';
  readonly code: 'exception';
  readonly message: string;
  readonly hint: string;
  readonly stack: string;
}

/** Whatever a run can fail with. */
export type Problem =
  PortwrightError | NotMappedError | NotUnmappedError | UsageError | FileError | UnknownError | InternalError;

/** What happened and what to do next, in the words of the command line, where the core has those of a library. */
export function inOwnWords(problem: Problem): Problem {
  const hint = nextStep(problem);
  switch (problem.kind) {
    case 'transport':
      return { ...problem, message: isInterruption(problem) ? interrupted(problem.message) : problem.message, hint };
    case 'not-mapped':
      return { ...problem, message: interrupted(problem.message), hint };
    case 'invalid-argument':
      return { ...problem, message: namingOption(problem), hint };
    case 'policy':
    case 'malformed':
    case 'upnp-fault':
      return { ...problem, hint };
    default:
      return problem;
  }
}

/** To the core it is its caller who aborts; here that is the person, with Ctrl-C. */
function interrupted(message: string): string {
  return message.replace(/\baborted( by the caller)?/, 'interrupted');
}

/** Whether it is the person's own doing. */
export function isInterruption({ kind, code }: Problem): boolean {
  return (kind === 'not-mapped' || kind === 'transport') && code === 'aborted';
}

/**
 * 0 is success; 1: the gateway or the network said no, or a gateway that was checked is not good; 2: wrong use; 130: interrupted by Ctrl-C, as shells say it (128
 * and SIGINT's 2).
 */
export type ExitStatus = 0 | 1 | 2 | 130;

export function exitStatusOf(problem: Problem): ExitStatus {
  switch (problem.kind) {
    case 'usage':
      return 2;
    case 'invalid-argument':
      // Nothing is wrong with what was asked for; this gateway does not have it.
      return problem.code === 'no-such-service' ? 1 : 2;
    default:
      return isInterruption(problem) ? 130 : 1;
  }
}
