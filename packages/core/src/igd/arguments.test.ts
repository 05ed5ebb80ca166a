/** What stands in answers: routers write numbers and names in their own ways. */
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../bytes.ts';
import type { CallError } from '../errors.ts';
import type { Result } from '../result.ts';
import { decodeCall } from './call.ts';
import type { ServiceDeclaration } from './declaration.ts';
import { layer3Forwarding } from './layer3-forwarding.ts';
import { wanCommonInterfaceConfig } from './wan-common-interface-config.ts';
import { wanIpConnection } from './wan-ip-connection.ts';
import { wanIpv6FirewallControl } from './wan-ipv6-firewall-control.ts';
import { wanPppConnection } from './wan-ppp-connection.ts';

function decode(
  service: ServiceDeclaration,
  action: string,
  inner: string,
): Result<Readonly<Record<string, unknown>>, CallError> {
  const address = { serviceType: 'urn:x', controlUrl: 'http://192.168.1.1:5000/ctl' };
  const body = encodeUtf8(
    `<s:Envelope xmlns:s="x"><s:Body><u:${action}Response xmlns:u="y">${inner}</u:${action}Response></s:Body></s:Envelope>`,
  );
  return decodeCall(service, address, action, { status: 200, headers: [], body });
}

function received(text: string): unknown {
  const answer = `<NewTotalBytesReceived>${text}</NewTotalBytesReceived>`;
  return decode(wanCommonInterfaceConfig, 'GetTotalBytesReceived', answer)._unsafeUnwrap()['NewTotalBytesReceived'];
}

describe('a number to look at', () => {
  it.each([
    ['0', 0],
    ['4294967295', 4_294_967_295],
    ['4723472940', 4_723_472_940],
    ['+12', 12],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    // A double has no such number, and a router no such traffic.
    ['9007199254740992', null],
    ['18446744073709551615', null],
    ['99999999999999999999999', null],
    // 32 bits with a sign.
    ['-531985522', 3_762_981_774],
    ['-2147483648', 2_147_483_648],
    ['-2', 4_294_967_294],
    ['-1', null],
    ['-2147483649', null],
    ['', null],
    ['12 MB', null],
    ['1.5', null],
    ['0x10', null],
    ['1e3', null],
    ['-', null],
  ])('%j is %j', (text, value) => {
    expect(received(text)).toBe(value);
  });

  it('is every numeric output, but for those that are acted on', () => {
    const actedOn = [
      'AddAnyPortMapping.NewReservedPort',
      'AddPinhole.UniqueID',
      'GetGenericPortMappingEntry.NewExternalPort',
      'GetGenericPortMappingEntry.NewInternalPort',
      'GetGenericPortMappingEntry.NewLeaseDuration',
      'GetSpecificPortMappingEntry.NewInternalPort',
      'GetSpecificPortMappingEntry.NewLeaseDuration',
    ];
    const services = [
      wanIpConnection,
      wanPppConnection,
      wanCommonInterfaceConfig,
      wanIpv6FirewallControl,
      layer3Forwarding,
    ];
    const outputs = services.flatMap(({ actions }: ServiceDeclaration) =>
      Object.entries(actions).flatMap(([action, { out }]) =>
        Object.entries(out).flatMap(([name, type]) => (/^ui/.test(type) ? `${action}.${name}` : [])),
      ),
    );
    expect([...new Set(outputs)].sort()).toEqual(actedOn);
  });

  const shown: readonly (readonly [ServiceDeclaration, string, readonly string[]])[] = [
    [wanCommonInterfaceConfig, 'GetTotalBytesSent', ['NewTotalBytesSent']],
    [wanCommonInterfaceConfig, 'GetTotalBytesReceived', ['NewTotalBytesReceived']],
    [wanCommonInterfaceConfig, 'GetTotalPacketsSent', ['NewTotalPacketsSent']],
    [wanCommonInterfaceConfig, 'GetTotalPacketsReceived', ['NewTotalPacketsReceived']],
    [wanCommonInterfaceConfig, 'GetMaximumActiveConnections', ['NewMaximumActiveConnections']],
    [
      wanCommonInterfaceConfig,
      'GetCommonLinkProperties',
      ['NewLayer1UpstreamMaxBitRate', 'NewLayer1DownstreamMaxBitRate'],
    ],
    [wanPppConnection, 'GetLinkLayerMaxBitRates', ['NewUpstreamMaxBitRate', 'NewDownstreamMaxBitRate']],
    [wanIpConnection, 'GetAutoDisconnectTime', ['NewAutoDisconnectTime']],
    [wanIpConnection, 'GetIdleDisconnectTime', ['NewIdleDisconnectTime']],
    [wanIpConnection, 'GetWarnDisconnectDelay', ['NewWarnDisconnectDelay']],
    [wanIpConnection, 'GetStatusInfo', ['NewUptime']],
    [wanIpv6FirewallControl, 'GetOutboundPinholeTimeout', ['OutboundPinholeTimeout']],
    [wanIpv6FirewallControl, 'GetPinholePackets', ['PinholePackets']],
  ];

  it.each(shown)('of $name, %s, never fails the call', (service, action, names) => {
    const answers = (text: string): unknown =>
      decode(service, action, names.map((name) => `<${name}>${text}</${name}>`).join(''))._unsafeUnwrap();
    expect(answers('5000000000')).toMatchObject(Object.fromEntries(names.map((name) => [name, 5_000_000_000])));
    for (const text of ['', 'many', '-1']) {
      expect(answers(text)).toMatchObject(Object.fromEntries(names.map((name) => [name, null])));
    }
    expect(decode(service, action, '')._unsafeUnwrap()).toMatchObject(
      Object.fromEntries(names.map((name) => [name, null])),
    );
  });
});

