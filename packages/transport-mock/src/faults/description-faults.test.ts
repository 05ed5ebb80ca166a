import { expect } from 'vitest';
import { mappingArgs, text, WANIP1, WANIP2, WANPPP1 } from '../gateway.test-support.ts';
import { simulateGateway, type SimulatedGateway } from '../simulate-gateway.ts';
import type { FaultName } from './catalogue.ts';
import { DESCRIPTION_FAULTS } from './description-faults.ts';
import {
  answer,
  call,
  type Case,
  description,
  failure,
  faulty,
  get,
  search,
  testEvery,
} from './faults.test-support.ts';

const HOST = 'http://192.168.1.1:5000';
const ADDRESS = { NewExternalIPAddress: '5.5.5.1' };

async function elements(router: SimulatedGateway, name: string): Promise<readonly string[]> {
  const found = (await description(router)).matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'g'));
  return [...found].map(([, content = '']) => content);
}

/** What a fault makes of the description of a router by the book. */
function damage(fault: FaultName, damaged: (xml: string) => string): Case {
  return async () => {
    await using router = simulateGateway();
    const whole = await description(router);
    router.inject(fault);
    expect(await description(router)).toBe(damaged(whole));
    expect(damaged(whole)).not.toBe(whole);
    expect(await call(router, WANIP2, 'GetExternalIPAddress')).toEqual(ADDRESS);
  };
}

