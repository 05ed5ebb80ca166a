import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUNBOX, HUAWEI, LIVEBOX, MIKROTIK, MINIUPNPD, NETGEAR, OMADA, YAMAHA } from './descriptions.test-support.ts';
import { decodeDeviceDescription, type DeviceDescription } from './device-description.ts';
import { devicesOf, servicesOf, type Service } from './device-tree.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const decode = (body: Uint8Array | string, location = 'http://192.168.1.1:5000/rootDesc.xml'): DeviceDescription =>
  decodeDeviceDescription(body, location)._unsafeUnwrap();

/** A description with these elements in its root device. */
const withDevice = (inner: string): string => `<root><device>${inner}</device></root>`;
const withService = (inner: string): string =>
  withDevice(`<serviceList><service><serviceType>urn:x</serviceType>${inner}</service></serviceList>`);
const serviceIn = (body: string, location?: string): Service | undefined => decode(body, location).device.services[0];

describe('decodeDeviceDescription', () => {
  it('reads every element, resolves every URL', () => {
    const description = decode(MINIUPNPD);
    expect(description).toMatchObject({
      location: 'http://192.168.1.1:5000/rootDesc.xml',
      specVersion: { major: 1, minor: 1 },
      configId: '1337',
      urlBase: null,
      baseUrl: 'http://192.168.1.1:5000/rootDesc.xml',
      damage: null,
    });
    const { devices, ...rootDevice } = description.device;
    expect(devices).toHaveLength(1);
    expect(rootDevice).toEqual({
      deviceType: 'urn:schemas-upnp-org:device:InternetGatewayDevice:1',
      udn: 'uuid:6d4f1c3e-0000-4000-8000-000000000001',
      friendlyName: 'OpenWrt router & switch',
      manufacturer: 'OpenWrt',
      manufacturerUrl: 'http://www.openwrt.org/',
      modelName: 'OpenWrt',
      modelNumber: '23.05',
      modelDescription: 'a router',
      modelUrl: 'http://www.openwrt.org/model',
      serialNumber: '00000000',
      upc: '000000000000',
      presentationUrl: 'http://192.168.1.1/',
      services: [
        {
          serviceType: 'urn:schemas-upnp-org:service:Layer3Forwarding:1',
          serviceId: 'urn:upnp-org:serviceId:L3Forwarding1',
          scpdUrl: 'http://192.168.1.1:5000/L3F.xml',
          controlUrl: 'http://192.168.1.1:5000/ctl/L3F',
          eventSubUrl: 'http://192.168.1.1:5000/evt/L3F',
        },
      ],
    });
  });

  it('walks the tree in the order of the document', () => {
    const { device } = decode(MINIUPNPD);
    expect(devicesOf(device).map(({ friendlyName }) => friendlyName)).toEqual([
      'OpenWrt router & switch',
      'WANDevice',
      'WANConnectionDevice',
    ]);
    expect(
      servicesOf(device).map(({ service, path }) => [service.controlUrl, path.map(({ modelName }) => modelName)]),
    ).toEqual([
      ['http://192.168.1.1:5000/ctl/L3F', ['OpenWrt']],
      ['http://192.168.1.1:5000/ctl/CmnIfCfg', ['OpenWrt', 'MiniUPnPd']],
      ['http://192.168.1.1:5000/ctl/IPConn', ['OpenWrt', 'MiniUPnPd', 'MiniUPnPd']],
      ['http://192.168.1.1:5000/ctl/IP6FCtl', ['OpenWrt', 'MiniUPnPd', 'MiniUPnPd']],
    ]);
  });

  it.each([
    [
      'MikroTik: URLBase after the device, another port, no slash',
      MIKROTIK,
      'http://192.168.88.1:1900/gateway_description.xml',
      'http://192.168.88.1:2828/upnp/control/aaaaaaaaaa',
    ],
    [
      'Netgear: URLBase with another port, colons in the path',
      NETGEAR,
      'http://192.168.1.1:5000/d.xml',
      'http://192.168.1.1:56688/uuid:0000/WANIPConnection:1',
    ],
    [
      'Yamaha: URLBase names an address in another subnet',
      YAMAHA,
      'http://192.168.100.1:49152/d.xml',
      'http://192.168.100.1:49152/ctl',
    ],
    [
      'Omada: URLBase is empty, white space everywhere',
      OMADA,
      'http://192.168.4.1:1900/d.xml',
      'http://192.168.4.1:1900/ipc1514793639',
    ],
    [
      'Funbox: id and path lie about the type',
      FUNBOX,
      'http://192.168.1.1:60000/d.xml',
      'http://192.168.1.1:60000/WANIPConn1',
    ],
    [
      'Huawei: relative to the document, with a query',
      HUAWEI,
      'http://192.168.1.1:37215/igd/desc.xml',
      'http://192.168.1.1:37215/igd/ctrl/ppp?wan=1',
    ],
  ])('finds the control URL of %s', (_name, body, location, controlUrl) => {
    expect(servicesOf(decode(body, location).device).map(({ service }) => service.controlUrl)).toEqual([controlUrl]);
  });

  it('takes service types as they are (Omada, Funbox, Huawei)', () => {
    const types = [OMADA, FUNBOX, HUAWEI].map((body) => servicesOf(decode(body).device)[0]?.service.serviceType);
    expect(types).toEqual([
      'urn:schemas-upnp-org:service:WANIPConnection:1',
      'urn:schemas-upnp-org:service:WANPPPConnection:1',
      'urn:dslforum-org:service:WANPPPConnection:1',
    ]);
  });

  it('takes an element of the device itself, never one of an inner device (Yamaha)', () => {
    expect(decode(YAMAHA).device.modelNumber).toBeNull();
  });

  it('reads past vendor elements, and empty ones as null (Livebox)', () => {
    expect(decode(LIVEBOX).device).toMatchObject({
      deviceType: 'urn:schemas-upnp-org:device:InternetGatewayDevice:2',
      friendlyName: 'Residential Livebox,(GPON, WAN Ethernet)',
      modelNumber: null,
      services: [],
      devices: [],
    });
  });

  it.each([
    ['absent', '', 'http://192.168.1.1:5000/rootDesc.xml'],
    ['empty', '<URLBase/>', 'http://192.168.1.1:5000/rootDesc.xml'],
    ['white space', '<URLBase> </URLBase>', 'http://192.168.1.1:5000/rootDesc.xml'],
    ['no URL', '<URLBase>192.168.1.1</URLBase>', 'http://192.168.1.1:5000/rootDesc.xml'],
    ['relative', '<URLBase>/upnp/</URLBase>', 'http://192.168.1.1:5000/rootDesc.xml'],
    ['https', '<URLBase>https://192.168.1.1/</URLBase>', 'http://192.168.1.1:5000/rootDesc.xml'],
    ['a foreign host', '<URLBase>http://192.168.1.2/</URLBase>', 'http://192.168.1.1:5000/rootDesc.xml'],
    ['a host name', '<URLBase>http://router.lan/</URLBase>', 'http://192.168.1.1:5000/rootDesc.xml'],
    ['another port', '<URLBase>http://192.168.1.1:49152</URLBase>', 'http://192.168.1.1:49152/'],
    ['a path', '<URLBase>http://192.168.1.1:5000/upnp/</URLBase>', 'http://192.168.1.1:5000/upnp/'],
    ['with user information', '<URLBase>http://u@192.168.1.1:5000/</URLBase>', 'http://192.168.1.1:5000/rootDesc.xml'],
  ])('URLBase that is %s', (_name, urlBase, baseUrl) => {
    expect(decode(`<root>${urlBase}<device/></root>`).baseUrl).toBe(baseUrl);
  });

  it.each([
    ['an absolute path', '/ctl', 'http://192.168.1.1:5000/ctl'],
    ['no slash', 'ctl', 'http://192.168.1.1:5000/upnp/ctl'],
    ['dot segments', '../ctl', 'http://192.168.1.1:5000/ctl'],
    ['a query', 'ctl?a=b&amp;c', 'http://192.168.1.1:5000/upnp/ctl?a=b&c'],
    ['an absolute URL', 'http://192.168.1.1:49152/ctl', 'http://192.168.1.1:49152/ctl'],
    ['a foreign host, left to checkServiceUrl', 'http://192.168.1.2/ctl', 'http://192.168.1.2/ctl'],
    ['another scheme', 'https://192.168.1.1/ctl', null],
    ['CR LF inside', '/ctl&#13;&#10;X: y', null],
    ['another control character inside', '/c&#11;tl', null],
    ['a space inside', '/c tl', 'http://192.168.1.1:5000/c%20tl'],
  ])('controlURL with %s', (_name, controlURL, controlUrl) => {
    expect(
      serviceIn(withService(`<controlURL>${controlURL}</controlURL>`), 'http://192.168.1.1:5000/upnp/desc.xml')
        ?.controlUrl,
    ).toBe(controlUrl);
  });

  it('gives URLs the zone of the location', () => {
    const body = withService('<controlURL>/ctl</controlURL><eventSubURL>http://[FE80::1]:5000/evt</eventSubURL>');
    expect(serviceIn(body, 'http://[fe80::1%25eth0]:5000/d.xml')).toMatchObject({
      controlUrl: 'http://[fe80::1%25eth0]:5000/ctl',
      eventSubUrl: 'http://[fe80::1%25eth0]:5000/evt',
    });
  });

  it('keeps a service without URLs, and leaves out one without a type', () => {
    expect(serviceIn(withService(''))).toEqual({
      serviceType: 'urn:x',
      serviceId: null,
      scpdUrl: null,
      controlUrl: null,
      eventSubUrl: null,
    });
    expect(
      serviceIn(withDevice('<serviceList><service><controlURL>/ctl</controlURL></service></serviceList>')),
    ).toBeUndefined();
  });

  it('keeps services of the same type, and sibling devices (MikroTik, Neufbox)', () => {
    const wan = '<device><serviceList><service><serviceType>urn:x</serviceType></service></serviceList></device>';
    const { device } = decode(withDevice(`<deviceList>${wan}${wan}<device/></deviceList>`));
    expect(devicesOf(device)).toHaveLength(4);
    expect(servicesOf(device)).toHaveLength(2);
  });

  it('reads any prefix, a byte-order mark, and what follows the end', () => {
    const body =
      '\ufeff<d:root xmlns:d="urn:schemas-upnp-org:device-1-0"><d:device><d:UDN>uuid:1</d:UDN></d:device></d:root>\r\n\u0000';
    expect(decode(body).device.udn).toBe('uuid:1');
  });

  it('reads a friendlyName in Latin-1', () => {
    expect(decode(latin1(withDevice('<friendlyName>B\u00f6x</friendlyName>'))).device.friendlyName).toBe('Böx');
  });

  it.each([
    ['no numbers', '<specVersion><major>a</major><minor>0</minor></specVersion>'],
    ['half of it', '<specVersion><major>1</major></specVersion>'],
    ['nothing', '<specVersion/>'],
  ])('reads a specVersion of %s as null', (_name, specVersion) => {
    expect(decode(`<root>${specVersion}<device/></root>`).specVersion).toBeNull();
  });

  it.each([
    ['a fault', '<s:Envelope xmlns:s="urn:x"><s:Body/></s:Envelope>', 'description', '<root>', 'the root element'],
    ['a web page', '<html><body>404</body></html>', 'description', '<root>', 'the root element'],
    ['a service description', '<scpd/>', 'description', '<root>', 'the root element'],
    ['a root without a device', '<root><specVersion/></root>', 'description', '<device>', '/root'],
    ['no XML', 'Not Found', 'xml', 'the end of a tag', 'the end'],
    ['a DOCTYPE', '<!DOCTYPE root [<!ENTITY a "b">]><root><device/></root>', 'xml', 'no DOCTYPE', 'offset 0'],
  ])('refuses %s', (_name, body, code, expected, where) => {
    const error = decodeDeviceDescription(body, 'http://192.168.1.1/')._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'malformed', code, expected, where });
  });

  it('refuses a location that is no http URL', () => {
    expect(decodeDeviceDescription(MINIUPNPD, 'rootDesc.xml')._unsafeUnwrapErr()).toMatchObject({
      where: 'the location',
    });
  });

  it('refuses every prefix of a description that ends in its root device', () => {
    const whole = MINIUPNPD.slice(0, MINIUPNPD.lastIndexOf('</device>') + '</device>'.length);
    for (let length = 0; length < whole.length; length += 1) {
      expect(decodeDeviceDescription(whole.slice(0, length), 'http://192.168.1.1/').isErr(), `${length}`).toBe(true);
    }
  });

  it('reads 64 KiB, and refuses more', () => {
    const ofLength = (length: number): string =>
      withDevice('').replace('<device>', `<device>${' '.repeat(length - 30)}`);
    expect(ofLength(65_536)).toHaveLength(65_536);
    expect(decodeDeviceDescription(ofLength(65_536), 'http://192.168.1.1/').isOk()).toBe(true);
    expect(decodeDeviceDescription(ofLength(65_537), 'http://192.168.1.1/')._unsafeUnwrapErr()).toMatchObject({
      code: 'description',
      expected: 'at most 65536 bytes',
      excerpt: '65537 bytes',
    });
  });

  it('refuses any bytes, and survives any mutilation', () => {
    const whole = latin1(LIVEBOX);
    const location = 'http://192.168.1.1/';
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(whole.length), fc.nat(20), (bytes, at, removed) => {
        expect(decodeDeviceDescription(bytes, location).isErr()).toBe(true);
        const mutilated = Uint8Array.from([...whole.slice(0, at), ...bytes, ...whole.slice(at + removed)]);
        expect(() => decodeDeviceDescription(mutilated, location)).not.toThrow();
      }),
    );
  });
});