describe('a name', () => {
  it('is compared without regard to case', () => {
    const address = '<newexternalipaddress>5.5.5.1</newexternalipaddress>';
    expect(decode(wanIpConnection, 'GetExternalIPAddress', address)._unsafeUnwrap()).toEqual({
      NewExternalIPAddress: '5.5.5.1',
    });
    const nat = '<NEWRSIPAVAILABLE>0</NEWRSIPAVAILABLE><newNATeEnabled>1</newNATeEnabled>';
    expect(decode(wanIpConnection, 'GetNATRSIPStatus', nat)._unsafeUnwrap()).toEqual({
      NewRSIPAvailable: false,
      NewNATEnabled: true,
    });
  });

  it.each([
    ['GetTotalPacketsReceived', '<NewTotalPacketReceived>7</NewTotalPacketReceived>', { NewTotalPacketsReceived: 7 }],
    [
      'GetCommonLinkProperties',
      '<NewLayer1DownstreamMaxBitRates>2</NewLayer1DownstreamMaxBitRates><X_AccessType>DSL</X_AccessType>' +
        '<NewLayer1UpStreamMaxBit>1</NewLayer1UpStreamMaxBit><Layer1UpstreamMaxBitRate>3</Layer1UpstreamMaxBitRate>',
      { NewWANAccessType: null, NewLayer1UpstreamMaxBitRate: 3, NewLayer1DownstreamMaxBitRate: 2 },
    ],
    ['GetTotalBytesSent', '<NewTotalBytesSnet>7</NewTotalBytesSnet><Vendor>9</Vendor>', { NewTotalBytesSent: 7 }],
    ['GetTotalBytesSent', '<TotalBytesSent>7</TotalBytesSent>', { NewTotalBytesSent: 7 }],
    ['GetTotalBytesSent', '<NewTotalBytesSent64>7</NewTotalBytesSent64>', { NewTotalBytesSent: 7 }],
    ['GetTotalBytesSent', '<TotalBytesSent>1</TotalBytesSent><BytesSent>2</BytesSent>', { NewTotalBytesSent: 1 }],
    // Another name, if only a little longer, may be that of another number.
    ['GetTotalBytesSent', '<NewTotalBytesSentToday>7</NewTotalBytesSentToday>', { NewTotalBytesSent: null }],
    ['GetTotalBytesSent', '<NewTotalPacketsSent>7</NewTotalPacketsSent>', { NewTotalBytesSent: null }],
    [
      'GetTotalBytesSent',
      '<NewTotalBytesSentNewTotalBytesSent>7</NewTotalBytesSentNewTotalBytesSent>',
      { NewTotalBytesSent: null },
    ],
    ['GetTotalBytesSent', '<oldTotalBytesSend>7</oldTotalBytesSend>', { NewTotalBytesSent: null }],
    [
      'GetCommonLinkProperties',
      '<NewLayer1DownstreamMaxBitRate>2</NewLayer1DownstreamMaxBitRate>',
      { NewLayer1UpstreamMaxBitRate: null, NewLayer1DownstreamMaxBitRate: 2 },
    ],
    // Which of them it is can't be told.
    [
      'GetTotalBytesSent',
      '<TotalBytesSent>1</TotalBytesSent><NewTotalByteSent>2</NewTotalByteSent>',
      { NewTotalBytesSent: null },
    ],
    ['GetTotalBytesSent', '<NewTotalBytesSent/><NewTotalByteSent>9</NewTotalByteSent>', { NewTotalBytesSent: null }],
  ])('that is misspelt, of %s, may be that of a number to look at: %s', (action, inner, values) => {
    expect(decode(wanCommonInterfaceConfig, action, inner)._unsafeUnwrap()).toMatchObject(values);
  });

  it.each([
    ['GetExternalIPAddress', '<NewExternalIP>5.5.5.1</NewExternalIP>'],
    ['AddAnyPortMapping', '<NewPort>7777</NewPort>'],
    [
      'GetSpecificPortMappingEntry',
      '<NewPort>7777</NewPort><NewInternalClient>192.168.1.2</NewInternalClient><NewEnabled>1</NewEnabled>' +
        '<NewPortMappingDescription/><NewLeaseDuration>0</NewLeaseDuration>',
    ],
  ])('of what is acted on is never guessed: %s', (action, inner) => {
    expect(decode(wanIpConnection, action, inner)._unsafeUnwrapErr()).toMatchObject({
      kind: 'malformed',
      code: 'value',
    });
  });

  it('of a lease is never guessed', () => {
    const entry =
      '<NewInternalPort>1</NewInternalPort><NewInternalClient>192.168.1.2</NewInternalClient><NewEnabled>1</NewEnabled>' +
      '<NewPortMappingDescription/><NewLease>60</NewLease>';
    expect(decode(wanIpConnection, 'GetSpecificPortMappingEntry', entry)._unsafeUnwrap()).toMatchObject({
      NewLeaseDuration: null,
    });
  });
});

