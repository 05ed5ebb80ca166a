import { igdOutline } from '../description/igd-outline.ts';
import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const freebox: Persona = {
  title: 'Freebox Server',
  quirk: 'Its UDNs are not UUIDs.',
  options: {
    igdVersion: 1,
    manufacturer: 'Freebox',
    friendlyName: 'Freebox Server',
    modelName: 'Freebox Server',
    description: {
      outline: igdOutline({
        version: 1,
        udns: ['uuid:igd{root}', 'uuid:igd{root}-wan', 'uuid:wancd{root}'],
        connections: [{ type: 'WANIPConnection:1', id: 'WANIPConn1' }],
      }),
    },
    omittedActions: TIMES_AND_TERMINATION,
  },
};
