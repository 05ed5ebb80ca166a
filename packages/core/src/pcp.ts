/**
 * PCP (RFC 6887) and NAT-PMP (RFC 6886), which share their ports: messages in both directions, result codes, and the tests
 * for a router that has lost its mappings. To open ports: `@portwright/core/mapping`.
 */

// PCP
export type {
  PcpAnnounce,
  PcpFilter,
  PcpMap,
  PcpOperation,
  PcpOption,
  PcpPeer,
  PcpPreferFailure,
  PcpRequest,
  PcpResponse,
  PcpThirdParty,
  PcpUnknownOption,
} from './pcp/message.ts';
export { decodePcpRequest, decodePcpResponse, versionOf } from './pcp/decode.ts';
export { encodePcpRequest, encodePcpResponse } from './pcp/encode.ts';
export { isMandatoryOption } from './pcp/options.ts';
export { isPcpEpochValid, type EpochReading } from './pcp/epoch.ts';
export { PCP_CLIENT_PORT, PCP_GROUPS, PCP_SERVER_PORT } from './pcp/endpoints.ts';
export { PCP_RESULTS, type PcpResult } from './pcp/results.ts';

// NAT-PMP
export type {
  NatPmpExternalAddress,
  NatPmpMap,
  NatPmpRequest,
  NatPmpResponse,
  NatPmpUnsupported,
} from './nat-pmp/message.ts';
export { decodeNatPmpRequest, decodeNatPmpResponse } from './nat-pmp/decode.ts';
export { encodeNatPmpRequest, encodeNatPmpResponse } from './nat-pmp/encode.ts';
export { isNatPmpEpochValid } from './nat-pmp/epoch.ts';
export { NAT_PMP_RESULTS } from './nat-pmp/results.ts';
