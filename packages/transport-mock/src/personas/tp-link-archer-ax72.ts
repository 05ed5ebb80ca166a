import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import { miniupnpdDescription } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const tpLinkArcherAx72: Persona = {
  title: 'TP-Link Archer AX72',
  quirk: 'Refuses finite leases with 501.',
  options: {
    igdVersion: 1,
    manufacturer: 'TP-Link',
    friendlyName: 'Archer AX72',
    modelName: 'Archer AX72',
    description: miniupnpdDescription({ version: 1 }),
    omittedActions: TIMES_AND_TERMINATION,
    leasePolicy: 'permanent-only',
    refusals: { timedLease: 501 },
  },
};
