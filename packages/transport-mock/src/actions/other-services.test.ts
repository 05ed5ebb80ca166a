import { describe, expect, test } from 'vitest';
import { args, L3F1, testGateway, V6FW1, WANCIC1, WANIP2 } from '../gateway.test-support.ts';

describe('WANCommonInterfaceConfig:1', () => {
  test('link and provider', () => {
    const { call } = testGateway({ upstreamBitRate: 1, downstreamBitRate: 2 });
    expect(call(WANCIC1, 'GetCommonLinkProperties')).toEqual({
      NewWANAccessType: 'Ethernet',
      NewLayer1UpstreamMaxBitRate: '1',
      NewLayer1DownstreamMaxBitRate: '2',
      NewPhysicalLinkStatus: 'Up',
    });
    expect(call(WANCIC1, 'GetWANAccessProvider')).toEqual({ NewWANAccessProvider: 'Simulated provider' });
    expect(call(WANCIC1, 'GetMaximumActiveConnections')).toEqual({ NewMaximumActiveConnections: '1' });
  });

  test('the counters grow while there is a connection, and begin again after 4 GiB', async () => {
    const { call, clock, gateway } = testGateway({ traffic: { sent: 3_000, received: 1_000_000 } });
    await clock.advance('100s');
    expect(call(WANCIC1, 'GetTotalBytesSent')).toEqual({ NewTotalBytesSent: '300000' });
    expect(call(WANCIC1, 'GetTotalPacketsSent')).toEqual({ NewTotalPacketsSent: '200' });
    expect(call(WANCIC1, 'GetTotalBytesReceived')).toEqual({ NewTotalBytesReceived: '100000000' });
    expect(call(WANCIC1, 'GetTotalPacketsReceived')).toEqual({ NewTotalPacketsReceived: '66666' });
    gateway.connection.setLine(false);
    await clock.advance('1h');
    expect(call(WANCIC1, 'GetTotalBytesSent')).toEqual({ NewTotalBytesSent: '300000' });
    gateway.connection.setLine(true);
    await clock.advance('100s');
    expect(call(WANCIC1, 'GetTotalBytesSent')).toEqual({ NewTotalBytesSent: '600000' });
    await clock.advance('4200s');
    expect(call(WANCIC1, 'GetTotalBytesReceived')).toEqual({
      NewTotalBytesReceived: String(4_400_000_000 - 4_294_967_296),
    });
  });

  test.each([
    ['64-bit', '6000000000', '4000000'],
    ['signed', '1705032704', '4000000'],
    ['32-bit', '1705032704', '4000000'],
    ['empty', '', ''],
  ] as const)('counters that are %s', async (counters, sent, packets) => {
    const { call, clock } = testGateway({ traffic: { sent: 60_000_000, received: 30_000_000 }, reports: { counters } });
    await clock.advance('100s');
    expect(call(WANCIC1, 'GetTotalBytesSent')).toEqual({ NewTotalBytesSent: sent });
    expect(call(WANCIC1, 'GetTotalPacketsSent')).toEqual({ NewTotalPacketsSent: packets });
    expect(call(WANCIC1, 'GetTotalBytesReceived')).toEqual({
      NewTotalBytesReceived:
        counters === 'signed' ? String(3_000_000_000 - 2 ** 32) : counters === 'empty' ? '' : '3000000000',
    });
  });

  test('active connections, up to 713', () => {
    const { call, gateway } = testGateway({ uuid: '00000000-0000-0000-0000-0000000000ff' });
    const index = args({ NewActiveConnectionIndex: 0 });
    expect(call(WANCIC1, 'GetActiveConnection', index)).toEqual({
      NewActiveConnDeviceContainer: 'uuid:00000000-0000-0000-0000-000000000101:WANConnectionDevice:2',
      NewActiveConnectionServiceID: 'urn:upnp-org:serviceId:WANIPConn1',
    });
    expect(call(WANCIC1, 'GetActiveConnection', args({ NewActiveConnectionIndex: 1 }))).toBe(713);
    gateway.connection.setLine(false);
    expect(call(WANCIC1, 'GetActiveConnection', index)).toBe(713);
  });

  test('EnabledForInternet has to be a boolean', () => {
    const { call } = testGateway();
    expect(call(WANCIC1, 'SetEnabledForInternet', args({ NewEnabledForInternet: 'maybe' }))).toBe(402);
    expect(call(WANCIC1, 'SetEnabledForInternet', args({ NewEnabledForInternet: 'true' }))).toEqual({});
    expect(call(WANCIC1, 'SetEnabledForInternet', args({ NewEnabledForInternet: 'false' }))).toEqual({});
  });
});

