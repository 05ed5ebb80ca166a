import { igdOutline } from '../description/igd-outline.ts';
import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const tpLinkArcherAx1800: Persona = {
  title: 'TP-Link Archer AX1800',
  quirk: 'Reports an empty connection status; all three devices have the same UDN.',
  options: {
    igdVersion: 1,
    manufacturer: 'TP-Link',
    friendlyName: 'Archer AX1800',
    modelName: 'Archer AX1800',
    description: {
      outline: igdOutline({
        version: 1,
        udns: ['uuid:{root}', 'uuid:{root}', 'uuid:{root}'],
        connections: [{ type: 'WANIPConnection:1', id: 'WANIPConn1' }],
      }),
    },
    omittedActions: TIMES_AND_TERMINATION,
    reports: { connectionStatus: '' },
  },
};
