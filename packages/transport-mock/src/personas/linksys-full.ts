import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** kaklakariada/portmapper#139; weupnp#12. */
export const linksysFull: Persona = {
  title: 'Linksys, full at 32',
  quirk: 'The thirty-third mapping is answered with success, and is not there.',
  options: {
    igdVersion: 1,
    manufacturer: 'Linksys',
    friendlyName: 'Linksys',
    modelName: 'Linksys',
    capacity: 32,
    refusals: { full: 'ignored' },
    omittedActions: TIMES_AND_TERMINATION,
  },
};
