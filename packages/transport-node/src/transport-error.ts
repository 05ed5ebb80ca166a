import type { TransportError, TransportErrorCode } from '@portwright/core';
import { transportHints } from '@portwright/core/internal';

/** The errors that an adapter can meet. The core judges a final HTTP status, and which addresses are needed. */
type AdapterErrorCode = Exclude<TransportErrorCode, 'http-status' | 'no-address'>;

const PHRASES: Readonly<Record<AdapterErrorCode, string>> = {
  refused: 'no program listens on that port',
  reset: 'the other side reset the connection',
  truncated: 'the connection ended before the response was complete',
  unreachable: 'there is no route to that host',
  timeout: 'no complete answer in time',
  aborted: 'aborted by the caller',
  'too-large': 'the message is larger than allowed',
  'not-http': 'the answer is not HTTP',
  'unsupported-encoding': 'the response has a content coding that the request did not accept',
  'address-in-use': 'another program uses the port',
  'no-such-interface': 'no network interface has that address or name',
  'not-permitted': 'the system does not permit it',
  failed: 'the system reported an error',
};

const MEANINGS: ReadonlyMap<string, AdapterErrorCode> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
  ['EHOSTUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ENETDOWN', 'unreachable'],
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['ETIMEDOUT', 'timeout'],
  ['EMSGSIZE', 'too-large'],
  ['EADDRINUSE', 'address-in-use'],
  ['EADDRNOTAVAIL', 'no-such-interface'],
  ['ENODEV', 'no-such-interface'],
  ['ENXIO', 'no-such-interface'],
  ['EACCES', 'not-permitted'],
  ['EPERM', 'not-permitted'],
]);

/**
 * The core's error for a failure that the adapter noticed.
 *
 * @param subject what was tried: `GET http://192.168.1.1:5000/desc.xml`, `UDP port 1900`
 * @param more the system's error code, or a hint that fits better than the usual one
 */
export function transportError(
  code: AdapterErrorCode,
  subject: string,
  more: { readonly cause?: string; readonly hint?: string } = {},
): TransportError {
  const cause = more.cause === undefined ? '' : ` (${more.cause})`;
  const hint = more.hint ?? transportHints[code];
  return {
    kind: 'transport',
    code,
    message: `${subject}: ${PHRASES[code]}${cause}`,
    ...(more.cause === undefined ? {} : { cause: more.cause }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** The core's error for an error that Node threw or emitted; `cause` keeps its code. */
export function fromSystem(error: unknown, subject: string): TransportError {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (typeof code !== 'string') return transportError('failed', subject);
  return transportError(MEANINGS.get(code) ?? 'failed', subject, { cause: code });
}
