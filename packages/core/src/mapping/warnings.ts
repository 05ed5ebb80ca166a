/** Warnings about a granted mapping. */
import type { PortMapping } from '../port-mapping.ts';
import type { Verification } from './attempts.ts';
import type { GatewayState } from './port-mapper.ts';
import type { MappingWarning } from './types.ts';

/** What the warnings are about; a mapper may know nothing of the connection. */
interface KnownState extends GatewayState {
  readonly connected?: boolean;
  readonly status?: string | null;
}

/** Gateways count down from the moment of the request. */
const LEASE_TOLERANCE_SECONDS = 30;

/** @param state - null where it was not asked */
export function warningsAbout(
  requested: PortMapping,
  granted: PortMapping,
  verified: Verification,
  state: KnownState | null,
): readonly MappingWarning[] {
  const warnings: MappingWarning[] = [];
  const warn = (code: MappingWarning['code'], message: string): void => {
    warnings.push({ code, message });
  };
  const asked = requested.leaseSeconds ?? 0;
  const given = granted.leaseSeconds;
  if (granted.externalPort !== requested.externalPort) {
    warn(
      'altered-port',
      `port ${requested.externalPort} is not available; port ${granted.externalPort} is mapped instead`,
    );
  }
  if (given === 0 && asked > 0) {
    warn('permanent', 'the mapping is permanent: it stays until somebody deletes it');
  } else if (
    given !== null &&
    Math.abs(given - asked) > LEASE_TOLERANCE_SECONDS &&
    !(asked === 0 && given === 604_800)
  ) {
    const instead = asked === 0 ? 'a permanent mapping' : `${asked} s`;
    warn('altered-lease', `the router granted a lease of ${given} s instead of ${instead}`);
  }
  if (granted.description !== null && granted.description !== requested.description) {
    warn('altered-description', 'the router stored another description');
  }
  if (verified === 'unverifiable') warn('unverifiable', 'the mapping could not be read back completely');
  if (state !== null) {
    const { externalAddress = null, externalAddressClass, connected = true, status = null } = state;
    if (externalAddress === null) warn('address-unknown', 'the router does not know its external address');
    else if (externalAddressClass === 'private' || externalAddressClass === 'shared') {
      warn(
        'double-nat',
        `the external address ${externalAddress} is not public: there is another NAT upstream (double NAT)`,
      );
    } else if (externalAddressClass !== 'public') {
      warn('address-unknown', `the Internet can't reach the external address ${externalAddress}`);
    }
    if (!connected && status !== null) warn('disconnected', `the router reports that it is ${status}`);
  }
  return warnings;
}