describe('WANIPv6FirewallControl:1', () => {
  const ME = 'fd77::2';
  const tuple = (changes: Readonly<Record<string, string | number>> = {}): string =>
    args({ RemoteHost: '', RemotePort: 0, InternalClient: ME, InternalPort: 7777, Protocol: 17, ...changes });
  const pinhole = (changes: Readonly<Record<string, string | number>> = {}): string => {
    const { LeaseTime = 3600, ...others } = changes;
    return tuple(others) + args({ LeaseTime });
  };
  const id = (uniqueId: number | string): string => args({ UniqueID: uniqueId });

  test('adds, extends and deletes', async () => {
    const { call, clock, gateway } = testGateway();
    expect(call(V6FW1, 'AddPinhole', pinhole(), ME)).toEqual({ UniqueID: '1' });
    expect(call(V6FW1, 'AddPinhole', pinhole({ InternalPort: 8888 }), ME)).toEqual({ UniqueID: '2' });
    await clock.advance('1000s');
    // The same tuple extends the lease and keeps its id.
    expect(call(V6FW1, 'AddPinhole', pinhole(), ME)).toEqual({ UniqueID: '1' });
    await clock.advance('2600s');
    expect(gateway.firewall.pinholes.all().map(({ uniqueId }) => uniqueId)).toEqual([1]);
    expect(call(V6FW1, 'UpdatePinhole', id(1) + args({ NewLeaseTime: 86_400 }), ME)).toEqual({});
    await clock.advance('23h');
    expect(call(V6FW1, 'GetPinholePackets', id(1), ME)).toEqual({ PinholePackets: '0' });
    expect(call(V6FW1, 'DeletePinhole', id(1), ME)).toEqual({});
    expect(gateway.firewall.pinholes.size).toBe(0);
    expect(call(V6FW1, 'AddPinhole', pinhole(), ME)).toEqual({ UniqueID: '3' });
  });

  test('a lease that has run out is gone', async () => {
    const { call, clock } = testGateway();
    call(V6FW1, 'AddPinhole', pinhole({ LeaseTime: 1 }), ME);
    await clock.advance('1s');
    for (const action of ['DeletePinhole', 'GetPinholePackets', 'CheckPinholeWorking']) {
      expect(call(V6FW1, action, id(1), ME)).toBe(704);
    }
    expect(call(V6FW1, 'UpdatePinhole', id(1) + args({ NewLeaseTime: 60 }), ME)).toBe(704);
  });

  test('an address is the same in every spelling', () => {
    const { call } = testGateway();
    expect(call(V6FW1, 'AddPinhole', pinhole({ InternalClient: 'FD77:0::0:2' }), ME)).toEqual({ UniqueID: '1' });
  });

  test.each<readonly [string, Readonly<Record<string, string | number>>, number]>([
    ['an empty client', { InternalClient: '' }, 708],
    ['a client that is no IPv6 address', { InternalClient: '192.168.1.2' }, 600],
    ['a remote host that is no IPv6 address', { RemoteHost: 'example.com' }, 600],
    ['internal port 0', { InternalPort: 0 }, 706],
    ['any protocol', { Protocol: 65_535 }, 707],
    ['another protocol', { Protocol: 1 }, 705],
    ['another client', { InternalClient: 'fd77::3' }, 606],
    ['a lease of 0', { LeaseTime: 0 }, 601],
    ['a lease of more than a day', { LeaseTime: 86_401 }, 601],
    ['a port that is no ui2', { RemotePort: 65_536 }, 402],
    ['a lease that is no number', { LeaseTime: 'x' }, 402],
  ])('AddPinhole refuses %s', (_, changes, code) => {
    const { call, gateway } = testGateway();
    expect(call(V6FW1, 'AddPinhole', pinhole(changes), ME)).toBe(code);
    expect(gateway.firewall.pinholes.size).toBe(0);
  });

  test('701 when there is no room, but for what is there', () => {
    const { call } = testGateway({ pinholeCapacity: 1 });
    expect(call(V6FW1, 'AddPinhole', pinhole(), ME)).toEqual({ UniqueID: '1' });
    expect(call(V6FW1, 'AddPinhole', pinhole({ InternalPort: 8888 }), ME)).toBe(701);
    expect(call(V6FW1, 'AddPinhole', pinhole(), ME)).toEqual({ UniqueID: '1' });
  });

  test.each([
    [702, { isFirewallEnabled: false }],
    [703, { areInboundPinholesAllowed: false }],
  ] as const)('%d while closed', (code, options) => {
    const { call } = testGateway(options);
    expect(call(V6FW1, 'AddPinhole', pinhole(), ME)).toBe(code);
    expect(call(V6FW1, 'UpdatePinhole', id(1) + args({ NewLeaseTime: 60 }), ME)).toBe(code);
    expect(call(V6FW1, 'DeletePinhole', id(1), ME)).toBe(code);
    expect(call(V6FW1, 'GetPinholePackets', id(1), ME)).toBe(code);
    expect(call(V6FW1, 'CheckPinholeWorking', id(1), ME)).toBe(code);
  });

  test('status', () => {
    expect(testGateway().call(V6FW1, 'GetFirewallStatus')).toEqual({
      FirewallEnabled: '1',
      InboundPinholeAllowed: '1',
    });
    const closed = testGateway({ isFirewallEnabled: false, areInboundPinholesAllowed: false });
    expect(closed.call(V6FW1, 'GetFirewallStatus')).toEqual({ FirewallEnabled: '0', InboundPinholeAllowed: '0' });
  });

  test('the outbound timeout', () => {
    const { call } = testGateway();
    expect(call(V6FW1, 'GetOutboundPinholeTimeout', tuple(), ME)).toEqual({ OutboundPinholeTimeout: '180' });
    expect(call(V6FW1, 'GetOutboundPinholeTimeout', tuple({ Protocol: 65_535 }), ME)).not.toBe(705);
    expect(call(V6FW1, 'GetOutboundPinholeTimeout', tuple({ Protocol: 1 }), ME)).toBe(705);
    expect(testGateway({ isFirewallEnabled: false }).call(V6FW1, 'GetOutboundPinholeTimeout', tuple(), ME)).toBe(702);
  });

  test('whether a pinhole works is known by its packets: 709 without any', () => {
    const { call, gateway } = testGateway();
    call(V6FW1, 'AddPinhole', pinhole(), ME);
    expect(call(V6FW1, 'CheckPinholeWorking', id(1), ME)).toBe(709);
    const added = gateway.firewall.pinholes.get(1);
    if (added !== undefined) added.packets = 12;
    expect(call(V6FW1, 'CheckPinholeWorking', id(1), ME)).toEqual({ IsWorking: '1' });
    expect(call(V6FW1, 'GetPinholePackets', id(1), ME)).toEqual({ PinholePackets: '12' });
  });

  test('606 for the pinholes of another, where the gateway is secure', () => {
    const secure = testGateway();
    secure.call(V6FW1, 'AddPinhole', pinhole(), ME);
    expect(secure.call(V6FW1, 'DeletePinhole', id(1), 'fd77::3')).toBe(606);
    expect(secure.call(V6FW1, 'DeletePinhole', id(1), '192.168.1.2')).toBe(606);
    const open = testGateway({ isSecure: false });
    open.call(V6FW1, 'AddPinhole', pinhole(), 'fd77::3');
    expect(open.call(V6FW1, 'DeletePinhole', id(1), 'fd77::3')).toEqual({});
  });

  test('can be had under version 1, and left out of version 2', () => {
    expect(testGateway({ igdVersion: 1, hasIPv6Firewall: true }).call(V6FW1, 'GetFirewallStatus')).not.toBe(401);
    expect(() => testGateway({ hasIPv6Firewall: false }).call(V6FW1, 'GetFirewallStatus')).toThrow('404');
  });
});

