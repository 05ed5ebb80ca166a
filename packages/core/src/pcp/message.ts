/**
 * PCP's messages as data (RFC 6887, version 2). An address is text: `192.168.1.20`, `2001:db8::1`. On the wire an IPv4
 * address is an IPv4-mapped IPv6 address (5), so `0.0.0.0` and `::` differ.
 */

/** The mapping that is asked for, or granted (11.1). An error response repeats those of the request. */
export interface PcpMap {
  readonly opcode: 'map';
  /** 24 hexadecimal digits in lower case. Only requests with the same nonce may change a mapping. */
  readonly nonce: string;
  /** The protocol number of the Internet protocol: 6 is TCP, 17 is UDP, 0 is all protocols. */
  readonly protocol: number;
  readonly internalPort: number;
  /** Suggested in a request, where 0 suggests none; assigned in a response. */
  readonly externalPort: number;
  /** Suggested in a request, where all zeros suggest none; assigned in a response. */
  readonly externalAddress: string;
}

/** A mapping for traffic with one remote peer (12.1). */
export interface PcpPeer extends Omit<PcpMap, 'opcode'> {
  readonly opcode: 'peer';
  readonly remotePort: number;
  readonly remoteAddress: string;
}

/** A request: whether the server is there. A response that answers none: the server has restarted (14.1). */
export interface PcpAnnounce {
  readonly opcode: 'announce';
}

export type PcpOperation = PcpAnnounce | PcpMap | PcpPeer;

/** The request is for another host (13.1). */
export interface PcpThirdParty {
  readonly code: 'third-party';
  /** That host's internal address. */
  readonly address: string;
}

/** Map the suggested external port or none (13.2). Some servers ignore it, so compare the port in the answer. */
export interface PcpPreferFailure {
  readonly code: 'prefer-failure';
}

/** Only this remote endpoint may send (13.3). miniupnpd answers with success and does not apply it. */
export interface PcpFilter {
  readonly code: 'filter';
  /** 0..128; of an IPv4 address 96 more than its own. 0 removes all filters. */
  readonly prefixLength: number;
  /** 0: any. */
  readonly remotePort: number;
  readonly remoteAddress: string;
}

/** Any other option, as it was received. */
export interface PcpUnknownOption {
  /** 0..255: see {@link isMandatoryOption}. */
  readonly code: number;
  /** Without the padding. */
  readonly data: Uint8Array;
}

export type PcpOption = PcpThirdParty | PcpPreferFailure | PcpFilter | PcpUnknownOption;

/** A request (7.1). */
export type PcpRequest = {
  /** Asked for; 0 deletes. */
  readonly lifetimeSeconds: number;
  /** The source address of the datagram. */
  readonly clientAddress: string;
  readonly options: readonly PcpOption[];
} & PcpOperation;

/** A response (7.2). */
export type PcpResponse = {
  /** 0 is success; {@link PCP_RESULTS} has the others. */
  readonly resultCode: number;
  /** Granted; of an error: how long to expect the same error. */
  readonly lifetimeSeconds: number;
  /** Seconds since the server last lost its mappings: see {@link isPcpEpochValid}. */
  readonly epochSeconds: number;
  readonly options: readonly PcpOption[];
} & PcpOperation;
