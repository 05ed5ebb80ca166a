import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const edgerouter: Persona = {
  title: 'Ubiquiti EdgeRouter',
  quirk: 'Calls itself a Debian router.',
  options: miniupnpdOptions(
    { version: 1 },
    {
      manufacturer: 'Ubiquiti Networks, Inc.',
      friendlyName: 'ER-4',
      modelName: 'Debian router',
    },
  ),
};
