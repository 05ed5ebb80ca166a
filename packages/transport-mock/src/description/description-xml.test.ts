import { describe, expect, test } from 'vitest';
import { testGateway } from '../gateway.test-support.ts';
import { readXml, type XmlElement } from '../xml/xml-reader.ts';
import { writeDescription } from './description-xml.ts';

function written(options: Parameters<typeof testGateway>[0]): string {
  const { gateway } = testGateway(options);
  return writeDescription(gateway.config, gateway.root);
}

/** Device and service types, indented as they stand in one another. */
function outline(element: XmlElement, depth = 0): readonly string[] {
  const indent = '  '.repeat(depth);
  return element.children.flatMap((child) => {
    if (child.name === 'deviceType' || child.name === 'serviceType') {
      return [indent + child.text.replace(/^urn:schemas-upnp-org:/, '')];
    }
    return outline(child, child.name === 'device' || child.name === 'service' ? depth + 1 : depth);
  });
}

describe('the tree', () => {
  test('of version 2', () => {
    expect(outline(readXml(written({}))._unsafeUnwrap())).toEqual([
      '  device:InternetGatewayDevice:2',
      '    service:Layer3Forwarding:1',
      '    device:WANDevice:2',
      '      service:WANCommonInterfaceConfig:1',
      '      device:WANConnectionDevice:2',
      '        service:WANIPConnection:2',
      '        service:WANIPv6FirewallControl:1',
    ]);
  });

  test('of version 1, with PPP beside IP', () => {
    const tree = outline(readXml(written({ igdVersion: 1, connectionService: 'ip-and-ppp' }))._unsafeUnwrap());
    expect(tree.slice(-3)).toEqual([
      '      device:WANConnectionDevice:1',
      '        service:WANIPConnection:1',
      '        service:WANPPPConnection:1',
    ]);
  });

  test('of version 1, with PPP alone', () => {
    const tree = outline(readXml(written({ igdVersion: 1, connectionService: 'ppp' }))._unsafeUnwrap());
    expect(tree.at(-1)).toBe('        service:WANPPPConnection:1');
    expect(tree).toHaveLength(6);
  });
});

test('UDA 1.1 has configId, UDA 1.0 has not', () => {
  expect(written({ configId: 7 })).toContain(
    '<root xmlns="urn:schemas-upnp-org:device-1-0" configId="7"><specVersion><major>1</major><minor>1</minor>',
  );
  expect(written({ igdVersion: 1 })).toContain(
    '<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor>',
  );
});

test('a device has its names, escaped, and a service its URLs', () => {
  const description = written({ friendlyName: 'Bed & <Breakfast>', manufacturer: 'Acme', serialNumber: '42' });
  expect(description).toContain(
    '<friendlyName>Bed &amp; &lt;Breakfast&gt;</friendlyName><manufacturer>Acme</manufacturer>',
  );
  expect(description).toContain('<serialNumber>42</serialNumber>');
  expect(description).toContain(
    '<service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:2</serviceType>' +
      '<serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId><SCPDURL>/scpd/WANIPConn1.xml</SCPDURL>' +
      '<controlURL>/control/WANIPConn1</controlURL><eventSubURL>/event/WANIPConn1</eventSubURL></service>',
  );
});

test('the embedded devices count on from the root’s UUID', () => {
  const udns = (uuid: string): readonly string[] =>
    [...written({ uuid }).matchAll(/<UDN>(.*?)<\/UDN>/g)].map((match) => match[1] ?? '');
  expect(udns('7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e5ff')).toEqual([
    'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e5ff',
    'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e600',
    'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e601',
  ]);
  expect(udns('upnp-Router')).toEqual(['uuid:upnp-Router', 'uuid:upnp-Router-1', 'uuid:upnp-Router-2']);
});

test('the layout, URLBase and further elements are as the options say', () => {
  const description = written({
    igdVersion: 1,
    modelName: 'M',
    description: {
      urlBase: 'http://{address}:{port}/',
      urlBasePlace: 'after-device',
      xmlDeclaration: '',
      lineEnd: '\n',
      tagPadding: 2,
      trailing: ' ',
      outline: {
        type: 'InternetGatewayDevice:1',
        texts: { modelNumber: null, modelURL: '', presentationURL: 'http://{address}/' },
        foreign: '<x:y xmlns:x="urn:x"/>',
        services: [],
      },
    },
  });
  expect(description).toBe(
    '<root xmlns="urn:schemas-upnp-org:device-1-0">\n<specVersion>\n<major>1</major>\n<minor>0</minor>\n</specVersion>\n' +
      '<device>\n<x:y xmlns:x="urn:x"/>\n' +
      '<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>\n' +
      '<friendlyName  >Simulated router</friendlyName>\n<manufacturer  >Portwright</manufacturer>\n' +
      '<modelDescription  >M</modelDescription>\n<modelName  >M</modelName>\n<modelURL  ></modelURL>\n' +
      '<serialNumber>00000001</serialNumber>\n<UDN>uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500</UDN>\n' +
      '<presentationURL>http://192.168.1.1/</presentationURL>\n</device>\n' +
      '<URLBase>http://192.168.1.1:5000/</URLBase>\n</root> ',
  );
});
