import type { Persona } from './persona.ts';

/** kbr/fritzconnection#111. */
export const quotesRefused: Persona = {
  title: 'A router that refuses quotes',
  quirk: 'Refuses a description with quotes with 402.',
  options: { igdVersion: 1, forbiddenInDescriptions: '"\'' },
  testSetup: { request: { description: 'a "game"' } },
};
