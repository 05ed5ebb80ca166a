import { igdOutline } from '../description/igd-outline.ts';
import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const yamahaRtx810: Persona = {
  title: 'Yamaha RTX810',
  quirk:
    'Every argument has its type in a dt:dt attribute; URLBase is an address that the router does not have; only embedded devices have a model number.',
  options: {
    igdVersion: 1,
    manufacturer: 'YAMAHA Corporation',
    friendlyName: 'RTX810',
    modelName: 'RTX810',
    description: {
      urlBase: 'http://192.168.0.1:{port}/',
      controlUrl: '/upnp/{id}',
      eventUrl: '/upnp/{id}',
      outline: igdOutline({
        version: 1,
        rootTexts: { modelNumber: null },
        innerTexts: { modelNumber: '1' },
        connections: [{ type: 'WANIPConnection:1', id: 'WANIPConn1' }],
      }),
    },
    omittedActions: TIMES_AND_TERMINATION,
    answers: { hasDataTypes: true },
  },
};
