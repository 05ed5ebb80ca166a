import type { Persona } from './persona.ts';

/** tailscale#14344, #18349. */
export const equalPortsOnly: Persona = {
  title: 'A router that requires equal ports',
  quirk: 'Refuses different external and internal ports with 724.',
  options: { igdVersion: 1, requiresSamePorts: true },
  testSetup: { request: { internalPort: 8888 } },
};
