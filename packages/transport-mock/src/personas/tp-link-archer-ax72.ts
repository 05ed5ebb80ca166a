import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const tpLinkArcherAx72: Persona = {
  title: 'TP-Link Archer AX72',
  quirk: 'Refuses finite leases with 501.',
  options: miniupnpdOptions(
    { version: 1 },
    {
      manufacturer: 'TP-Link',
      friendlyName: 'Archer AX72',
      modelName: 'Archer AX72',
      leasePolicy: 'permanent-only',
      refusals: { timedLease: 501 },
    },
  ),
};
