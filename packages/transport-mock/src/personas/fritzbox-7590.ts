import { fritzbox } from './parts/fritzbox.ts';
import { portsFrom2001 } from '../test-setup.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const fritzbox7590: Persona = {
  title: 'FRITZ!Box 7590, its IGD:2 root',
  quirk:
    'Has a root service Any:1, WANIPConn2, and vendor actions. Replaces _ and space in descriptions by dots; lists at most ten mappings.',
  options: fritzbox(2),
  testSetup: { occupied: portsFrom2001(12) },
};
