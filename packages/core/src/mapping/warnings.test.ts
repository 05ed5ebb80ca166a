import { expect, it } from 'vitest';
import { classifyAddress } from '../addresses/address-class.ts';
import type { ConnectionState } from '../client/connection-state.ts';
import type { PortMapping } from '../port-mapping.ts';
import type { Verification } from './attempts.ts';
import { OURS } from './igd/igd.test-support.ts';
import { warningsAbout } from './warnings.ts';

const CONNECTED: ConnectionState = {
  status: 'Connected',
  connected: true,
  uptimeSeconds: 1,
  lastError: null,
  externalAddress: '5.5.5.1',
  externalAddressClass: 'public',
  errors: [],
};

/** A state with another external address. */
function at(externalAddress: string): ConnectionState {
  return { ...CONNECTED, externalAddress, externalAddressClass: classifyAddress(externalAddress) };
}

interface Situation {
  readonly asked?: Partial<PortMapping>;
  readonly granted?: Partial<PortMapping>;
  readonly verified?: Verification;
  readonly state?: ConnectionState | null;
}

it.each<readonly [string, Situation, readonly string[]]>([
  ['what was asked for', {}, []],
  ['a state that nobody asked for', { state: null }, []],
  [
    'another port',
    { granted: { externalPort: 2001 } },
    ['altered-port: port 7777 is not available; port 2001 is mapped instead'],
  ],
  [
    'a permanent lease',
    { granted: { leaseSeconds: 0 } },
    ['permanent: the mapping is permanent: it stays until somebody deletes it'],
  ],
  ['a permanent lease that was asked for', { asked: { leaseSeconds: 0 }, granted: { leaseSeconds: 0 } }, []],
  ['a week for a permanent lease', { asked: { leaseSeconds: 0 }, granted: { leaseSeconds: 604_800 } }, []],
  [
    'another lease for a permanent one',
    { asked: { leaseSeconds: 0 }, granted: { leaseSeconds: 604_799 } },
    ['altered-lease: the router granted a lease of 604799 s instead of a permanent mapping'],
  ],
  [
    'a week for an hour',
    { granted: { leaseSeconds: 604_800 } },
    ['altered-lease: the router granted a lease of 604800 s instead of 3600 s'],
  ],
  ['half a minute less', { granted: { leaseSeconds: 3_570 } }, []],
  [
    'more than half a minute less',
    { granted: { leaseSeconds: 3_569 } },
    ['altered-lease: the router granted a lease of 3569 s instead of 3600 s'],
  ],
  ['half a minute more', { granted: { leaseSeconds: 3_630 } }, []],
  [
    'more than half a minute more',
    { granted: { leaseSeconds: 3_631 } },
    ['altered-lease: the router granted a lease of 3631 s instead of 3600 s'],
  ],
  ['an unknown lease', { granted: { leaseSeconds: null } }, []],
  ['no lease at all, and a permanent one granted', { asked: { leaseSeconds: null }, granted: { leaseSeconds: 0 } }, []],
  [
    'another description',
    { granted: { description: 'game' } },
    ['altered-description: the router stored another description'],
  ],
  ['no description', { granted: { description: null } }, []],
  ['a mapping that nobody read back', { verified: 'unverified' }, []],
  [
    'a mapping that can’t be read back',
    { verified: 'unverifiable' },
    ['unverifiable: the mapping could not be read back completely'],
  ],
  [
    'no external address',
    { state: { ...CONNECTED, externalAddress: null, externalAddressClass: 'invalid' } },
    ['address-unknown: the router does not know its external address'],
  ],
  [
    'a private external address',
    { state: at('192.168.0.2') },
    ['double-nat: the external address 192.168.0.2 is not public: there is another NAT upstream (double NAT)'],
  ],
  [
    'a shared external address',
    { state: at('100.64.0.2') },
    ['double-nat: the external address 100.64.0.2 is not public: there is another NAT upstream (double NAT)'],
  ],
  [
    'a loopback address',
    { state: at('127.0.0.1') },
    ["address-unknown: the Internet can't reach the external address 127.0.0.1"],
  ],
  [
    'a line that is down',
    { state: { ...CONNECTED, status: 'Disconnected', connected: false } },
    ['disconnected: the router reports that it is Disconnected'],
  ],
  ['a line of which it says nothing', { state: { ...CONNECTED, status: null, connected: false } }, []],
])('%s', (_what, { asked = {}, granted = {}, verified = 'verified', state = CONNECTED }, expected) => {
  const warnings = warningsAbout({ ...OURS, ...asked }, { ...OURS, ...granted }, verified, state);
  expect(warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual(expected);
});
