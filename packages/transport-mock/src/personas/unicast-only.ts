import type { Persona } from './persona.ts';

/** tailscale#10771. */
export const unicastOnly: Persona = {
  title: 'A router that ignores multicast',
  quirk: 'Answers only searches that are sent to its own address.',
  options: { answersSearches: 'unicast' },
};
