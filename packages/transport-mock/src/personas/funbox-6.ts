import { igdOutline } from '../description/igd-outline.ts';
import { PPP_DETAILS } from './parts/left-out.ts';
import { PNPX_ELEMENTS } from './parts/pnpx.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const funbox6: Persona = {
  title: 'Orange Funbox 6',
  quirk: 'Offers WANPPPConnection:1 under the id WANIPConn1, with the actions of version 2, in version 2 devices.',
  options: {
    igdVersion: 2,
    manufacturer: 'Sagemcom',
    friendlyName: 'Funbox',
    modelName: 'Funbox 6, (GPON, WAN Ethernet)',
    description: {
      specVersion: '1.0',
      controlUrl: '/{id}',
      eventUrl: '/{id}/event',
      outline: igdOutline({
        version: 2,
        foreign: PNPX_ELEMENTS,
        rootServices: [],
        connections: [{ type: 'WANPPPConnection:1', is: 'WANPPPConnection:1+', id: 'WANIPConn1' }],
      }),
    },
    omittedActions: PPP_DETAILS,
  },
};
