import { describe, expect, test } from 'vitest';
import { args, mappingArgs, testGateway, WANCIC1, WANIP1, WANIP2, WANPPP1 } from '../gateway.test-support.ts';

const type = (value: string): string => args({ NewConnectionType: value });

describe('status', () => {
  test('uptime counts seconds', async () => {
    const { call, clock } = testGateway();
    await clock.advance('90s');
    expect(call(WANIP2, 'GetStatusInfo')).toEqual({
      NewConnectionStatus: 'Connected',
      NewLastConnectionError: 'ERROR_NONE',
      NewUptime: '90',
    });
    expect(call(WANIP2, 'GetExternalIPAddress')).toEqual({ NewExternalIPAddress: '5.5.5.1' });
  });

  test('without the line there is no address and no uptime (2.3.13, 2.4.6)', async () => {
    const { call, clock, gateway } = testGateway();
    await clock.advance('90s');
    gateway.connection.setLine(false);
    gateway.connection.setLine(false);
    expect(call(WANIP2, 'GetStatusInfo')).toEqual({
      NewConnectionStatus: 'Disconnected',
      NewLastConnectionError: 'ERROR_NO_CARRIER',
      NewUptime: '0',
    });
    expect(call(WANIP2, 'GetExternalIPAddress')).toEqual({ NewExternalIPAddress: '' });
    expect(call(WANCIC1, 'GetCommonLinkProperties')).toMatchObject({ NewPhysicalLinkStatus: 'Down' });
    expect(call(WANIP2, 'RequestConnection')).toBe(704);
    await clock.advance('10s');
    gateway.connection.setLine(true);
    await clock.advance('5s');
    expect(call(WANIP2, 'GetStatusInfo')).toMatchObject({ NewConnectionStatus: 'Connected', NewUptime: '5' });
  });

  test('a gateway may start without the line', () => {
    const { call } = testGateway({ isWanUp: false });
    expect(call(WANIP2, 'GetStatusInfo')).toMatchObject({ NewConnectionStatus: 'Disconnected' });
  });

  test('the address may change', () => {
    const { call, gateway } = testGateway();
    gateway.connection.externalAddress = '5.5.5.99';
    expect(call(WANIP2, 'GetExternalIPAddress')).toEqual({ NewExternalIPAddress: '5.5.5.99' });
  });

  test('NAT and connection types', () => {
    const { call } = testGateway();
    expect(call(WANIP2, 'GetNATRSIPStatus')).toEqual({ NewRSIPAvailable: '0', NewNATEnabled: '1' });
    expect(call(WANIP2, 'GetConnectionTypeInfo')).toEqual({
      NewConnectionType: 'IP_Routed',
      NewPossibleConnectionTypes: 'IP_Routed,IP_Bridged',
    });
    expect(testGateway({ isNatEnabled: false }).call(WANIP2, 'GetNATRSIPStatus')).toMatchObject({ NewNATEnabled: '0' });
  });
});

