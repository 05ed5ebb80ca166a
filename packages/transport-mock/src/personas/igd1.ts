import type { Persona } from './persona.ts';

/** InternetGatewayDevice:1, November 12, 2001. */
export const igd1: Persona = {
  title: 'Version 1, by the book',
  quirk: 'Everything as the specifications of 2001 have it.',
  options: { igdVersion: 1 },
};
