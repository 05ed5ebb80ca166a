import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import { miniupnpdDescription } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const edgerouter: Persona = {
  title: 'Ubiquiti EdgeRouter',
  quirk: 'Calls itself a Debian router.',
  options: {
    igdVersion: 1,
    manufacturer: 'Ubiquiti Networks, Inc.',
    friendlyName: 'ER-4',
    modelName: 'Debian router',
    description: miniupnpdDescription({ version: 1 }),
    omittedActions: TIMES_AND_TERMINATION,
  },
};
