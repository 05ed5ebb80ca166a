import { igdOutline } from '../description/igd-outline.ts';
import { PPP_DETAILS } from './parts/left-out.ts';
import { PNPX_ELEMENTS } from './parts/pnpx.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const livebox: Persona = {
  title: 'Orange Livebox',
  quirk:
    'Offers WANPPPConnection:2, which no specification defines. Windows elements come first; the root has no services; the hexadecimal paths change.',
  options: {
    igdVersion: 2,
    manufacturer: 'Sagemcom',
    friendlyName: 'Orange Livebox',
    modelName: 'Residential Livebox (GPON, WAN Ethernet)',
    description: {
      specVersion: '1.0',
      controlUrl: '/{hex:8}/upnp/control/{id}',
      eventUrl: '/{hex:8}/upnp/control/{id}',
      scpdUrl: '/{hex:8}/upnp/{id}.xml',
      outline: igdOutline({
        version: 2,
        foreign: PNPX_ELEMENTS,
        rootServices: [],
        connections: [{ type: 'WANPPPConnection:2', id: 'WANPPPConn1' }],
      }),
    },
    omittedActions: [...PPP_DETAILS, 'GetLinkLayerMaxBitRates'],
    answers: { xmlDeclaration: '' },
  },
};
