import { TIMES } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service; 402: tailscale#15223. */
export const arrisTg4482a: Persona = {
  title: 'Arris TG4482A',
  quirk: 'Refuses finite leases with 402; every mapping always reads back with a lease of 86400 s.',
  options: {
    igdVersion: 1,
    manufacturer: 'Arris Group, Inc',
    friendlyName: 'TG4482A',
    modelName: 'TG4482A',
    leasePolicy: 'permanent-only',
    refusals: { timedLease: 402 },
    grantedLease: 86_400,
    reports: { lease: 86_400 },
    omittedActions: TIMES,
  },
};
