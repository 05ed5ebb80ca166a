import type { Persona } from './persona.ts';

/** miniupnp#647. */
export const doubleNat: Persona = {
  title: 'A router behind a router',
  quirk: 'Its external address is private: mappings work as far as the next router.',
  options: { externalAddress: '192.168.0.2' },
};
