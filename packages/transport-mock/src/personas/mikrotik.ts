import type { DeviceOutline } from '../description/outline.ts';
import { TIMES_AND_TERMINATION } from './parts/left-out.ts';
import type { Persona } from './persona.ts';

/** From a public survey of 60 routers in service; 725: tailscale#9343. */
export const mikrotik: Persona = {
  title: 'MikroTik RouterOS',
  quirk:
    'Grants only permanent leases. Describes two WANDevices; the second is connected. Lists a disabled entry of zeros at index 0. Writes faultCode in its faults, and URLBase after the device.',
  options: {
    igdVersion: 1,
    httpPort: 2828,
    friendlyName: 'MikroTik Router',
    manufacturer: 'MikroTik',
    modelName: 'Router OS',
    description: {
      path: '/gateway_description.xml',
      urlBase: 'http://{address}:{port}',
      urlBasePlace: 'after-device',
      controlUrl: '/{letters:10}/control/{id}',
      eventUrl: '/{letters:10}/event/{id}',
      scpdUrl: '/{letters:10}/{id}.xml',
      lineEnd: '\n',
      outline: {
        type: 'InternetGatewayDevice:1',
        udn: 'uuid:UUID-MIKROTIK-INTERNET-GATEWAY-DEVICE-{uuid}',
        texts: { modelDescription: null, modelNumber: null },
        services: [{ type: 'urn:schemas-microsoft-com:service:OSInfo:1', id: 'urn:microsoft-com:serviceId:OSInfo1' }],
        devices: [wanDevice(1, 1), wanDevice(2, 0)],
      },
    },
    otherConnections: [{ isWanUp: false }],
    omittedActions: TIMES_AND_TERMINATION,
    answers: {
      xmlDeclaration: '',
      lineEnd: '\n',
      trailing: '\n',
      faultElements: ['faultCode', 'faultString'],
    },
    reports: { hasZeroRow: true },
    leasePolicy: 'permanent-only',
  },
};

/** One for each interface to the outside, whether anything is plugged in or not. */
function wanDevice(number: number, connection: number): DeviceOutline {
  return {
    type: 'WANDevice:1',
    udn: 'uuid:UUID-MIKROTIK-WAN-DEVICE-{uuid}',
    texts: { modelDescription: null, modelNumber: null },
    services: [{ type: 'WANCommonInterfaceConfig:1', id: `WANCommonIFC${number}`, connection }],
    devices: [
      {
        type: 'WANConnectionDevice:1',
        udn: 'uuid:UUID-MIKROTIK-WAN-CONNECTION-DEVICE-{uuid}',
        texts: { modelDescription: null, modelNumber: null },
        services: [{ type: 'WANIPConnection:1', id: `WANIPConn${number}`, connection }],
      },
    ],
  };
}
