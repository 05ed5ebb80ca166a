import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import { portsFrom2001 } from '../test-setup.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const netgearRax30: Persona = {
  title: 'Netgear RAX30',
  quirk: 'Answers a query for a missing mapping with the first existing one; control URLs contain colons.',
  options: {
    igdVersion: 1,
    httpPort: 56688,
    manufacturer: 'NETGEAR',
    friendlyName: 'RAX30',
    modelName: 'Netgear RAX30 802.11ax Wireless Router',
    description: {
      path: '/rootDesc.xml',
      urlBase: 'http://{address}:{port}',
      controlUrl: '/uuid:{uuid}/{type}',
      eventUrl: '/uuid:{uuid}/{type}/event',
    },
    omittedActions: TIMES_AND_TERMINATION,
    answers: { actionPrefix: 'm' },
    reports: { lastConnectionError: '' },
    refusals: { noSuchEntry: 'first-entry' },
  },
  testSetup: { occupied: portsFrom2001(12) },
};
