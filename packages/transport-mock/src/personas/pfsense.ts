import { MINIUPNPD_ON_PF } from './parts/miniupnpd-port-control.ts';
import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const pfsense: Persona = {
  title: 'pfSense',
  quirk:
    'miniupnpd under the name of the operating system; the model number is the release. Its IPv6 pinholes cannot be renewed by PCP.',
  options: miniupnpdOptions(
    { version: 1 },
    {
      manufacturer: 'FreeBSD',
      friendlyName: 'FreeBSD router',
      modelName: 'FreeBSD router',
      modelNumber: '2.7.0-RELEASE',
      ...MINIUPNPD_ON_PF,
    },
  ),
};
