import type { Complete } from '../with-defaults.ts';

/** What a gateway's NAT-PMP server is like, where `protocols` has it. Every default follows RFC 6886. */
export interface NatPmpOptions {
  /** Lifetimes that mappings get, at least and at most, in seconds. Default: 1 to 4,294,967,295. */
  readonly lifetimeSeconds?: readonly [least: number, most: number] | undefined;
  /** Whether every request is refused with 2, as by a router whose owner has not allowed it. Default: false. */
  readonly isRefused?: boolean | undefined;
  /** Milliseconds until it refuses a mapping that is not allowed; other requests wait as long. Default: 0. */
  readonly forbiddenDelayMs?: number | undefined;
  /** Whether it gives each client a port of its own choice, the same one to TCP and UDP. Default: false. */
  readonly choosesPort?: boolean | undefined;
  /** Whether internal port 0 is mapped, to the external port; else 2. Default: false. */
  readonly mapsInternalPortZero?: boolean | undefined;
  /** The internal port in every answer. Default: null, the one that was requested. */
  readonly answeredInternalPort?: number | null | undefined;
  /** Whether deleting all mappings of one protocol deletes those of the other, too (3.4). Default: false. */
  readonly deletesAllOfBoth?: boolean | undefined;
}

export const NAT_PMP_DEFAULTS: Complete<NatPmpOptions> = {
  lifetimeSeconds: [1, 4_294_967_295],
  isRefused: false,
  forbiddenDelayMs: 0,
  choosesPort: false,
  mapsInternalPortZero: false,
  answeredInternalPort: null,
  deletesAllOfBoth: false,
};
