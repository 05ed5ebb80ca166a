import { describe, expect, it } from 'vitest';
import { parseUpnpType } from './upnp-type.ts';

describe('parseUpnpType', () => {
  it.each([
    [
      'urn:schemas-upnp-org:service:WANIPConnection:1',
      { domain: 'schemas-upnp-org', kind: 'service', name: 'WANIPConnection', version: 1 },
    ],
    [
      'urn:schemas-upnp-org:device:InternetGatewayDevice:2',
      { domain: 'schemas-upnp-org', kind: 'device', name: 'InternetGatewayDevice', version: 2 },
    ],
    // Huawei, Livebox, MikroTik.
    [
      'urn:dslforum-org:service:WANPPPConnection:1',
      { domain: 'dslforum-org', kind: 'service', name: 'WANPPPConnection', version: 1 },
    ],
    [
      'urn:schemas-upnp-org:service:WANPPPConnection:2',
      { domain: 'schemas-upnp-org', kind: 'service', name: 'WANPPPConnection', version: 2 },
    ],
    [
      'urn:schemas-microsoft-com:service:OSInfo:1',
      { domain: 'schemas-microsoft-com', kind: 'service', name: 'OSInfo', version: 1 },
    ],
    ['URN:schemas-upnp-org:Service:X:10', { domain: 'schemas-upnp-org', kind: 'service', name: 'X', version: 10 }],
  ])('%s', (text, type) => {
    expect(parseUpnpType(text)).toEqual(type);
  });

  it.each([
    '',
    'upnp:rootdevice',
    'ssdp:all',
    'uuid:1',
    'urn:schemas-upnp-org:service:WANIPConnection',
    'urn:schemas-upnp-org:service:WANIPConnection:',
    'urn:schemas-upnp-org:service:WANIPConnection:0',
    'urn:schemas-upnp-org:service:WANIPConnection:x',
    'urn:schemas-upnp-org:service:WANIPConnection:1:2',
    'urn:schemas-upnp-org:thing:WANIPConnection:1',
    'urn:schemas-upnp-org:service:WANIPConnection:1\r\n',
    'urn::service:X:1',
    'urn:upnp-org:serviceId:WANIPConn1',
  ])('refuses %j', (text) => {
    expect(parseUpnpType(text)).toBeNull();
  });
});
