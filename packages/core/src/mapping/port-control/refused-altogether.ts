/** Whether a PCP or NAT-PMP server refuses every port. */
import type { RefusalCode } from '../../errors.ts';
import type { MapPortError } from '../types.ts';

/** What no other port would change. An unknown option is repeated without it. */
const OF_EVERY_PORT: readonly RefusalCode[] = [
  'unsupported-version',
  'not-authorized',
  'not-understood',
  'unsupported',
  'address-mismatch',
];

/** See {@link PortMapper.isRefusedAltogether}. A request without an answer counts: nobody listens. */
export function isControlRefused(error: MapPortError): boolean {
  if (error.kind !== 'not-mapped' || error.code !== 'refused' || error.attempts.length === 0) return false;
  return error.attempts.every(({ error: last }) =>
    last.kind === 'refusal' ? OF_EVERY_PORT.includes(last.code) : last.kind === 'transport',
  );
}
