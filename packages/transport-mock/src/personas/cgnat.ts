import type { Persona } from './persona.ts';

/** miniupnp#647; RFC 6598. */
export const cgnat: Persona = {
  title: 'A router behind a carrier-grade NAT',
  quirk: 'Its external address is in 100.64.0.0/10 (RFC 6598).',
  options: { externalAddress: '100.64.12.34' },
};
