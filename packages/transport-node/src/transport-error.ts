import type { TransportError, TransportErrorCode } from '@portwright/core';

/** What the adapters themselves can meet; a final HTTP status and which addresses are needed are for the core to judge. */
type Met = Exclude<TransportErrorCode, 'http-status' | 'no-address'>;

const PHRASES: Readonly<Record<Met, string>> = {
  refused: 'nobody listens there',
  reset: 'the peer reset the connection',
  truncated: 'the connection ended before the response was complete',
  unreachable: 'there is no way to that host',
  timeout: 'the deadline passed',
  aborted: 'aborted by the caller',
  'too-large': 'it is larger than allowed',
  'not-http': 'what came back is not HTTP',
  'unsupported-encoding': 'the response is in a coding that was not asked for',
  'address-in-use': 'the port is in use',
  'no-such-interface': 'no interface of this system has that address or name',
  'not-permitted': 'not permitted',
  failed: 'the system refused',
};

const HINTS: Readonly<Partial<Record<Met, string>>> = {
  'address-in-use': 'Another program holds the port and does not share it.',
  'no-such-interface': 'The network may have changed since the interfaces were listed: list them again.',
};

const MEANINGS: ReadonlyMap<string, Met> = new Map([
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
  ['HPE_HEADER_OVERFLOW', 'too-large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'too-large'],
  ['HPE_INVALID_EOF_STATE', 'truncated'],
  ['EADDRINUSE', 'address-in-use'],
  ['EADDRNOTAVAIL', 'no-such-interface'],
  ['ENODEV', 'no-such-interface'],
  ['ENXIO', 'no-such-interface'],
  ['EACCES', 'not-permitted'],
  ['EPERM', 'not-permitted'],
]);

/**
 * The core's error for a failure that the adapter noticed itself.
 *
 * @param subject what was tried: `GET http://192.168.1.1:5000/desc.xml`, `UDP port 1900`
 * @param more the system's code, or a hint better than the usual one
 */
export function transportError(
  code: Met,
  subject: string,
  more: { readonly cause?: string; readonly hint?: string } = {},
): TransportError {
  const cause = more.cause === undefined ? '' : ` (${more.cause})`;
  const hint = more.hint ?? HINTS[code];
  return {
    kind: 'transport',
    code,
    message: `${subject}: ${PHRASES[code]}${cause}`,
    ...(more.cause === undefined ? {} : { cause: more.cause }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** The core's error for whatever Node threw or emitted; its code is kept as `cause`. */
export function fromSystem(error: unknown, subject: string): TransportError {
  const { code, syscall } = (error ?? {}) as { readonly code?: unknown; readonly syscall?: unknown };
  if (typeof code !== 'string') return transportError('failed', subject);
  // node:http says ECONNRESET for an orderly end in mid-response as well; only a true reset comes from a system call.
  const meaning = code === 'ECONNRESET' && syscall === undefined ? 'truncated' : meaningOf(code);
  return transportError(meaning, subject, { cause: code });
}

function meaningOf(code: string): Met {
  // The codes of llhttp, Node's parser, begin with HPE.
  return MEANINGS.get(code) ?? (code.startsWith('HPE_') ? 'not-http' : 'failed');
}
