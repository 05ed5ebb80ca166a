import type { TransportError } from '../errors.ts';
import { TRY_AGAIN } from '../hints.ts';

/** This host no longer has the address that a mapping leads to. */
export function lostAddress(address: string): TransportError {
  const message = `this computer no longer has the address ${address}`;
  return { kind: 'transport', code: 'no-address', message, hint: TRY_AGAIN };
}
