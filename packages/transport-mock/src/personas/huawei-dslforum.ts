import { igdOutline } from '../description/igd-outline.ts';
import type { ServiceOutline } from '../description/outline.ts';
import type { ServiceKind } from '../services/service-kind.ts';
import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** Reported for Huawei routers; jupnp/jupnp#366. */
export const huaweiDslforum: Persona = {
  title: 'Huawei, with DSL Forum types',
  quirk: 'Device and service types begin with urn:dslforum-org.',
  options: {
    igdVersion: 1,
    // bitcoin/bitcoin#31663, of a Huawei HG8145V5.
    closedPort: 'refuses',
    manufacturer: 'Huawei',
    friendlyName: 'Huawei router',
    modelName: 'Huawei router',
    description: {
      outline: igdOutline({
        version: 1,
        namespace: 'dslforum-org',
        rootServices: [service('Layer3Forwarding:1', 'L3Forwarding1')],
        wanServices: [service('WANCommonInterfaceConfig:1', 'WANCommonIFC1')],
        connections: [service('WANIPConnection:1', 'WANIPConn1')],
      }),
    },
    omittedActions: TIMES_AND_TERMINATION,
  },
};

function service(kind: ServiceKind, id: string): ServiceOutline {
  return { type: `urn:dslforum-org:service:${kind}`, is: kind, id };
}
