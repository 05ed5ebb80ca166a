import type { Persona } from './persona.ts';

/** tailscale#10771. */
export const unicastOnly: Persona = {
  title: 'A router that is deaf to multicast',
  quirk: 'Only searches that are sent to it alone are answered.',
  options: { answersSearches: 'unicast' },
};
