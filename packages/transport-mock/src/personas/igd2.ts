import type { Persona } from './persona.ts';

/** InternetGatewayDevice:2, December 10, 2010. */
export const igd2: Persona = {
  title: 'Version 2, by the book',
  quirk: 'Everything as the specifications of 2010 have it.',
  options: { igdVersion: 2 },
};
