import type { Persona } from './persona.ts';

/** gluetun#1882 and #2051; protonvpn.com's manual. There its address is 10.2.0.1. */
export const protonVpn: Persona = {
  title: 'Proton VPN exit',
  quirk:
    'Has NAT-PMP only. Grants 60 s whatever is requested, chooses the port, and answers internal port 0 for each internal port.',
  options: {
    protocols: ['nat-pmp'],
    lanAddress6: null,
    natPmp: {
      lifetimeSeconds: [60, 60],
      choosesPort: true,
      mapsInternalPortZero: true,
      answeredInternalPort: 0,
    },
  },
};
