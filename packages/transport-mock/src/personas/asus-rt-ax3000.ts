import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const asusRtAx3000: Persona = {
  title: 'ASUS RT-AX3000',
  quirk: 'The model name is generic; the real model is in the model number.',
  options: miniupnpdOptions(
    { version: 1 },
    {
      manufacturer: 'ASUSTeK Computer Inc.',
      friendlyName: 'RT-AX3000',
      modelName: 'ASUS Wireless Router',
      modelNumber: 'RT-AX3000',
    },
  ),
};
