import { igdOutline } from '../description/igd-outline.ts';
import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const tpLinkArcherVr2100v: Persona = {
  title: 'TP-Link Archer VR2100v',
  quirk:
    'GetStatusInfo answers in the namespace of a service that does not exist, with an uptime of ten years; answers have no XML declaration.',
  options: {
    igdVersion: 1,
    manufacturer: 'TP-Link',
    friendlyName: 'Archer_VR2100v',
    modelName: 'Archer_VR2100v',
    description: {
      controlUrl: '/upnp/control/{id}',
      eventUrl: '/upnp/control/{id}',
      lineEnd: '\n',
      outline: igdOutline({
        version: 1,
        rootServices: [
          {
            type: 'Layer3Forwarding:1',
            id: 'L3Forwarding1',
            controlUrl: '/upnp/control/dummy',
            eventUrl: '/upnp/control/dummy',
          },
        ],
        connections: [{ type: 'WANIPConnection:1', id: 'WANIPConn1' }],
      }),
    },
    omittedActions: TIMES_AND_TERMINATION,
    answers: {
      xmlDeclaration: '',
      lineEnd: '\n',
      trailing: '',
      namespaces: { GetStatusInfo: 'urn:schemas-upnp-org:service:GetStatusInfo:1' },
    },
    reports: { uptimeAhead: 334_927_306 },
  },
};
