import type { Complete } from '../with-defaults.ts';

/** What a gateway's PCP server is like, where `protocols` has it. Every default follows RFC 6887. */
export interface PcpOptions {
  /** Lifetimes that mappings get, at least and at most, in seconds (15). Default: 120 to 86,400. */
  readonly lifetimeSeconds?: readonly [least: number, most: number] | undefined;
  /** Lifetimes of errors in seconds, by result code. Default: 30 for 7, 8, 10 and 11, and 1,800 for the others (7.4). */
  readonly errorSeconds?: Readonly<Record<number, number>> | undefined;
  /** Whether every request is refused with 2, as by a router whose owner has not allowed it. Default: false. */
  readonly isRefused?: boolean | undefined;
  /** Milliseconds until it refuses a mapping that is not allowed; other requests wait as long. Default: 0. */
  readonly forbiddenDelayMs?: number | undefined;
  /** Mappings and pinholes of one client at most, above which it answers 10. Default: as many as there is room for. */
  readonly clientQuota?: number | undefined;
  /** Which mappings can be renewed with another nonce, which then replaces the old one (11.3). Default: `none`. */
  readonly renewsWithAnyNonce?: 'none' | 'ipv4' | 'all' | undefined;
  /** Whether the pinhole of an IPv6 mapping can be renewed; else 8. Default: true. */
  readonly renewsPinholes?: boolean | undefined;
  /** Whether a pinhole can be deleted once it was renewed; else 2. Default: true. */
  readonly deletesRenewedPinholes?: boolean | undefined;
  /** What is answered when an IPv4 mapping is deleted that is not there. Default: 0 (15). */
  readonly nothingToDelete?: number | undefined;
  /** Where PREFER_FAILURE is ignored: another port is granted without an error. Default: `nowhere`. */
  readonly ignoresPreferFailure?: 'nowhere' | 'ipv6' | 'everywhere' | undefined;
  /** Whether FILTER is applied; else it is answered as if it were. Default: true. */
  readonly appliesFilter?: boolean | undefined;
  /** Filters of one mapping at most, above which it answers 13. Default: 16. */
  readonly filterCapacity?: number | undefined;
  /** Whether the client's address is compared in ANNOUNCE, too (8.2). Default: true. */
  readonly checksAnnounceAddress?: boolean | undefined;
  /** Whether requests of version 1 are carried out; else 1. Default: false. */
  readonly readsVersion1?: boolean | undefined;
  /** Whether a request whose length is no multiple of 4 is answered as version 0, opcode 128. Default: false. */
  readonly answersOddLengthAsNatPmp?: boolean | undefined;
  /** Whether the nonce stands in the description that UPnP lists. Default: false. */
  readonly listsNonce?: boolean | undefined;
}

export const PCP_DEFAULTS: Complete<PcpOptions> = {
  lifetimeSeconds: [120, 86_400],
  errorSeconds: {},
  isRefused: false,
  forbiddenDelayMs: 0,
  clientQuota: 65_535,
  renewsWithAnyNonce: 'none',
  renewsPinholes: true,
  deletesRenewedPinholes: true,
  nothingToDelete: 0,
  ignoresPreferFailure: 'nowhere',
  appliesFilter: true,
  filterCapacity: 16,
  checksAnnounceAddress: true,
  readsVersion1: false,
  answersOddLengthAsNatPmp: false,
  listsNonce: false,
};
