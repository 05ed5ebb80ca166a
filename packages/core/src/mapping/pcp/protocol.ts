/** PCP (RFC 6887) as a mapper uses it: ANNOUNCE and MAP of version 2, for this host alone, without PEER and FILTER. */
import { decodePcpResponse } from '../../pcp/decode.ts';
import { encodePcpRequest } from '../../pcp/encode.ts';
import { isPcpEpochValid } from '../../pcp/epoch.ts';
import { PCP_RESULTS } from '../../pcp/results.ts';
import { otherVersion, type PortControl } from '../port-control/port-control.ts';
import { refusal } from '../port-control/refusals.ts';

const VERSION = 2;
/** Never 0, which is every protocol: miniupnpd answers that with success over IPv6, and lets nothing in. */
const PROTOCOL_NUMBERS = { TCP: 6, UDP: 17 } as const;

const NO_RESOURCES = 8;

export const PCP: PortControl = {
  via: 'pcp',
  question: (clientAddress) => encodePcpRequest({ opcode: 'announce', lifetimeSeconds: 0, clientAddress, options: [] }),
  mapRequest: (request, clientAddress) => {
    const { nonce, internalPort, lifetimeSeconds, isExact } = request;
    const isDeletion = lifetimeSeconds === 0;
    // All zeros of the family suggest none (RFC 6887, 11.1).
    const none = clientAddress.includes(':') ? '::' : '0.0.0.0';
    return encodePcpRequest({
      opcode: 'map',
      nonce,
      protocol: PROTOCOL_NUMBERS[request.protocol],
      internalPort,
      externalPort: isDeletion ? 0 : request.externalPort,
      externalAddress: (isDeletion ? null : request.externalAddress) ?? none,
      lifetimeSeconds,
      clientAddress,
      options: isExact && !isDeletion ? [{ code: 'prefer-failure' }] : [],
    });
  },
  read: (payload, request) => {
    const response = decodePcpResponse(payload).unwrapOr(null);
    if (response === null) return otherVersion(payload, VERSION);
    const { resultCode, lifetimeSeconds, epochSeconds } = response;
    if (request === null ? response.opcode !== 'announce' : response.opcode !== 'map') return null;
    if (response.opcode === 'map' && request !== null) {
      const { nonce, protocol, internalPort } = response;
      const isOurs = nonce === request.nonce && protocol === PROTOCOL_NUMBERS[request.protocol];
      if (!isOurs || internalPort !== request.internalPort) return null;
    }
    if (resultCode !== 0) return { kind: 'refused', epochSeconds, resultCode, lifetimeSeconds };
    if (response.opcode !== 'map') return { kind: 'present', epochSeconds };
    const { externalPort, externalAddress } = response;
    return { kind: 'mapped', epochSeconds, externalPort, externalAddress, lifetimeSeconds };
  },
  isSameRun: isPcpEpochValid,
  refusalOf: (resultCode, lifetimeSeconds) => refusal('pcp', resultCode, PCP_RESULTS[resultCode], lifetimeSeconds),
  // RFC 6887, 15 says success; miniupnpd says so on IPv6, and NO_RESOURCES on IPv4 (miniupnp#132).
  isAbsent: (resultCode) => resultCode === NO_RESOURCES,
};
