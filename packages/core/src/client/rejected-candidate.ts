import { checkLocation } from '../description/location-policy.ts';
import type { PortwrightError, RejectedCandidate } from '../errors.ts';
import type { SearchAnswer } from './search-types.ts';

/** A device that was turned down for an error, before its description was read. */
export function rejectedCandidate(
  code: RejectedCandidate['code'],
  from: string,
  location: string | null,
  error: PortwrightError,
): RejectedCandidate {
  return { code, location, from, name: null, reason: error.message, error };
}

/**
 * A device whose description could not be fetched. If its LOCATION named another host, the reason has both errors: the refusal
 * of that URL, which a person may know and trust, and the error of the request to the device itself.
 */
export function withoutDescription(answer: SearchAnswer, error: PortwrightError): RejectedCandidate {
  const { from, location, named } = answer;
  const refused = checkLocation(named, { responder: from, interfaces: [], allowOffLink: true });
  if (refused.isOk() || refused.error.code !== 'foreign-host')
    return rejectedCandidate('no-description', from, location, error);
  const refusal = rejectedCandidate('bad-location', from, named, refused.error);
  return { ...refusal, reason: `${refusal.reason}; at ${location}: ${error.message}` };
}
