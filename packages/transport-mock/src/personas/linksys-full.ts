import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import { portsFrom2001 } from '../test-setup.ts';
import type { Persona } from './persona.ts';

/** kaklakariada/portmapper#139; weupnp#12. */
export const linksysFull: Persona = {
  title: 'Linksys, with at most 32 mappings',
  quirk: 'Reports success for the 33rd mapping, but does not create it.',
  options: {
    igdVersion: 1,
    manufacturer: 'Linksys',
    friendlyName: 'Linksys',
    modelName: 'Linksys',
    capacity: 32,
    refusals: { full: 'ignored' },
    omittedActions: TIMES_AND_TERMINATION,
  },
  testSetup: { occupied: portsFrom2001(32) },
};
