import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** tailscale#9343. */
export const netgearPermanent: Persona = {
  title: 'Netgear, with permanent leases only',
  quirk: 'Refuses finite leases with 725.',
  options: {
    igdVersion: 1,
    manufacturer: 'NETGEAR',
    friendlyName: 'NETGEAR router',
    modelName: 'NETGEAR router',
    leasePolicy: 'permanent-only',
    omittedActions: TIMES_AND_TERMINATION,
  },
};
