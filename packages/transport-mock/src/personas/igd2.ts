import type { Persona } from './persona.ts';

/** InternetGatewayDevice:2, December 10, 2010. */
export const igd2: Persona = {
  title: 'IGD:2, strictly by the specification',
  quirk: 'Follows the specifications of 2010 in everything.',
  options: { igdVersion: 2, ignoresArgumentOrder: false },
};
