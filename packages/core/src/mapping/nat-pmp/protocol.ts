/** NAT-PMP (RFC 6886) as a mapper uses it. It has IPv4 only, no nonces, and no way to refuse another port than the wanted one. */
import { decodeNatPmpResponse } from '../../nat-pmp/decode.ts';
import { encodeNatPmpRequest } from '../../nat-pmp/encode.ts';
import { isNatPmpEpochValid } from '../../nat-pmp/epoch.ts';
import { NAT_PMP_RESULTS } from '../../nat-pmp/results.ts';
import { otherVersion, type PortControl } from '../port-control/port-control.ts';
import { refusal } from '../port-control/refusals.ts';

const VERSION = 0;
const OPCODES = { UDP: 1, TCP: 2 } as const;

const NETWORK_FAILURE = 3;

export const NAT_PMP: PortControl = {
  via: 'nat-pmp',
  question: () => encodeNatPmpRequest({ kind: 'external-address' }),
  mapRequest: ({ protocol, internalPort, externalPort, lifetimeSeconds }) => {
    // RFC 6886, 3.4: a deletion has external port 0.
    const suggested = lifetimeSeconds === 0 ? 0 : externalPort;
    return encodeNatPmpRequest({ kind: 'map', protocol, internalPort, externalPort: suggested, lifetimeSeconds });
  },
  read: (payload, request) => {
    const response = decodeNatPmpResponse(payload).unwrapOr(null);
    if (response === null) return otherVersion(payload, VERSION);
    const { resultCode, epochSeconds } = response;
    if (response.kind === 'external-address') {
      if (request !== null) return null;
      // A router behind another one has no address to tell: miniupnpd says 3 and 0.0.0.0.
      const externalAddress = resultCode === 0 && response.address !== '0.0.0.0' ? response.address : null;
      if (resultCode === 0 || resultCode === NETWORK_FAILURE) return { kind: 'present', epochSeconds, externalAddress };
      return { kind: 'refused', epochSeconds, resultCode, lifetimeSeconds: 0 };
    }
    if (response.kind !== 'map') {
      const isOurs = response.opcode === (request === null ? 0 : OPCODES[request.protocol]);
      return isOurs ? { kind: 'refused', epochSeconds, resultCode, lifetimeSeconds: 0 } : null;
    }
    if (request === null || response.protocol !== request.protocol) return null;
    // ProtonVPN answers with internal port 0, whatever was asked (gluetun#2051).
    if (response.internalPort !== request.internalPort && response.internalPort !== 0) return null;
    if (resultCode !== 0) return { kind: 'refused', epochSeconds, resultCode, lifetimeSeconds: 0 };
    return {
      kind: 'mapped',
      epochSeconds,
      externalPort: response.externalPort,
      lifetimeSeconds: response.lifetimeSeconds,
    };
  },
  isSameRun: isNatPmpEpochValid,
  refusalOf: (resultCode) => refusal('nat-pmp', resultCode, NAT_PMP_RESULTS[resultCode]),
  // A deletion of what is not there is a success (RFC 6886, 3.4).
  isAbsent: () => false,
};
