import { fritzbox } from './parts/fritzbox.ts';
import { portsFrom2001 } from '../test-setup.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service; AVM’s description of its IGD services. */
export const fritzbox7590Igd1: Persona = {
  title: 'FRITZ!Box 7590, its IGD:1 root',
  quirk: 'The same router at its other URL, without the additions of version 2.',
  options: fritzbox(1),
  testSetup: { occupied: portsFrom2001(12) },
};
