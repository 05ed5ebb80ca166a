import { MINIUPNPD_PORT_CONTROL } from './parts/miniupnpd-port-control.ts';
import { miniupnpdOptions } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const openwrtInternalPortZero: Persona = {
  title: 'OpenWrt, a build that loses the internal port',
  quirk: 'Every mapping reads back with internal port 0.',
  options: miniupnpdOptions(
    { version: 1 },
    {
      manufacturer: 'OpenWrt',
      friendlyName: 'OpenWrt router',
      modelName: 'OpenWrt router',
      reports: { internalPort: 0 },
      ...MINIUPNPD_PORT_CONTROL,
    },
  ),
};
