import type { TransportError, TransportErrorCode } from '@portwright/core';

export function transportError(code: TransportErrorCode, message: string, cause?: string): TransportError {
  return { kind: 'transport', code, message, ...(cause === undefined ? {} : { cause }) };
}
