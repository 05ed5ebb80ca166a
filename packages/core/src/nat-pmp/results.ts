import { PCP_RESULTS, type PcpResult } from '../pcp/results.ts';

/**
 * All result codes of NAT-PMP by number (RFC 6886, 3.5), under PCP's names for them. NAT-PMP sends no lifetime of an
 * error; PCP's tells when to ask again.
 */
export const NAT_PMP_RESULTS: Readonly<Record<number, PcpResult>> = /* @__PURE__ */ natPmpResults();

/** The index is NAT-PMP's code, the value PCP's. */
function natPmpResults(): Readonly<Record<number, PcpResult>> {
  return Object.fromEntries([0, 1, 2, 7, 8, 4].map((code, index) => [index, PCP_RESULTS[code] as PcpResult]));
}
