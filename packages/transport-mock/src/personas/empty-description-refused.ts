import type { Persona } from './persona.ts';

/** qbittorrent/qBittorrent#14957, #12610. */
export const emptyDescriptionRefused: Persona = {
  title: 'A router that requires a description',
  quirk: 'Refuses a mapping without a description with error -911.',
  options: { igdVersion: 1, requiresDescription: true, refusals: { emptyDescription: -911 } },
  testSetup: { request: { description: '' } },
};
