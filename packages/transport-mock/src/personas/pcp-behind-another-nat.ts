import type { Persona } from './persona.ts';

/** tailscale/tailscale#3397; RFC 6887, 8.2. */
export const pcpBehindAnotherNat: Persona = {
  title: 'A PCP router behind another NAT, as for containers',
  quirk: 'Requests reach it from the address of the NAT in between: it answers MAP with 12.',
  options: { protocols: ['pcp'], clientsBehind: '192.168.1.77' },
};
