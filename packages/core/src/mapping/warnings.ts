/** What a person should know about a mapping that was granted. */
import type { ConnectionState } from '../client/connection-state.ts';
import type { PortMapping } from '../client/port-mapping.ts';
import type { Verification } from './try-attempt.ts';

export interface MappingWarning {
  readonly code:
    /** The external address is private or shared: there is another NAT behind this one, and nobody outside gets through. */
    | 'double-nat'
    | 'disconnected'
    /** The gateway tells no external address, or one that can't be its own. */
    | 'address-unknown'
    | 'altered-port'
    | 'altered-lease'
    | 'altered-description'
    | 'permanent'
    | 'unverifiable';
  readonly message: string;
}

/** Gateways count down from the moment of the request. */
const LEASE_TOLERANCE_SECONDS = 30;

/** @param state - null where it was not asked */
export function warningsAbout(
  requested: PortMapping,
  granted: PortMapping,
  verified: Verification,
  state: ConnectionState | null,
): readonly MappingWarning[] {
  const warnings: MappingWarning[] = [];
  const warn = (code: MappingWarning['code'], message: string): void => {
    warnings.push({ code, message });
  };
  const asked = requested.leaseSeconds ?? 0;
  const given = granted.leaseSeconds;
  if (granted.externalPort !== requested.externalPort) {
    warn('altered-port', `port ${requested.externalPort} could not be had; it is ${granted.externalPort}`);
  }
  if (given === 0 && asked > 0) {
    warn('permanent', 'the mapping has no end: it stays until it is deleted');
  } else if (
    given !== null &&
    Math.abs(given - asked) > LEASE_TOLERANCE_SECONDS &&
    !(asked === 0 && given === 604_800)
  ) {
    warn('altered-lease', `a lease of ${asked} s was asked for, and one of ${given} s granted`);
  }
  if (granted.description !== null && granted.description !== requested.description) {
    warn('altered-description', 'the gateway keeps another description');
  }
  if (verified === 'unverifiable')
    warn('unverifiable', 'the gateway did not let the mapping be read back, or not all of it');
  if (state !== null) {
    const { externalAddress, externalAddressClass, connected, status } = state;
    if (externalAddress === null) warn('address-unknown', 'the gateway does not know its external address');
    else if (externalAddressClass === 'private' || externalAddressClass === 'shared') {
      warn('double-nat', `its external address ${externalAddress} is not public: another NAT stands behind it`);
    } else if (externalAddressClass !== 'public') {
      warn('address-unknown', `its external address ${externalAddress} is one that nobody else can reach`);
    }
    if (!connected && status !== null) warn('disconnected', `the gateway says that it is ${status}`);
  }
  return warnings;
}
