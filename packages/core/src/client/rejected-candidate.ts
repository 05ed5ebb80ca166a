import type { PortwrightError, RejectedCandidate } from '../errors.ts';

/** A device that was turned down for an error, before its description was read. */
export function rejectedCandidate(
  code: RejectedCandidate['code'],
  from: string,
  location: string | null,
  error: PortwrightError,
): RejectedCandidate {
  return { code, location, from, name: null, reason: error.message, error };
}
