/** Why a port was not mapped. */
import { LEFT_MAPPING, TRY_AGAIN } from '../hints.ts';
import type { FailedAttempt } from './attempts.ts';
import type { Lease, MapPortOptions, NotMappedError } from './types.ts';

/** Why, and what to do. */
export interface Told {
  readonly message: string;
  readonly hint?: string | undefined;
}

export function notMapped(
  code: NotMappedError['code'],
  { externalPort, protocol }: Pick<MapPortOptions, 'externalPort' | 'protocol'>,
  attempts: readonly FailedAttempt[],
  unknownLeases: readonly Lease[],
  told: Told | undefined = attempts.at(-1)?.error,
): NotMappedError {
  const why = {
    refused: told?.message ?? 'no attempt was made',
    'double-nat': told?.message,
    'no-address': told?.message,
    'out-of-time': 'the time limit was reached',
    aborted: 'aborted',
    'left-behind': 'aborted, but the router did not delete the mapping',
  };
  const ports = unknownLeases.map((one) => one.externalPort).join(', ');
  const doubt = code === 'left-behind' || ports === '' ? '' : `; port ${ports} may still be mapped`;
  const next = told?.hint ?? (code === 'out-of-time' ? 'Try again with more time.' : TRY_AGAIN);
  return {
    kind: 'not-mapped',
    code,
    message: `can't map ${protocol.toUpperCase()} port ${externalPort}: ${why[code]}${doubt}`,
    attempts,
    unknownLeases,
    hint: unknownLeases.length > 0 ? LEFT_MAPPING : code === 'aborted' ? undefined : next,
  };
}
