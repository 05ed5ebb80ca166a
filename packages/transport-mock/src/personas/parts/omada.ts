import { igdOutline } from '../../description/igd-outline.ts';
import type { GatewayOptions } from '../../gateway/gateway-options.ts';
import { TIMES_AND_TERMINATION } from './left-out.ts';

/** TP-Link's routers for offices: one program under several names. */
export function omada(modelName: string): GatewayOptions {
  return {
    igdVersion: 1,
    friendlyName: `TP-Link SMB ${modelName}`,
    manufacturer: 'TP-Link',
    modelName,
    description: {
      urlBase: '',
      lineEnd: '\n',
      tagPadding: 11,
      controlUrl: '/{id}{digits:16}',
      eventUrl: '/{id}{digits:16}',
      scpdUrl: '/{id}{digits:16}.xml',
      outline: igdOutline({
        version: 1,
        udns: ['uuid:upnp{uuid}', 'uuid:upnp{uuid}', 'uuid:upnp{uuid}'],
        rootTexts: { presentationURL: 'http://{address}:80       ', UPC: '123456000000' },
        innerTexts: { modelName: 'WAN Device', modelURL: '', UPC: '123456000000' },
        wanServices: [{ type: 'WANCommonInterfaceConfig:1', id: 'WANCommonInterfaceConfig' }],
        connections: [{ type: 'WANIPConnection:1', id: 'WANIPConnection' }],
      }),
    },
    omittedActions: TIMES_AND_TERMINATION,
    answers: { envelopePrefix: 'SOAP-ENV', xmlDeclaration: '<?xml version="1.0"?>\n', lineEnd: '\n', trailing: '\n' },
    reports: { uptimeFormat: 'days-and-time' },
    refusals: { noSuchIndex: 402 },
  };
}
