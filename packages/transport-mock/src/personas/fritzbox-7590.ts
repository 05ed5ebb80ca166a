import { fritzbox } from './parts/fritzbox.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const fritzbox7590: Persona = {
  title: 'FRITZ!Box 7590, its IGD:2 root',
  quirk:
    'A root service Any:1, WANIPConn2, actions of its own; _ and space in descriptions become dots; lists ten mappings at most.',
  options: fritzbox(2),
};
