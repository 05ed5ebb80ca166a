import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const synologySrm: Persona = {
  title: 'Synology SRM',
  quirk: 'miniupnpd on a router made by a storage vendor.',
  options: miniupnpdOptions(
    { version: 1 },
    {
      manufacturer: 'Synology Inc.',
      friendlyName: 'Synology SRM',
      modelName: 'Synology SRM',
    },
  ),
};
