import type { Persona } from './persona.ts';

/** miniupnp#359, #165. */
export const secureBy718: Persona = {
  title: 'Version 2 that says conflict for forbidden',
  quirk: '718 instead of 606 for a mapping to another host than the caller.',
  options: { igdVersion: 2, refusals: { foreignClient: 718 } },
};
