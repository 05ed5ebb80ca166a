/** A result code of PCP, for programs and for people. */
export interface PcpResult {
  /** The specification's name. */
  readonly name: string;
  /** What it means, for people. */
  readonly message: string;
  /**
   * How long to expect the same error (RFC 6887, 7.4): about 30 minutes (`long`), about 30 seconds (`short`), or as the
   * response says (`varies`); null for success. miniupnpd sends a lifetime of 0 with some errors, which is not "at once".
   */
  readonly lifetime: 'long' | 'short' | 'varies' | null;
}

/** All result codes of RFC 6887, 7.4, by number. A response may have another code, from 14 to 255. */
export const PCP_RESULTS: Readonly<Record<number, PcpResult>> = {
  0: { name: 'SUCCESS', message: 'done', lifetime: null },
  1: { name: 'UNSUPP_VERSION', message: 'the router does not support this version', lifetime: 'long' },
  2: { name: 'NOT_AUTHORIZED', message: 'the router does not allow this device to open ports', lifetime: 'long' },
  3: { name: 'MALFORMED_REQUEST', message: 'the router could not read the request', lifetime: 'long' },
  4: { name: 'UNSUPP_OPCODE', message: 'the router does not support this request', lifetime: 'long' },
  5: { name: 'UNSUPP_OPTION', message: 'the router does not support this option', lifetime: 'long' },
  6: { name: 'MALFORMED_OPTION', message: 'the router could not read this option', lifetime: 'long' },
  7: { name: 'NETWORK_FAILURE', message: 'the router has no public address', lifetime: 'short' },
  8: { name: 'NO_RESOURCES', message: 'the router has no room for another port', lifetime: 'short' },
  9: { name: 'UNSUPP_PROTOCOL', message: 'the router does not support this protocol', lifetime: 'long' },
  10: { name: 'USER_EX_QUOTA', message: 'the router does not allow this device another port', lifetime: 'short' },
  11: { name: 'CANNOT_PROVIDE_EXTERNAL', message: 'the external port is not free', lifetime: 'varies' },
  12: { name: 'ADDRESS_MISMATCH', message: 'another NAT is between this device and the router', lifetime: 'long' },
  13: { name: 'EXCESSIVE_REMOTE_PEERS', message: 'the router does not support these filters', lifetime: 'long' },
};