describe('connecting and disconnecting', () => {
  test('ForceTermination, then RequestConnection', () => {
    const { call } = testGateway();
    expect(call(WANIP2, 'RequestConnection')).toEqual({});
    expect(call(WANIP2, 'ForceTermination')).toEqual({});
    expect(call(WANIP2, 'GetStatusInfo')).toEqual({
      NewConnectionStatus: 'Disconnected',
      NewLastConnectionError: 'ERROR_FORCED_DISCONNECT',
      NewUptime: '0',
    });
    expect([call(WANIP2, 'ForceTermination'), call(WANIP2, 'RequestTermination')]).toEqual([711, 711]);
    expect(call(WANIP2, 'RequestConnection')).toEqual({});
    expect(call(WANIP2, 'GetStatusInfo')).toMatchObject({ NewConnectionStatus: 'Connected' });
  });

  test('RequestTermination waits for WarnDisconnectDelay, ForceTermination does not', async () => {
    const { call, clock } = testGateway();
    call(WANIP2, 'SetWarnDisconnectDelay', args({ NewWarnDisconnectDelay: 30 }));
    const status = (): unknown => (call(WANIP2, 'GetStatusInfo') as Record<string, string>)['NewConnectionStatus'];

    expect(call(WANIP2, 'RequestTermination')).toEqual({});
    expect(status()).toBe('PendingDisconnect');
    expect(call(WANIP2, 'GetExternalIPAddress')).toEqual({ NewExternalIPAddress: '5.5.5.1' });
    expect(call(WANIP2, 'RequestTermination')).toBe(707);
    await clock.advance('29s');
    expect(status()).toBe('PendingDisconnect');
    // 2.6.2: a client may keep the connection by asking for it now.
    expect(call(WANIP2, 'RequestConnection')).toEqual({});
    await clock.advance('60s');
    expect(status()).toBe('Connected');

    call(WANIP2, 'RequestTermination');
    await clock.advance('30s');
    expect(status()).toBe('Disconnected');

    call(WANIP2, 'RequestConnection');
    call(WANIP2, 'RequestTermination');
    expect(call(WANIP2, 'ForceTermination')).toEqual({});
    expect(status()).toBe('Disconnected');
  });

  test('AutoDisconnectTime ends the connection, by way of the warning', async () => {
    const { call, clock } = testGateway();
    call(WANIP2, 'SetAutoDisconnectTime', args({ NewAutoDisconnectTime: 600 }));
    call(WANIP2, 'SetWarnDisconnectDelay', args({ NewWarnDisconnectDelay: 30 }));
    await clock.advance('599s');
    expect(call(WANIP2, 'GetStatusInfo')).toMatchObject({ NewConnectionStatus: 'Connected' });
    await clock.advance('1s');
    expect(call(WANIP2, 'GetStatusInfo')).toMatchObject({ NewConnectionStatus: 'PendingDisconnect' });
    await clock.advance('30s');
    expect(call(WANIP2, 'GetStatusInfo')).toMatchObject({ NewConnectionStatus: 'Disconnected' });
    // Nobody looked for an hour: the same end, at the same time.
    const unwatched = testGateway();
    unwatched.call(WANIP2, 'SetAutoDisconnectTime', args({ NewAutoDisconnectTime: 600 }));
    await unwatched.clock.advance('1h');
    expect(unwatched.call(WANCIC1, 'GetTotalBytesSent')).toEqual({ NewTotalBytesSent: '600000' });
  });

  test('the times read back', () => {
    const { call } = testGateway();
    const names = ['AutoDisconnectTime', 'IdleDisconnectTime', 'WarnDisconnectDelay'];
    for (const [index, name] of names.entries()) {
      expect(call(WANIP2, `Get${name}`)).toEqual({ [`New${name}`]: '0' });
      expect(call(WANIP2, `Set${name}`, args({ [`New${name}`]: 100 + index }))).toEqual({});
      expect(call(WANIP2, `Get${name}`)).toEqual({ [`New${name}`]: String(100 + index) });
      expect(call(WANIP2, `Set${name}`, args({ [`New${name}`]: 'soon' }))).toBe(402);
    }
  });

  test('709 while EnabledForInternet is off', () => {
    const { call } = testGateway();
    expect(call(WANCIC1, 'SetEnabledForInternet', args({ NewEnabledForInternet: 0 }))).toEqual({});
    expect(call(WANCIC1, 'GetEnabledForInternet')).toEqual({ NewEnabledForInternet: '0' });
    expect(call(WANIP2, 'GetStatusInfo')).toMatchObject({
      NewConnectionStatus: 'Disconnected',
      NewLastConnectionError: 'ERROR_NOT_ENABLED_FOR_INTERNET',
    });
    expect(call(WANIP2, 'RequestConnection')).toBe(709);
    call(WANCIC1, 'SetEnabledForInternet', args({ NewEnabledForInternet: 1 }));
    expect(call(WANIP2, 'RequestConnection')).toEqual({});
  });
});

