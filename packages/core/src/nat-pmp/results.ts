/** A result code of NAT-PMP, for programs and for people. */
export interface NatPmpResult {
  readonly name: string;
  /** What it means, for people. */
  readonly message: string;
}

/** All result codes of RFC 6886, 3.5, by number, with PCP's names for them. */
export const NAT_PMP_RESULTS: Readonly<Record<number, NatPmpResult>> = {
  0: { name: 'SUCCESS', message: 'the router did it' },
  1: { name: 'UNSUPP_VERSION', message: 'the router supports NAT-PMP only' },
  2: { name: 'NOT_AUTHORIZED', message: 'the router does not allow this device to open ports' },
  3: { name: 'NETWORK_FAILURE', message: 'the router has no Internet connection, or no public address' },
  4: { name: 'NO_RESOURCES', message: 'the router cannot make another mapping at this time' },
  5: { name: 'UNSUPP_OPCODE', message: 'the router does not offer this over NAT-PMP' },
};
