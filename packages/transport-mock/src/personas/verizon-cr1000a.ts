import type { Persona } from './persona.ts';

/** bitcoin/bitcoin#31663, where TP-Link Deco answers the same. Whether it has UPnP as well is not known. */
export const verizonCr1000a: Persona = {
  title: 'Verizon CR1000A',
  quirk: 'Answers PCP with 8 bytes of version 0 and result 1: it has NAT-PMP only.',
  options: { protocols: ['nat-pmp'] },
};
