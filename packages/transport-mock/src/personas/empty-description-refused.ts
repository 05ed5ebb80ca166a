import type { Persona } from './persona.ts';

/** qbittorrent/qBittorrent#14957, #12610. */
export const emptyDescriptionRefused: Persona = {
  title: 'A router that wants a description',
  quirk: 'Error -911 for a mapping without one.',
  options: { igdVersion: 1, requiresDescription: true, refusals: { emptyDescription: -911 } },
};
