import { igdOutline } from '../description/igd-outline.ts';
import type { ServiceOutline } from '../description/outline.ts';
import { PPP_DETAILS, TIMES_AND_TERMINATION, VERSION_2_ACTIONS } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service. */
export const askeyRtf8316vw: Persona = {
  title: 'Askey RTF8316VW',
  quirk:
    'Refuses finite leases with 718; permanent ones read back as 4294967295 s. Three connection services share a control URL and claim version 2 without its actions.',
  options: {
    igdVersion: 1,
    manufacturer: 'Askey',
    friendlyName: 'ASP Router',
    modelName: 'RTF8316VW',
    description: {
      path: '/rootDesc.xml',
      specVersion: '1.1',
      outline: igdOutline({
        version: 1,
        connections: [
          service('WANIPConnection:1', 'WANIPConn1'),
          service('WANIPConnection:2', 'WANIPConn2'),
          service('WANPPPConnection:1', 'WANPPPConn1'),
        ],
      }),
    },
    omittedActions: [...TIMES_AND_TERMINATION, ...VERSION_2_ACTIONS, ...PPP_DETAILS, 'GetLinkLayerMaxBitRates'],
    answers: { namespace: 'urn:schemas-upnp-org:service:WANIPConnection:2' },
    reports: { anyRemoteHost: '0.0.0.0', permanentLease: 4_294_967_295 },
    leasePolicy: 'permanent-only',
    refusals: { timedLease: 718 },
  },
};

/** One service under three names. Its description is that of version 1, too. */
function service(type: string, id: string): ServiceOutline {
  const is = 'WANIPConnection:1';
  return { type, is, id, scpdUrl: '/WANIPCn.xml', controlUrl: '/ctl/IPConn', eventUrl: '/evt/IPConn' };
}
