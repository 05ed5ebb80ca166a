import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const keenetic: Persona = {
  title: 'Keenetic',
  quirk: 'miniupnpd, with leases that count down.',
  options: miniupnpdOptions(
    { version: 1 },
    {
      manufacturer: 'Keenetic Ltd.',
      friendlyName: 'Keenetic',
      modelName: 'Keenetic Gateway',
    },
  ),
};
