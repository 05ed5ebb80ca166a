/** NAT-PMP's messages as data (RFC 6886). It has IPv4, TCP and UDP only. */
import type { Protocol } from '../port-mapping.ts';

/** The mapping that is asked for, or granted (3.3). */
export interface NatPmpMap {
  readonly kind: 'map';
  readonly protocol: Protocol;
  /** 0 with a lifetime of 0 deletes all mappings of this host, on miniupnpd of the other protocol as well. */
  readonly internalPort: number;
  /** Suggested in a request, where 0 suggests none; assigned in a response. */
  readonly externalPort: number;
  /** Asked for, where 0 deletes; granted in a response. */
  readonly lifetimeSeconds: number;
}

/** A request (3.2, 3.3). */
export type NatPmpRequest = { readonly kind: 'external-address' } | NatPmpMap;

/** The external address, as an answer (3.2) or as the announcement of a change or restart (3.2.1). */
export interface NatPmpExternalAddress {
  readonly kind: 'external-address';
  /** Without meaning if the result is an error. */
  readonly address: string;
}

/** The gateway does not know the version, result 1, or the opcode, result 5, of the request (3.5). */
export interface NatPmpUnsupported {
  readonly kind: 'unsupported-version' | 'unsupported-opcode';
  /** That of the request, 0..127: of a PCP request as well, whose version is not NAT-PMP's. */
  readonly opcode: number;
}

/** A response. */
export type NatPmpResponse = {
  /** 0 is success; {@link NAT_PMP_RESULTS} has the others. */
  readonly resultCode: number;
  /** Seconds since the gateway last lost its mappings: see {@link isNatPmpEpochValid}. */
  readonly epochSeconds: number;
} & (NatPmpExternalAddress | NatPmpMap | NatPmpUnsupported);
