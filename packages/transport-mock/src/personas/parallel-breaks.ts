import type { Persona } from './persona.ts';

/** Reported for several cheap routers: the web server is one process with one buffer. */
export const parallelBreaks: Persona = {
  title: 'A router that breaks on parallel requests',
  quirk: 'Resets a request that arrives before the previous one is answered.',
  options: { igdVersion: 1 },
  faults: ['parallel-requests-break'],
};
