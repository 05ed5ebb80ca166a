/** Whether a router refuses every port by UPnP. */
import type { AttemptError } from '../attempts.ts';
import type { MapPortError } from '../types.ts';

/**
 * Invalid Action, Optional Action Not Implemented (UDA 1.1, 3.2.2), Action not authorized (WANIPConnection:2, 2.5.16): what
 * routers say on which mapping by UPnP is switched off.
 */
const SWITCHED_OFF: readonly (number | null)[] = [401, 602, 606];

/** See {@link PortMapper.isRefusedAltogether}. A request without an answer counts: nobody listens at the control URL. */
export function isUpnpRefused(error: MapPortError): boolean {
  if (error.kind !== 'not-mapped' || error.code !== 'refused') return false;
  return error.attempts.length > 0 && error.attempts.every((attempt) => isSwitchedOff(attempt.error));
}

function isSwitchedOff(error: AttemptError): boolean {
  return error.kind === 'upnp-fault' ? SWITCHED_OFF.includes(error.code) : error.kind === 'transport';
}