describe('SetConnectionType', () => {
  test('wants the connection down, and a type from the list', () => {
    const { call } = testGateway();
    expect(call(WANIP2, 'SetConnectionType', type('IP_Bridged'))).toBe(703);
    call(WANIP2, 'ForceTermination');
    expect(call(WANIP2, 'SetConnectionType', type('ATM'))).toBe(601);
    expect(call(WANIP2, 'SetConnectionType', type('IP_Bridged'))).toEqual({});
    expect(call(WANIP2, 'RequestConnection')).toBe(710);
    expect([call(WANIP2, 'RequestTermination'), call(WANIP2, 'ForceTermination')]).toEqual([710, 710]);
    expect(call(WANIP2, 'SetConnectionType', type('Unconfigured'))).toEqual({});
    expect(
      ['RequestConnection', 'RequestTermination', 'ForceTermination'].map((action) => call(WANIP2, action)),
    ).toEqual([706, 706, 706]);
    expect(call(WANIP2, 'SetConnectionType', type('IP_Routed'))).toEqual({});
    expect(call(WANIP2, 'RequestConnection')).toEqual({});
  });

  test('is refused where the provider decides: 731 on version 2, 501 on version 1', () => {
    const options = { isConnectionTypeFixed: true, isWanUp: false };
    expect(testGateway(options).call(WANIP2, 'SetConnectionType', type('IP_Routed'))).toBe(731);
    expect(testGateway({ ...options, igdVersion: 1 }).call(WANIP1, 'SetConnectionType', type('IP_Routed'))).toBe(501);
  });
});

describe('WANPPPConnection:1', () => {
  const ppp = { igdVersion: 1, connectionService: 'ppp' } as const;

  test('maps ports as its sibling does', () => {
    const { call } = testGateway(ppp);
    expect(call(WANPPP1, 'AddPortMapping', mappingArgs())).toEqual({});
    expect(call(WANPPP1, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 0 }))).toMatchObject({
      NewExternalPort: '7777',
    });
    expect(call(WANPPP1, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 1 }))).toBe(713);
    expect(call(WANPPP1, 'AddPortMapping', mappingArgs({ NewInternalClient: '192.168.1.3' }))).toBe(718);
  });

  test('beside WANIPConnection it works on the same connection', () => {
    const { call, add } = testGateway({ igdVersion: 2, connectionService: 'ip-and-ppp' });
    add();
    expect(call(WANPPP1, 'GetGenericPortMappingEntry', args({ NewPortMappingIndex: 0 }))).toMatchObject({
      NewExternalPort: '7777',
    });
  });

  test('tells what only PPP has', () => {
    const { call } = testGateway(ppp);
    expect(call(WANPPP1, 'GetLinkLayerMaxBitRates')).toEqual({
      NewUpstreamMaxBitRate: '10000000',
      NewDownstreamMaxBitRate: '100000000',
    });
    expect(call(WANPPP1, 'GetPPPEncryptionProtocol')).toEqual({ NewPPPEncryptionProtocol: 'None' });
    expect(call(WANPPP1, 'GetPPPCompressionProtocol')).toEqual({ NewPPPCompressionProtocol: 'None' });
    expect(call(WANPPP1, 'GetPPPAuthenticationProtocol')).toEqual({ NewPPPAuthenticationProtocol: 'CHAP' });
  });

  test('takes a user name, and never tells the password', () => {
    const { call } = testGateway(ppp);
    const login = args({ NewUserName: 'me', NewPassword: 'secret' });
    expect(call(WANPPP1, 'ConfigureConnection', login)).toBe(703);
    call(WANPPP1, 'ForceTermination');
    call(WANPPP1, 'SetConnectionType', type('Unconfigured'));
    expect(call(WANPPP1, 'RequestConnection')).toBe(706);
    expect(call(WANPPP1, 'ConfigureConnection', login)).toEqual({});
    expect(call(WANPPP1, 'GetStatusInfo')).toMatchObject({ NewConnectionStatus: 'Disconnected' });
    expect(call(WANPPP1, 'GetUserName')).toEqual({ NewUserName: 'me' });
    expect(call(WANPPP1, 'GetPassword')).toBe(606);
    expect(call(WANPPP1, 'RequestConnection')).toEqual({});
  });

  test('ConfigureConnection is refused where the provider decides', () => {
    const { call } = testGateway({ ...ppp, isConnectionTypeFixed: true, isWanUp: false });
    expect(call(WANPPP1, 'ConfigureConnection', args({ NewUserName: 'me', NewPassword: 'x' }))).toBe(501);
  });
});
