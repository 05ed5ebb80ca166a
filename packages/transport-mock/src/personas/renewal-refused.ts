import type { Persona } from './persona.ts';

/** miniupnp#131; Open.NAT#14. */
export const renewalRefused: Persona = {
  title: 'A router that refuses renewals',
  quirk: 'Refuses a renewal with 718, although the client itself has the mapping.',
  options: { igdVersion: 1, allowsRenewal: false },
};
