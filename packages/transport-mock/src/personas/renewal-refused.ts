import type { Persona } from './persona.ts';

/** miniupnp#131; Open.NAT#14. */
export const renewalRefused: Persona = {
  title: 'A router that refuses renewals',
  quirk: '718 for a mapping that the client itself has.',
  options: { igdVersion: 1, allowsRenewal: false },
};