describe('Layer3Forwarding:1', () => {
  const name = (value: string): string => args({ NewDefaultConnectionService: value });
  const uuid = '00000000-0000-0000-0000-000000000000';
  const DEVICE = 'uuid:00000000-0000-0000-0000-000000000002:WANConnectionDevice:2';

  test('the default is the connection service of the description', () => {
    const { call } = testGateway({ uuid });
    expect(call(L3F1, 'GetDefaultConnectionService')).toEqual({
      NewDefaultConnectionService: `${DEVICE},urn:upnp-org:serviceId:WANIPConn1`,
    });
  });

  test('can be set to another one', () => {
    const { call } = testGateway({ uuid, connectionService: 'ip-and-ppp' });
    const other = `${DEVICE},urn:upnp-org:serviceId:WANPPPConn1`;
    expect(call(L3F1, 'SetDefaultConnectionService', name(other))).toEqual({});
    expect(call(L3F1, 'GetDefaultConnectionService')).toEqual({ NewDefaultConnectionService: other });
  });

  test.each([
    ['a device that is not there', 'uuid:1:WANConnectionDevice:2,urn:upnp-org:serviceId:WANIPConn1', 720],
    ['nothing', '', 720],
    ['a service that is not there', `${DEVICE},urn:upnp-org:serviceId:WANIPConn9`, 721],
    ['no service', DEVICE, 721],
    ['a service that is no connection', `${DEVICE},urn:upnp-org:serviceId:WANIPv6Firewall1`, 723],
  ])('refuses %s', (_, value, code) => {
    const { call } = testGateway({ uuid });
    expect(call(L3F1, 'SetDefaultConnectionService', name(value))).toBe(code);
    expect(call(L3F1, 'GetDefaultConnectionService')).toEqual({
      NewDefaultConnectionService: `${DEVICE},urn:upnp-org:serviceId:WANIPConn1`,
    });
  });
});

