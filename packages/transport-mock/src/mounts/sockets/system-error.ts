import type { TransportError, TransportErrorCode } from '@portwright/core';

const MEANINGS: Readonly<Record<string, TransportErrorCode>> = {
  EADDRINUSE: 'address-in-use',
  EADDRNOTAVAIL: 'no-such-interface',
  ENODEV: 'no-such-interface',
  ENXIO: 'no-such-interface',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'timeout',
  // AbortSignal.timeout()
  ABORT_ERR: 'timeout',
};

/**
 * What Node threw or emitted, as the core's error; the system's own code is kept as `cause`.
 *
 * @param subject - what was tried: `TCP port 5000 of 127.0.0.1`
 * @param hints - the next step for a person, by the error's code
 */
export function systemError(
  error: unknown,
  subject: string,
  hints: Readonly<Partial<Record<TransportErrorCode, string>>> = {},
): TransportError {
  const cause = systemCode(error);
  const code = (cause === undefined ? undefined : MEANINGS[cause]) ?? 'failed';
  const hint = hints[code];
  return {
    kind: 'transport',
    code,
    message: `${subject}: ${error instanceof Error ? error.message : 'the system reported an error'}`,
    ...(cause === undefined ? {} : { cause }),
    ...(hint === undefined ? {} : { hint }),
  };
}

function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
