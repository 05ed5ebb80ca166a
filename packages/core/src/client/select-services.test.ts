import { describe, expect, it } from 'vitest';
import { decodeDeviceDescription } from '../description/device-description.ts';
import { selectServices } from './select-services.ts';

const LOCATION = 'http://192.168.1.1:5000/rootDesc.xml';

function service(type: string, controlUrl: string | null = `/${type}`): string {
  const control = controlUrl === null ? '' : `<controlURL>${controlUrl}</controlURL>`;
  const urn = type.startsWith('urn:') ? type : `urn:schemas-upnp-org:service:${type}`;
  return `<service><serviceType>${urn}</serviceType>${control}</service>`;
}

function device(type: string, services: readonly string[], devices: readonly string[] = []): string {
  return `<device><deviceType>urn:schemas-upnp-org:device:${type}</deviceType><friendlyName>${type}</friendlyName><serviceList>${services.join('')}</serviceList><deviceList>${devices.join('')}</deviceList></device>`;
}

function select(root: string) {
  return selectServices(decodeDeviceDescription(`<root>${root}</root>`, LOCATION)._unsafeUnwrap());
}

function gateway(...connections: readonly string[]): string {
  const inner = device('WANConnectionDevice:1', connections);
  return device(
    'InternetGatewayDevice:1',
    [],
    [device('WANDevice:1', [service('WANCommonInterfaceConfig:1')], [inner])],
  );
}

describe('selectServices', () => {
  it.each([
    ['version 1', [service('WANIPConnection:1')], ['WANIPConnection:1']],
    ['version 2', [service('WANIPConnection:2')], ['WANIPConnection:2']],
    ['PPP alone (NEC, Sagemcom, Funbox)', [service('WANPPPConnection:1')], ['WANPPPConnection:1']],
    ['PPP of version 2 (Livebox)', [service('WANPPPConnection:2')], ['WANPPPConnection:2']],
    [
      'both, IP first',
      [service('WANPPPConnection:1'), service('WANIPConnection:1')],
      ['WANIPConnection:1', 'WANPPPConnection:1'],
    ],
    [
      'three on one control URL (Askey)',
      ['WANIPConnection:1', 'WANIPConnection:2', 'WANPPPConnection:1'].map((type) => service(type, '/ctl/IPConn')),
      ['WANIPConnection:1', 'WANIPConnection:2', 'WANPPPConnection:1'],
    ],
    [
      'urn:dslforum-org (Huawei)',
      [service('urn:dslforum-org:service:WANPPPConnection:1', '/c')],
      ['urn:dslforum-org:service:WANPPPConnection:1'],
    ],
  ])('finds %s', (_name, services, types) => {
    const { usable, rejected } = select(gateway(...services));
    expect(usable.map(({ connection }) => connection.serviceType.replace('urn:schemas-upnp-org:service:', ''))).toEqual(
      types,
    );
    expect(
      usable.every(({ commonInterface }) => commonInterface?.controlUrl.endsWith('WANCommonInterfaceConfig:1')),
    ).toBe(true);
    expect(rejected).toEqual([]);
  });

  it('takes, of two WANDevices (MikroTik), the one around the connection', () => {
    const wan = (name: string): string =>
      device(
        'WANDevice:1',
        [service('WANCommonInterfaceConfig:1', `/${name}/common`)],
        [device('WANConnectionDevice:1', [service('WANIPConnection:1', `/${name}/ip`)])],
      );
    const { usable } = select(device('InternetGatewayDevice:1', [], [wan('first'), wan('second')]));
    expect(
      usable.map(({ connection, commonInterface }) => [connection.controlUrl, commonInterface?.controlUrl]),
    ).toEqual([
      ['http://192.168.1.1:5000/first/ip', 'http://192.168.1.1:5000/first/common'],
      ['http://192.168.1.1:5000/second/ip', 'http://192.168.1.1:5000/second/common'],
    ]);
  });

  it.each([
    ['no control URL', service('WANIPConnection:1', null), /no control URL/],
    ['a control URL on another host', service('WANIPConnection:1', 'http://192.168.1.2/ctl'), /leads to another host/],
    ['a control URL with user information', service('WANIPConnection:1', 'http://u@192.168.1.1/ctl'), /no control URL/],
  ])('turns down a connection with %s', (_name, connection, reason) => {
    const { usable, rejected } = select(gateway(connection));
    expect(usable).toEqual([]);
    expect(rejected).toMatchObject([{ location: LOCATION, name: 'InternetGatewayDevice:1' }]);
    expect(rejected[0]?.reason).toMatch(reason);
  });

  it('says of another device what it is', () => {
    expect(select(device('MediaServer:1', [service('ContentDirectory:1')])).rejected).toEqual([
      {
        location: LOCATION,
        name: 'MediaServer:1',
        code: 'not-a-gateway',
        reason: 'MediaServer:1 is not a router: it has no WANIPConnection and no WANPPPConnection',
      },
    ]);
  });

  it('asks at most 8 of the connections that a description lists', () => {
    const many = Array.from({ length: 200 }, (_, index) => service('WANIPConnection:1', `/${index}`));
    expect(select(gateway(...many)).usable).toHaveLength(8);
  });
});