describe('every service', () => {
  test('602 for an optional action that the gateway leaves out, 401 for a required one', () => {
    const { call } = testGateway({ omittedActions: ['GetTotalBytesSent', 'GetStatusInfo'] });
    expect(call(WANCIC1, 'GetTotalBytesSent')).toBe(602);
    expect(call(WANIP2, 'GetStatusInfo')).toBe(401);
  });

  test.each([
    [
      'an argument that is missing',
      WANIP2,
      'DeletePortMapping',
      '<NewRemoteHost/><NewExternalPort>1</NewExternalPort>',
    ],
    ['all arguments missing', WANIP2, 'DeletePortMapping', ''],
    [
      'arguments in another order',
      WANIP2,
      'DeletePortMapping',
      '<NewExternalPort>1</NewExternalPort><NewRemoteHost/><NewProtocol>TCP</NewProtocol>',
    ],
    ['an argument too many', WANIP2, 'GetStatusInfo', '<NewRemoteHost/>'],
    ['an argument twice', L3F1, 'SetDefaultConnectionService', args({ NewDefaultConnectionService: 'x' }).repeat(2)],
    [
      'an argument in another case',
      WANIP2,
      'GetGenericPortMappingEntry',
      '<newportmappingindex>0</newportmappingindex>',
    ],
  ])('402 for %s', (_, service, action, argsXml) => {
    expect(testGateway().call(service, action, argsXml)).toBe(402);
  });

  test('a gateway that ignores the order takes arguments by their names, and lets others pass', () => {
    const { call, add } = testGateway({ ignoresArgumentOrder: true });
    add();
    const mixed =
      '<NewProtocol>TCP</NewProtocol><Other>1</Other><NewExternalPort>7777</NewExternalPort><NewRemoteHost/>';
    expect(call(WANIP2, 'DeletePortMapping', mixed)).toEqual({});
    expect(call(WANIP2, 'DeletePortMapping', '<NewProtocol>TCP</NewProtocol>')).toBe(402);
  });
});
