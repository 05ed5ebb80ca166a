import type { Persona } from './persona.ts';

/** miniupnp#647. */
export const doubleNat: Persona = {
  title: 'A router behind another router',
  quirk: 'Its external address is private: mappings work only as far as the upstream router.',
  options: { externalAddress: '192.168.0.2' },
};
