import type { Persona } from './persona.ts';

/** tailscale#14344, #18349. */
export const equalPortsOnly: Persona = {
  title: 'A router that wants equal ports',
  quirk: '724 where external and internal port differ.',
  options: { igdVersion: 1, requiresSamePorts: true },
};
