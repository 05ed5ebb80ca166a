import type { Persona } from './persona.ts';

/** tailscale#10771: searches are answered from a socket of their own. */
export const answersFromAnotherPort: Persona = {
  title: 'A router that answers searches from another port',
  quirk: 'Answers to searches come from a port other than 1900.',
  options: {},
  faults: ['answers-from-another-port'],
};
