import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const dLinkDirX3260: Persona = {
  title: 'D-Link DIR-X3260',
  quirk: 'The model name is generic; the real model is in the model number.',
  options: miniupnpdOptions(
    { version: 1 },
    {
      manufacturer: 'D-Link Corporation',
      friendlyName: 'D-Link Router',
      modelName: 'D-Link Router',
      modelNumber: 'DIR-X3260',
    },
  ),
};
