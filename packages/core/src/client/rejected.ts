import type { PortwrightError, RejectedCandidate } from '../errors.ts';

/** A device that was turned down for an error, before anything else was known of it. */
export function rejected(location: string, error: PortwrightError): RejectedCandidate {
  return { location, name: null, reason: error.message, error };
}
