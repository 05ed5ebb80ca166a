import type { Persona } from './persona.ts';

/** miniupnp#359, #165. */
export const secureBy718: Persona = {
  title: 'A version 2 router that reports 718 instead of 606',
  quirk: 'Refuses a mapping to another host than the caller with 718 instead of 606.',
  options: { igdVersion: 2, refusals: { foreignClient: 718 } },
};