describe('the only value of an answer', () => {
  it.each([
    [wanCommonInterfaceConfig, 'GetTotalBytesSent', '4723472940', { NewTotalBytesSent: 4_723_472_940 }],
    [wanIpConnection, 'GetExternalIPAddress', ' 5.5.5.1\n', { NewExternalIPAddress: '5.5.5.1' }],
    [layer3Forwarding, 'GetDefaultConnectionService', 'uuid:1,urn:x', { NewDefaultConnectionService: 'uuid:1,urn:x' }],
  ])('may stand in the response element itself: $name %s', (service, action, inner, values) => {
    expect(decode(service, action, inner)._unsafeUnwrap()).toEqual(values);
  });

  it.each([
    ['is strict all the same', 'AddAnyPortMapping', '70000'],
    ['is missing where the element is empty', 'GetExternalIPAddress', ''],
    ['is not the text beside other elements', 'GetExternalIPAddress', '5.5.5.1<Vendor/>'],
    ['is only one', 'GetSpecificPortMappingEntry', '7777'],
  ])('%s', (_what, action, inner) => {
    expect(decode(wanIpConnection, action, inner)._unsafeUnwrapErr()).toMatchObject({ code: 'value' });
  });
});

describe('a row that can\u2019t be read', () => {
  const ROW =
    '<NewRemoteHost></NewRemoteHost><NewExternalPort>7777</NewExternalPort><NewProtocol>UDP</NewProtocol>' +
    '<NewInternalPort>7778</NewInternalPort><NewInternalClient>192.168.1.2</NewInternalClient><NewEnabled>1</NewEnabled>' +
    '<NewPortMappingDescription>a game</NewPortMappingDescription><NewLeaseDuration>0</NewLeaseDuration>';
  const row = (from: string, to: string): CallError =>
    decode(wanIpConnection, 'GetGenericPortMappingEntry', ROW.replace(from, to))._unsafeUnwrapErr();

  it.each([
    ['a range of ports', '7777', '27005-27015', 'value', '27005-27015 UDP 7778 192.168.1.2 1 a game 0'],
    ['two protocols', 'UDP', 'TCP/UDP', 'value', '7777 TCP/UDP 7778 192.168.1.2 1 a game 0'],
    ['no internal port', '7778', '', 'value', '7777 UDP  192.168.1.2 1 a game 0'],
    ['a raw <', 'a game', 'a<b', 'xml', '7777 UDP 7778 192.168.1.2 1 a<b 0'],
    ['an odd tag', 'a game', '<b>a game', 'xml', '7777 UDP 7778 192.168.1.2 1 a game 0'],
  ])('has its text: %s', (_what, from, to, code, text) => {
    expect(row(from, to)).toMatchObject({ kind: 'malformed', code, text });
  });

  it('has at most 200 characters of text, none of them a control', () => {
    const long = row('7777', `\u202e\u0007${'x'.repeat(500)}`);
    expect(long).toMatchObject({ text: 'x'.repeat(200) });
    expect(row('a game', `\u0007 <${'y'.repeat(500)}`)).toMatchObject({
      text: `7777 UDP 7778 192.168.1.2 1   <${'y'.repeat(500)}`.slice(0, 200),
    });
  });

  it('has none where the answer is cut off, or is that of another action', () => {
    const address = { serviceType: 'urn:x', controlUrl: 'http://192.168.1.1:5000/ctl' };
    for (const text of [
      `<s:Envelope><s:Body><u:GetGenericPortMappingEntryResponse>${ROW}`,
      `<s:Envelope><s:Body><u:OtherResponse>${ROW}<</u:OtherResponse></s:Body></s:Envelope>`,
      `<html><body>GetGenericPortMappingEntryResponse<br></body></html>`,
    ]) {
      const answer = { status: 200, headers: [], body: encodeUtf8(text) };
      const error = decodeCall(wanIpConnection, address, 'GetGenericPortMappingEntry', answer)._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind: 'malformed' });
      expect((error as { readonly text?: string }).text).toBeUndefined();
    }
  });
});
