import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import { miniupnpdDescription } from './parts/miniupnpd.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const openwrtInternalPortZero: Persona = {
  title: 'OpenWrt, a build that loses the internal port',
  quirk: 'Every mapping reads back with internal port 0.',
  options: {
    igdVersion: 1,
    manufacturer: 'OpenWrt',
    friendlyName: 'OpenWrt router',
    modelName: 'OpenWrt router',
    description: miniupnpdDescription({ version: 1 }),
    omittedActions: TIMES_AND_TERMINATION,
    reports: { internalPort: 0 },
  },
};