testEvery(DESCRIPTION_FAULTS, {
  'markup-in-a-name': damage('markup-in-a-name', (xml) =>
    xml.replace('Simulated router</friendlyName>', 'tool <info></friendlyName>'),
  ),
  'mismatched-tag': damage('mismatched-tag', (xml) => xml.replaceAll('</manufacturer>', '</manufacturerURL>')),
  'missing-end-of-root': damage('missing-end-of-root', (xml) => xml.replace('</root>', '')),
  'repeated-xmlns': damage('repeated-xmlns', (xml) =>
    xml.replace('<root', '<root xmlns="urn:schemas-upnp-org:device-1-0"'),
  ),
  'two-declarations': damage('two-declarations', (xml) => `<?xml version="1.0"?>\r\n${xml}`),
  'space-in-tags': damage('space-in-tags', (xml) => xml.replace(/<device>/g, '< device>')),
  'bytes-after-the-description': damage('bytes-after-the-description', (xml) => `${xml}\r\n0\r\n`),

  'url-base-with-another-port': async () => {
    await using router = faulty('url-base-with-another-port');
    expect(await elements(router, 'URLBase')).toEqual(['http://192.168.1.1:1/']);
    expect(await failure(router, get('http://192.168.1.1:1/description.xml'))).toBe('refused');
    expect(await call(router, WANIP2, 'GetExternalIPAddress')).toEqual(ADDRESS);
  },

  'url-base-on-another-host': async () => {
    await using router = faulty('url-base-on-another-host');
    expect(await elements(router, 'URLBase')).toEqual(['http://192.168.0.1:5000/']);
    expect(await failure(router, get('http://192.168.0.1:5000/description.xml'))).toBe('unreachable');
  },

  'url-base-empty': async () => {
    await using router = faulty('url-base-empty');
    expect(await elements(router, 'URLBase')).toEqual(['']);
  },

  'url-base-missing': async () => {
    await using router = faulty('url-base-missing', {}, { description: { urlBase: `${HOST}/` } });
    expect(await elements(router, 'URLBase')).toEqual([]);
  },

  'control-url-without-slash': async () => {
    await using router = faulty('control-url-without-slash');
    expect(await elements(router, 'controlURL')).toContain('control/WANIPConn1');
    expect(await call(router, WANIP2, 'GetExternalIPAddress')).toEqual(ADDRESS);
  },

  'control-url-with-query': async () => {
    await using router = faulty('control-url-with-query');
    expect(await elements(router, 'controlURL')).toContain('/control?service=WANIPConn1');
    const url = `${HOST}/control?service=WANIPConn1`;
    expect(await call(router, WANIP2, 'GetExternalIPAddress', '', url)).toEqual(ADDRESS);
    expect((await answer(router, { ...get(`${HOST}/control`), method: 'POST' })).status).toBe(404);
  },

  'control-url-absolute': async () => {
    await using router = faulty('control-url-absolute');
    expect(await elements(router, 'controlURL')).toContain(`${HOST}/control/WANIPConn1`);
    expect(await call(router, WANIP2, 'GetExternalIPAddress')).toEqual(ADDRESS);
  },

  'duplicate-services': async () => {
    await using router = faulty('duplicate-services');
    expect((await elements(router, 'serviceType')).filter((type) => type === WANIP1)).toHaveLength(2);
    expect(await call(router, WANIP1, 'GetStatusInfo', '', `${HOST}/control/WANIPConn1`)).toMatchObject({
      NewConnectionStatus: 'Disconnected',
    });
    const url = `${HOST}/control/WANIPConn2`;
    expect(await call(router, WANIP1, 'GetStatusInfo', '', url)).toMatchObject({ NewConnectionStatus: 'Connected' });
    expect(await call(router, WANIP1, 'AddPortMapping', mappingArgs(), url)).toEqual({});
    expect(router.mappings()).toMatchObject([{ externalPort: 7777 }]);
  },

  'two-wan-devices': async () => {
    await using router = faulty('two-wan-devices');
    const types = await elements(router, 'deviceType');
    expect(types.map((type) => type.split(':').at(-2))).toEqual([
      'InternetGatewayDevice',
      'WANDevice',
      'WANConnectionDevice',
      'WANDevice',
      'WANConnectionDevice',
    ]);
    expect(new Set(await elements(router, 'UDN')).size).toBe(5);
    expect(new Set(await elements(router, 'controlURL')).size).toBe(5);
    const address = (url: string) => call(router, WANIP1, 'GetExternalIPAddress', '', HOST + url);
    expect(await address('/control/WANIPConn1')).toEqual({ NewExternalIPAddress: '' });
    expect(await address('/control/WANIPConn2')).toEqual(ADDRESS);
  },

  'ppp-and-ip': async () => {
    await using router = faulty('ppp-and-ip');
    expect(await elements(router, 'serviceType')).toEqual(expect.arrayContaining([WANIP1, WANPPP1]));
    expect(await call(router, WANIP1, 'GetExternalIPAddress')).toEqual(ADDRESS);
    expect(await call(router, WANPPP1, 'GetExternalIPAddress')).toEqual(ADDRESS);
  },

  'only-ppp-works': async () => {
    await using router = faulty('only-ppp-works');
    expect(await elements(router, 'serviceType')).toEqual(expect.arrayContaining([WANIP1, WANPPP1]));
    expect(await call(router, WANIP1, 'AddPortMapping', mappingArgs())).toBe(501);
    expect(router.mappings()).toEqual([]);
    expect(await call(router, WANPPP1, 'AddPortMapping', mappingArgs())).toEqual({});
    expect(router.mappings()).toHaveLength(1);
  },

  'dslforum-types': async () => {
    await using router = faulty('dslforum-types');
    const types = [...(await elements(router, 'deviceType')), ...(await elements(router, 'serviceType'))];
    expect(types.filter((type) => !type.startsWith('urn:dslforum-org:'))).toEqual([]);
    expect(types).toHaveLength(6);
    const service = 'urn:dslforum-org:service:WANIPConnection:1';
    const url = `${HOST}/control/WANIPConn1`;
    expect(await call(router, service, 'AddPortMapping', mappingArgs(), url)).toEqual({});
    expect(await search(router, { target: 'urn:dslforum-org:device:InternetGatewayDevice:1' })).toHaveLength(1);
    expect(await search(router, { target: 'urn:schemas-upnp-org:device:InternetGatewayDevice:1' })).toEqual([]);
  },

  'ppp-connection-2': async () => {
    await using router = faulty('ppp-connection-2');
    const service = 'urn:schemas-upnp-org:service:WANPPPConnection:2';
    expect(await elements(router, 'serviceType')).toContain(service);
    const url = `${HOST}/control/WANPPPConn1`;
    expect(await call(router, service, 'AddAnyPortMapping', mappingArgs(), url)).toEqual({ NewReservedPort: '7777' });
  },

  'version-1-with-version-2-actions': async () => {
    await using router = faulty('version-1-with-version-2-actions');
    expect(await elements(router, 'serviceType')).toContain(WANIP1);
    const scpd = text((await answer(router, get(`${HOST}/scpd/WANIPConn1.xml`))).body);
    expect(scpd).toContain('<name>AddAnyPortMapping</name>');
    expect(await call(router, WANIP1, 'AddAnyPortMapping', mappingArgs())).toEqual({ NewReservedPort: '7777' });
  },

  'version-2-without-its-actions': async () => {
    await using router = faulty('version-2-without-its-actions');
    const scpd = text((await answer(router, get(`${HOST}/scpd/WANIPConn1.xml`))).body);
    expect(scpd).toContain('<name>AddPortMapping</name>');
    expect(scpd).not.toContain('<name>AddAnyPortMapping</name>');
    expect(await call(router, WANIP2, 'AddAnyPortMapping', mappingArgs())).toBe(401);
  },

  'version-2-actions-refused': async () => {
    await using router = faulty('version-2-actions-refused');
    const scpd = text((await answer(router, get(`${HOST}/scpd/WANIPConn1.xml`))).body);
    expect(scpd).toContain('<name>AddAnyPortMapping</name>');
    expect(await call(router, WANIP2, 'AddAnyPortMapping', mappingArgs())).toBe(401);
    expect(await call(router, WANIP2, 'AddPortMapping', mappingArgs())).toEqual({});
  },
});
