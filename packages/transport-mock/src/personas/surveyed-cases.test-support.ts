import { expect } from 'vitest';
import { args, keyArgs, text } from '../gateway.test-support.ts';
import type { PersonaName } from './index.ts';
import {
  all,
  answer,
  everything,
  hasOneUdn,
  type PersonaCase,
  refusesTimedLeases,
  says,
  searchFor,
} from './persona-case.test-support.ts';
import { textsOf } from './persona.test-support.ts';

/** What each router of the survey, and of reports, is known by. */
export const SURVEYED_CASES = {
  miniupnpd: async (met) => {
    const { add, at, call, connection, send } = met;
    expect(await add({ NewEnabled: 0 })).toEqual({});
    expect(await at(0)).toMatchObject({ NewEnabled: '1', NewLeaseDuration: '3600' });
    expect(await call('DeletePortMapping', keyArgs(9))).toEqual({});
    expect(await call('DeletePortMapping', keyArgs())).toEqual({});
    const listing = await answer(met, 'GetListOfPortMappings', everything);
    expect(listing).toContain('></p:PortMappingList>]]></NewPortListing>');
    expect(listing).not.toContain('PortMappingEntry');
    const stranger = { ...connection, type: 'urn:schemas-upnp-org:service:Nonsense:7' };
    expect((await send('GetExternalIPAddress', '', stranger)).status).toBe(200);
  },
  'miniupnpd-igd1': async ({ description, services, at, add }) => {
    expect(description).toContain('configId="1337"><specVersion><major>1</major><minor>1</minor>');
    expect(services.map(({ controlUrl }) => controlUrl)).toEqual(['/ctl/L3F', '/ctl/CmnIfCfg', '/ctl/IPConn']);
    await add({ NewEnabled: 0 });
    expect(await at(0)).toMatchObject({ NewEnabled: '1' });
  },
  mikrotik: async (met) => {
    const { description, services, router, call, at, send } = met;
    await refusesTimedLeases(725)(met);
    expect(router.descriptionUrl).toBe('http://192.168.1.1:2828/gateway_description.xml');
    expect(description).toMatch(/<\/device>\n<URLBase>http:\/\/192\.168\.1\.1:2828<\/URLBase>\n<\/root>/);
    expect(description).not.toContain('<modelNumber>');
    const [first, second, ...others] = services.filter(({ type }) => type.includes(':WANIPConnection:'));
    expect(others).toEqual([]);
    expect(first?.controlUrl).toMatch(/^\/[a-z]{10}\//);
    expect(await call('GetStatusInfo', '', first)).toMatchObject({ NewConnectionStatus: 'Disconnected' });
    expect(await call('GetExternalIPAddress', '', first)).toEqual({ NewExternalIPAddress: '' });
    expect(await call('GetStatusInfo', '', second)).toMatchObject({ NewConnectionStatus: 'Connected' });
    expect(await call('GetExternalIPAddress', '', second)).toEqual({ NewExternalIPAddress: '5.5.5.1' });
    expect(await at(0)).toEqual({
      NewRemoteHost: '',
      NewExternalPort: '0',
      NewProtocol: 'TCP',
      NewInternalPort: '0',
      NewInternalClient: '0.0.0.0',
      NewEnabled: '0',
      NewPortMappingDescription: '',
      NewLeaseDuration: '0',
    });
    const fault = text((await send('GetGenericPortMappingEntry', args({ NewPortMappingIndex: 9 }))).body);
    expect(fault).toMatch(/^<s:Envelope [^]*<faultCode>s:Client<\/faultCode>\n<faultString>UPnPError<\/faultString>/);
  },
  'fritzbox-7590': async ({ description, services, router, connection, add, at, call }) => {
    expect(router.descriptionUrl).toBe('http://192.168.1.1:49000/igd2desc.xml');
    expect(description).toContain('<minor>0</minor>');
    expect(textsOf(description, 'deviceType')[0]).toBe('urn:schemas-upnp-org:device:InternetGatewayDevice:2');
    expect(services[0]).toMatchObject({ type: 'urn:schemas-any-com:service:Any:1', id: 'urn:any-com:serviceId:any1' });
    expect(connection.id).toBe('urn:upnp-org:serviceId:WANIPConn2');
    expect(connection.eventUrl).toBe(connection.controlUrl);
    for (let port = 5001; port <= 5012; port += 1) await add({ NewExternalPort: port });
    await add({ NewExternalPort: 5001, NewPortMappingDescription: 'my_game server' });
    expect(await at(0)).toMatchObject({ NewPortMappingDescription: 'my.game.server' });
    const listing = JSON.stringify(await call('GetListOfPortMappings', everything));
    expect(listing.match(/NewExternalPort&gt;\d/g)).toHaveLength(10);
    expect(listing).toContain('my.game.server');
  },
  'fritzbox-7590-igd1': async ({ description, router, connection, call }) => {
    expect(router.descriptionUrl).toBe('http://192.168.1.1:49000/igddesc.xml');
    expect(textsOf(description, 'deviceType')[0]).toBe('urn:schemas-upnp-org:device:InternetGatewayDevice:1');
    expect(connection.type).toBe('urn:schemas-upnp-org:service:WANIPConnection:1');
    expect(await call('GetListOfPortMappings', everything)).toBe(401);
  },
  'fritzbox-switched-off': async ({ add, call, router }) => {
    expect(await add()).toBe(606);
    expect(await call('DeletePortMapping', keyArgs())).toBe(606);
    expect(await call('GetExternalIPAddress')).toEqual({ NewExternalIPAddress: '5.5.5.1' });
    router.machine.configure({ isSwitchedOff: false });
    expect(await add()).toEqual({});
  },
  'tp-link-er605': async (met) => {
    const { description, router, connection, at, get } = met;
    expect(await at(0)).toBe(402);
    expect(description).toContain('<modelName           >ER605</modelName>');
    expect(description).toContain('<URLBase></URLBase>');
    expect(description).toContain('<presentationURL>http://192.168.1.1:80       </presentationURL>');
    expect(textsOf(description, 'UDN')[0]).toMatch(/^uuid:upnp[\da-f]/);
    await router.clock.advance('1000s');
    const status = await answer(met, 'GetStatusInfo');
    expect(status).toContain('<SOAP-ENV:Body>\n<u:GetStatusInfoResponse');
    expect(status).toMatch(/<NewUptime>0 Days, 00:16:4\d<\/NewUptime>/);
    router.reboot();
    const again = text((await get(router.descriptionUrl)).body);
    expect(again).toContain('<controlURL>/WANIPConnection');
    expect(again).not.toContain(`<controlURL>${connection.controlUrl}</controlURL>`);
  },
  'tp-link-tl-r470t': async ({ call, router, at }) => {
    expect(await call('GetExternalIPAddress')).toEqual({ NewExternalIPAddress: '192.168.1.1' });
    expect(router.config.lanAddress).toBe('192.168.1.1');
    expect(await at(0)).toBe(402);
  },
  'tp-link-archer-ax72': refusesTimedLeases(501),
  'tp-link-archer-vr2100v': async (met) => {
    const status = await answer(met, 'GetStatusInfo');
    expect(status).toContain('<u:GetStatusInfoResponse xmlns:u="urn:schemas-upnp-org:service:GetStatusInfo:1">');
    expect(status).toContain('<NewUptime>334927306</NewUptime>');
    expect(status).toMatch(/^<s:Envelope/);
    expect(await answer(met, 'GetExternalIPAddress')).toContain(':WANIPConnection:1">');
    expect(met.services[0]?.controlUrl).toBe('/upnp/control/dummy');
  },
  'tp-link-archer-ax1800': all(hasOneUdn, async ({ call }) => {
    expect(await call('GetStatusInfo')).toMatchObject({
      NewConnectionStatus: '',
      NewLastConnectionError: 'ERROR_NONE',
    });
  }),
  'huawei-dslforum': async ({ description, services, add }) => {
    expect(textsOf(description, 'deviceType')).toEqual([
      'urn:dslforum-org:device:InternetGatewayDevice:1',
      'urn:dslforum-org:device:WANDevice:1',
      'urn:dslforum-org:device:WANConnectionDevice:1',
    ]);
    expect(services.map(({ type }) => type).at(-1)).toBe('urn:dslforum-org:service:WANIPConnection:1');
    expect(await add()).toEqual({});
  },
  livebox: async (met) => {
    const { description, connection, add } = met;
    expect(connection.type).toBe('urn:schemas-upnp-org:service:WANPPPConnection:2');
    expect(connection.controlUrl).toMatch(/^\/[\da-f]{8}\/upnp\/control\/WANPPPConn1$/);
    expect(description).toMatch(
      /<device><pnpx:X_hardwareId xmlns:pnpx="[^"]*">VEN_0000&amp;DEV[^]*<df:X_deviceCategory /,
    );
    expect(await add()).toEqual({});
    expect(await answer(met, 'GetExternalIPAddress')).toMatch(/^<s:Envelope[^]*WANPPPConnection:2">/);
  },
  'funbox-6': async (met) => {
    const { connection, description } = met;
    expect(connection).toMatchObject({
      type: 'urn:schemas-upnp-org:service:WANPPPConnection:1',
      id: 'urn:upnp-org:serviceId:WANIPConn1',
      controlUrl: '/WANIPConn1',
    });
    expect(textsOf(description, 'deviceType').at(-1)).toBe('urn:schemas-upnp-org:device:WANConnectionDevice:2');
    await met.add();
    expect(await answer(met, 'GetListOfPortMappings', everything)).toContain('<p:NewExternalPort>7777<');
  },
  'sagemcom-fast5670': async ({ description, connection, call, router }) => {
    expect(connection.type).toBe('urn:schemas-upnp-org:service:WANPPPConnection:1');
    expect(textsOf(description, 'deviceType')[0]).toBe('urn:schemas-upnp-org:device:InternetGatewayDevice:2');
    expect(textsOf(description, 'modelURL')).toEqual(['Ask your provider']);
    expect(await call('GetLinkLayerMaxBitRates')).toMatchObject({ NewUpstreamMaxBitRate: '10000000' });
    expect(await call('RequestTermination')).toBe(602);
    const targets = await searchFor(router, 'ssdp:all');
    expect(targets.filter((target) => target.includes('InternetGatewayDevice'))).toEqual([]);
    expect(targets.filter((target) => target.includes('WFADevice'))).not.toEqual([]);
  },
  'nec-aterm': async (met) => {
    const { connection, call } = met;
    expect(connection.type).toBe('urn:schemas-upnp-org:service:WANPPPConnection:1');
    expect(connection.controlUrl).toMatch(/^\/[\da-f]{8}\//);
    expect(await answer(met, 'GetExternalIPAddress')).toContain('<SOAP-ENV:Body>\n<m:GetExternalIPAddressResponse');
    expect(await answer(met, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 0 }))).toContain(
      '<errorCode xmlns="">713</errorCode>\n<errorDescription xmlns="">SpecifiedArrayIndexInvalid</errorDescription>',
    );
    expect(await call('RequestConnection')).toBe(401);
  },
  'linksys-full': async ({ add, router, find }) => {
    for (let port = 5001; port <= 5033; port += 1) expect(await add({ NewExternalPort: port })).toEqual({});
    expect(router.mappings()).toHaveLength(32);
    expect([await find(5032), await find(5033)]).toEqual([expect.objectContaining({ NewEnabled: '1' }), 714]);
  },
  'arris-tg4482a': all(refusesTimedLeases(402), async ({ find, router }) => {
    await router.clock.advance('1h');
    expect(await find(7777)).toMatchObject({ NewLeaseDuration: '86400' });
  }),
  'askey-rtf8316vw': async (met) => {
    await refusesTimedLeases(718)(met);
    const { services, at } = met;
    const connections = services.slice(-3);
    expect(connections.map(({ type }) => type.split(':').slice(-2).join(':'))).toEqual([
      'WANIPConnection:1',
      'WANIPConnection:2',
      'WANPPPConnection:1',
    ]);
    expect(new Set(connections.map(({ controlUrl }) => controlUrl))).toEqual(new Set(['/ctl/IPConn']));
    expect(await at(0)).toMatchObject({ NewRemoteHost: '0.0.0.0', NewLeaseDuration: '4294967295' });
    for (const service of connections) {
      const { status, body } = await met.send('GetExternalIPAddress', '', service);
      expect([status, text(body)]).toEqual([200, expect.stringContaining(':WANIPConnection:2">')]);
    }
    expect(await met.call('GetListOfPortMappings', everything, connections[1])).toBe(401);
  },
  'netgear-rax30': async (met) => {
    const { add, find, router, connection } = met;
    expect(await find(9999)).toBe(714);
    await add({ NewInternalPort: 16_182 });
    expect(await find(9999)).toMatchObject({ NewInternalPort: '16182', NewInternalClient: '192.168.1.2' });
    expect(router.descriptionUrl).toBe('http://192.168.1.1:56688/rootDesc.xml');
    expect(connection.controlUrl).toMatch(/^\/uuid:[\da-f-]{36}\/WANIPConnection:1$/);
    expect(await answer(met, 'GetStatusInfo')).toContain('<m:GetStatusInfoResponse');
    expect(await met.call('GetStatusInfo')).toMatchObject({ NewLastConnectionError: '' });
  },
  'netgear-permanent': refusesTimedLeases(725),
  'yamaha-rtx810': async (met) => {
    await met.add();
    expect(await answer(met, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 0 }))).toContain(
      '<NewExternalPort xmlns:dt="urn:schemas-microsoft-com:datatypes" dt:dt="ui2">7777</NewExternalPort>',
    );
    expect(met.description).toContain('<URLBase>http://192.168.0.1:5000/</URLBase><device>');
    expect(textsOf(met.description.split('<deviceList>')[0] ?? '', 'modelNumber')).toEqual([]);
    expect(textsOf(met.description, 'modelNumber')).toEqual(['1', '1']);
  },
  'cisco-cgm4331': async (met) => {
    expect(await met.add({ NewLeaseDuration: 60 })).toEqual({});
    await met.router.clock.advance('1h');
    expect(await met.find(7777)).toMatchObject({ NewLeaseDuration: '86400' });
    expect(await answer(met, 'GetExternalIPAddress')).toMatch(/^<s:Envelope/);
  },
  neufbox: async (met) => {
    expect(textsOf(met.description, 'deviceType').at(-1)).toBe('urn:schemas-neufbox-org:device:EventDevice:1');
    await met.add();
    expect(await answer(met, 'GetListOfPortMappings', everything)).toMatch(
      /:WANIPConnection:1"><NewPortListing><!\[CDATA\[<\?xml[^]*<p:NewExternalPort>7777</,
    );
  },
  bbox: async (met) => {
    expect(textsOf(met.description, 'modelName')[0]).toBe('Sagemcom F@st5696b');
    await met.add({ NewLeaseDuration: 0 });
    expect(await answer(met, 'GetListOfPortMappings', everything)).toMatch(
      /<!\[CDATA\[[^]*<p:NewLeaseTime>604800<\/p:NewLeaseTime>/,
    );
  },
  openwrt: async (met) => {
    const { services, connection } = met;
    expect(connection.type).toBe('urn:schemas-upnp-org:service:WANIPConnection:1');
    expect(services.at(-1)?.type).toBe('urn:schemas-upnp-org:service:WANIPv6FirewallControl:1');
    await met.add();
    expect(await answer(met, 'GetListOfPortMappings', everything)).toContain('<p:NewExternalPort>7777<');
  },
  'openwrt-internal-port-zero': async ({ add, find, router }) => {
    await add();
    expect(await find(7777)).toMatchObject({ NewInternalPort: '0', NewEnabled: '1' });
    expect(router.mappings()[0]?.internalPort).toBe(7777);
  },
  pfsense: says({ manufacturer: 'FreeBSD', modelName: 'FreeBSD router', modelNumber: '2.7.0-RELEASE' }),
  'synology-srm': says({ manufacturer: 'Synology Inc.', modelName: 'Synology SRM' }),
  'asus-rt-ax3000': says({ modelName: 'ASUS Wireless Router', modelNumber: 'RT-AX3000' }),
  'd-link-dir-x3260': says({ modelName: 'D-Link Router', modelNumber: 'DIR-X3260' }),
  'ubiquiti-udm-pro': all(says({ modelName: 'UDM-Pro', modelNumber: 'ea15' }), async ({ add, at, router }) => {
    await add({ NewLeaseDuration: 0 });
    expect(await at(0)).toMatchObject({ NewLeaseDuration: '604800' });
    await router.clock.advance('7d');
    expect(router.mappings()).toEqual([]);
  }),
  edgerouter: says({ friendlyName: 'ER-4', manufacturer: 'Ubiquiti Networks, Inc.', modelName: 'Debian router' }),
  keenetic: all(says({ manufacturer: 'Keenetic Ltd.' }), async ({ add, at, router }) => {
    await add({ NewLeaseDuration: 3_600 });
    await router.clock.advance('638s');
    expect(await at(0)).toMatchObject({ NewLeaseDuration: '2962' });
  }),
  'buffalo-wsr-1800ax4p': says({ modelNumber: 'F/W Version 1.11' }),
  'eero-pro-7': all(hasOneUdn, async (met) => {
    expect(met.description).toMatch(/<URLBase>http:\/\/192\.168\.1\.1:1900<\/URLBase>[^]*<\/root>\r\n\r\n {2}$/);
    expect(textsOf(met.description, 'presentationURL')).toEqual(['https://eero.com']);
    expect(await answer(met, 'GetExternalIPAddress')).toMatch(/<\/s:Envelope>\r\n\r\n {2}$/);
  }),
  freebox: ({ description }) => {
    const [root, wan, connection] = textsOf(description, 'UDN');
    expect([root, wan, connection].map((udn) => udn?.slice(0, 10))).toEqual(['uuid:igd7f', 'uuid:igd7f', 'uuid:wancd']);
    return Promise.resolve();
  },
  dovado: all(hasOneUdn, says({ manufacturer: 'Dovado FZ-LLC' })),
} as const satisfies Partial<Record<PersonaName, PersonaCase>>;
