import type { Persona } from './persona.ts';

/** n0-computer/net-tools#52. */
export const finiteLeasesOnly: Persona = {
  title: 'A router without permanent leases',
  quirk: 'Refuses a lease of 0, and one above a week, with 402.',
  options: { igdVersion: 1, leasePolicy: 'finite-only', longestLease: 604_800 },
  testSetup: { request: { leaseSeconds: 0 } },
};
