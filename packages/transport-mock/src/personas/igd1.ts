import type { Persona } from './persona.ts';

/** InternetGatewayDevice:1, November 12, 2001. */
export const igd1: Persona = {
  title: 'IGD:1, strictly by the specification',
  quirk: 'Follows the specifications of 2001 in everything.',
  options: { igdVersion: 1, ignoresArgumentOrder: false },
};