describe('a description of more than a gateway has', () => {
  const devices = (count: number): string => withDevice(`<deviceList>${'<device/>'.repeat(count - 1)}</deviceList>`);
  const services = (count: number, url = ''): string =>
    withDevice(
      `<serviceList>${`<service><serviceType>x</serviceType><controlURL>${url}</controlURL></service>`.repeat(count)}</serviceList>`,
    );
  // Resolved against this location, each URL has 1,024 characters.
  const long = `http://192.168.1.1/${'x'.repeat(1024 - 'http://192.168.1.1//a'.length)}/d`;

  it.each([
    ['64 devices', devices(64), devices(65)],
    ['256 services', services(256), services(257)],
    ['65536 characters of URLs', services(64, 'a'), services(65, 'a')],
  ])('is refused beyond %s', (most, allowed, beyond) => {
    expect(decodeDeviceDescription(allowed, long).isOk()).toBe(true);
    const error = decodeDeviceDescription(beyond, long)._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'malformed', code: 'description' });
    expect(error.message).toContain(`expected at most ${most}, found`);
  });

  it.each([['its location', withService('<controlURL>/c</controlURL>'), `http://192.168.1.1/${'x'.repeat(2048)}`]])(
    'has no URL of more than 2048 characters: %s',
    (_what, body, location) => {
      expect(decodeDeviceDescription(body, location).isErr()).toBe(true);
    },
  );

  it('does not count from a URLBase of more than 2048 characters', () => {
    const base = `http://192.168.1.1:99/${'x'.repeat(2048)}/`;
    expect(decode(`<root><URLBase>${base}</URLBase><device/></root>`).baseUrl).not.toContain(':99');
  });
});
