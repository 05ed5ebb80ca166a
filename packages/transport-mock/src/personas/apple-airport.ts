import type { Persona } from './persona.ts';

/** RFC 6886, 1: NAT-PMP was made for it. */
export const appleAirport: Persona = {
  title: 'Apple AirPort',
  quirk: 'Has NAT-PMP only, and answers PCP with the 8 bytes of an unsupported version.',
  options: { protocols: ['nat-pmp'], lanAddress6: null },
};
