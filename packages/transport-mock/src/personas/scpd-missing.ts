import type { Persona } from './persona.ts';

/** home-assistant#68873; libplum#20. */
export const scpdMissing: Persona = {
  title: 'A router without service descriptions',
  quirk: 'The URLs of its service descriptions return 404.',
  options: { igdVersion: 1, description: { hasScpds: false } },
};
