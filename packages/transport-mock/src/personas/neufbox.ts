import { igdOutline } from '../description/igd-outline.ts';
import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service; the namespace of its own types is made up. */
export const neufbox: Persona = {
  title: 'SFR Neufbox',
  quirk:
    'Offers WANIPConnection:1 with the actions of version 2; has a device beside the WANDevice; sends the mapping list as CDATA.',
  options: {
    igdVersion: 1,
    manufacturer: 'neufbox',
    friendlyName: 'neufbox',
    modelName: 'neufbox router',
    description: {
      specVersion: '1.0',
      outline: igdOutline({
        version: 1,
        connections: [{ type: 'WANIPConnection:1', is: 'WANIPConnection:1+', id: 'WANIPConn1' }],
        otherDevices: [
          {
            type: 'urn:schemas-neufbox-org:device:EventDevice:1',
            services: [{ type: 'urn:schemas-neufbox-org:service:Event:1', id: 'urn:neufbox-org:serviceId:Event1' }],
          },
        ],
      }),
    },
    omittedActions: TIMES_AND_TERMINATION,
  },
};
