import type { Persona } from './persona.ts';

/** kbr/fritzconnection#111. */
export const quotesRefused: Persona = {
  title: 'A router that wants plain descriptions',
  quirk: '402 for a description with quotes.',
  options: { igdVersion: 1, forbiddenInDescriptions: '"\'' },
};
