import type { Persona } from './persona.ts';

/** n0-computer/net-tools#52. */
export const finiteLeasesOnly: Persona = {
  title: 'A router without permanent leases',
  quirk: '402 for a lease of 0, and for one above a week.',
  options: { igdVersion: 1, leasePolicy: 'finite-only', longestLease: 604_800 },
};
