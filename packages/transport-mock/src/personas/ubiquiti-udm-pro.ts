import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const ubiquitiUdmPro: Persona = {
  title: 'Ubiquiti UDM-Pro',
  quirk: 'IGD:2; the model number is a board number, in hexadecimal; a lease of 0 becomes a week that counts down.',
  options: miniupnpdOptions(
    { version: 2 },
    {
      manufacturer: 'Ubiquiti Networks',
      friendlyName: 'UDM-Pro',
      modelName: 'UDM-Pro',
      modelNumber: 'ea15',
    },
  ),
};
