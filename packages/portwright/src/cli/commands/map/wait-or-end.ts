/** Which failures of `map --keep` may pass by themselves. Pure. */
import type { NoGatewayError, TransportError, UpnpFaultError } from '@portwright/core';
import type { AttemptError, FailedAttempt, NotMappedError } from '@portwright/core/mapping';
import type { Problem } from '../../errors/problem.ts';

export interface Circumstances {
  readonly isInterrupted: boolean;
  /** `--timeout` was given, and has passed without a router. */
  readonly isTimedOut: boolean;
}

/**
 * `wait`: there is no router yet, it does not answer, its line is not up, or this computer has no network yet. `end`: the
 * request is wrong, or the router refuses it for good.
 */
export function waitOrEnd(problem: Problem, { isInterrupted, isTimedOut }: Circumstances): 'wait' | 'end' {
  return isInterrupted || isTimedOut || !mayPass(problem) ? 'end' : 'wait';
}

function mayPass(problem: Problem): boolean {
  switch (problem.kind) {
    case 'no-gateway':
      return mayAppear(problem);
    case 'not-mapped':
      return mayBeMapped(problem);
    case 'transport':
      return mayRecover(problem);
    case 'malformed':
      // A well-formed document that describes no device stays what it is. Others may have been cut off.
      return problem.code !== 'description';
    case 'upnp-fault':
      return isPassingFault(problem);
    case 'refusal':
      return problem.retryInSeconds <= SOON_SECONDS;
    case 'invalid-argument':
    case 'policy':
    case 'not-unmapped':
    case 'usage':
    case 'file':
    case 'unknown':
    case 'internal':
      return false;
  }
}

/** A search may find another device later. The device at a URL (without a search) stays the one that it is. */
function mayAppear({ search, candidates }: NoGatewayError): boolean {
  const isWrongDevice = candidates.length > 0 && candidates.every(({ code }) => code === 'not-a-gateway');
  return search !== undefined || !isWrongDevice;
}

function mayBeMapped({ code, attempts }: NotMappedError): boolean {
  switch (code) {
    case 'out-of-time':
    case 'no-address':
    // Without a line, too, a router refuses everything and has no public address.
    case 'double-nat':
      return true;
    case 'aborted':
      return false;
    case 'refused':
    case 'left-behind':
      return lastAnswers(attempts).some(mayBeGranted);
  }
}

/** The last answer to each request for the protocol that failed. An earlier one was settled by its repetition. */
function lastAnswers(attempts: readonly FailedAttempt[]): readonly AttemptError[] {
  const answers = new Map<string, AttemptError>();
  for (const { protocol, method, externalPort, leaseSeconds, description, error } of attempts) {
    if (protocol !== attempts.at(-1)?.protocol) continue;
    answers.set(`${method} ${externalPort} ${leaseSeconds} ${description}`, error);
  }
  return [...answers.values()];
}

/** A refusal of PCP or NAT-PMP that ends by itself is expected to last for so long (RFC 6887, 7.4). */
const SOON_SECONDS = 30;

function mayBeGranted(error: AttemptError): boolean {
  switch (error.kind) {
    case 'transport':
      return mayRecover(error);
    case 'malformed':
      return true;
    case 'upnp-fault':
      return isPassingFault(error);
    case 'refusal':
      return error.retryInSeconds <= SOON_SECONDS;
    case 'conflict':
    case 'unconfirmed':
    case 'invalid-argument':
      return false;
  }
}

/** Action Failed, Out of Memory, and what a router says of a connection that is not set up yet (WANIPConnection:1, 2.4). */
const PASSING_FAULTS: readonly number[] = [501, 603, 703, 704, 705, 706, 707, 711];

function isPassingFault({ code }: UpnpFaultError): boolean {
  return code === null || PASSING_FAULTS.includes(code);
}

/** Request Timeout, Too Early, Too Many Requests. */
const PASSING_STATUSES: readonly number[] = [408, 425, 429];

function mayRecover({ code, status = 500 }: TransportError): boolean {
  switch (code) {
    case 'refused':
    case 'reset':
    case 'truncated':
    case 'unreachable':
    case 'timeout':
    case 'no-address':
    case 'no-such-interface':
    case 'failed':
      return true;
    case 'http-status':
      return status >= 500 || PASSING_STATUSES.includes(status);
    case 'aborted':
    case 'too-large':
    case 'not-http':
    case 'unsupported-encoding':
    case 'address-in-use':
    case 'not-permitted':
      return false;
  }
}
