import { igdOutline } from '../description/igd-outline.ts';
import { TIMES } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const dovado: Persona = {
  title: 'Dovado',
  quirk: 'All three devices have the same UDN.',
  options: {
    igdVersion: 1,
    manufacturer: 'Dovado FZ-LLC',
    friendlyName: 'Dovado router',
    modelName: 'Dovado router',
    description: {
      outline: igdOutline({
        version: 1,
        udns: ['uuid:{root}', 'uuid:{root}', 'uuid:{root}'],
        connections: [{ type: 'WANIPConnection:1', id: 'WANIPConn1' }],
      }),
    },
    omittedActions: TIMES,
  },
};
