import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../bytes.ts';
import { decodeCall, encodeCall } from './call.ts';
import type { ServiceDeclaration } from './declaration.ts';
import { layer3Forwarding } from './layer3-forwarding.ts';
import { wanCommonInterfaceConfig } from './wan-common-interface-config.ts';
import { wanIpConnection } from './wan-ip-connection.ts';
import { wanIpv6FirewallControl } from './wan-ipv6-firewall-control.ts';
import { wanPppConnection } from './wan-ppp-connection.ts';

type Arguments = Readonly<Record<string, string | number | boolean>>;
/** An action as the specification's tables have it, with a value of the right type for each argument. */
type Row = readonly [action: string, input: Arguments, output: Arguments];

const mapping = {
  NewRemoteHost: '',
  NewExternalPort: 7777,
  NewProtocol: 'UDP',
  NewInternalPort: 7778,
  NewInternalClient: '192.168.1.2',
  NewEnabled: true,
  NewPortMappingDescription: 'a <b> & "c"',
  NewLeaseDuration: 3600,
};
const { NewRemoteHost, NewExternalPort, NewProtocol, ...held } = mapping;
const key = { NewRemoteHost, NewExternalPort, NewProtocol };

const connection: readonly Row[] = [
  ['SetConnectionType', { NewConnectionType: 'IP_Routed' }, {}],
  ['GetConnectionTypeInfo', {}, { NewConnectionType: 'IP_Routed', NewPossibleConnectionTypes: 'IP_Routed,IP_Bridged' }],
  ['RequestConnection', {}, {}],
  ['RequestTermination', {}, {}],
  ['ForceTermination', {}, {}],
  ['SetAutoDisconnectTime', { NewAutoDisconnectTime: 60 }, {}],
  ['SetIdleDisconnectTime', { NewIdleDisconnectTime: 61 }, {}],
  ['SetWarnDisconnectDelay', { NewWarnDisconnectDelay: 62 }, {}],
  [
    'GetStatusInfo',
    {},
    { NewConnectionStatus: 'Connected', NewLastConnectionError: 'ERROR_NONE', NewUptime: 4294967295 },
  ],
  ['GetAutoDisconnectTime', {}, { NewAutoDisconnectTime: 0 }],
  ['GetIdleDisconnectTime', {}, { NewIdleDisconnectTime: 1 }],
  ['GetWarnDisconnectDelay', {}, { NewWarnDisconnectDelay: 2 }],
  ['GetNATRSIPStatus', {}, { NewRSIPAvailable: false, NewNATEnabled: true }],
  ['GetGenericPortMappingEntry', { NewPortMappingIndex: 65535 }, mapping],
  ['GetSpecificPortMappingEntry', key, held],
  ['AddPortMapping', mapping, {}],
  ['DeletePortMapping', key, {}],
  ['GetExternalIPAddress', {}, { NewExternalIPAddress: '5.5.5.1' }],
];

const range = { NewStartPort: 1, NewEndPort: 65535, NewProtocol: 'TCP', NewManage: false };
const versionTwo: readonly Row[] = [
  ['AddAnyPortMapping', mapping, { NewReservedPort: 7779 }],
  ['DeletePortMappingRange', range, {}],
  ['GetListOfPortMappings', { ...range, NewNumberOfPorts: 0 }, { NewPortListing: '<p:PortMappingList/>' }],
];

const flow = { RemoteHost: '', RemotePort: 0, InternalClient: 'fd77::2', InternalPort: 8080, Protocol: 6 };

const tables: readonly (readonly [ServiceDeclaration, readonly Row[]])[] = [
  [wanIpConnection, [...connection, ...versionTwo]],
  [
    wanPppConnection,
    [
      ...connection,
      ...versionTwo,
      ['ConfigureConnection', { NewUserName: 'me', NewPassword: 'secret' }, {}],
      ['GetLinkLayerMaxBitRates', {}, { NewUpstreamMaxBitRate: 1000, NewDownstreamMaxBitRate: 2000 }],
      ['GetPPPEncryptionProtocol', {}, { NewPPPEncryptionProtocol: 'None' }],
      ['GetPPPCompressionProtocol', {}, { NewPPPCompressionProtocol: 'None' }],
      ['GetPPPAuthenticationProtocol', {}, { NewPPPAuthenticationProtocol: 'CHAP' }],
      ['GetUserName', {}, { NewUserName: 'me' }],
      ['GetPassword', {}, { NewPassword: '' }],
    ],
  ],
  [
    wanCommonInterfaceConfig,
    [
      ['SetEnabledForInternet', { NewEnabledForInternet: true }, {}],
      ['GetEnabledForInternet', {}, { NewEnabledForInternet: false }],
      [
        'GetCommonLinkProperties',
        {},
        {
          NewWANAccessType: 'DSL',
          NewLayer1UpstreamMaxBitRate: 1,
          NewLayer1DownstreamMaxBitRate: 2,
          NewPhysicalLinkStatus: 'Up',
        },
      ],
      ['GetWANAccessProvider', {}, { NewWANAccessProvider: 'ISP' }],
      ['GetMaximumActiveConnections', {}, { NewMaximumActiveConnections: 1 }],
      ['GetTotalBytesSent', {}, { NewTotalBytesSent: 1 }],
      ['GetTotalBytesReceived', {}, { NewTotalBytesReceived: 2 }],
      ['GetTotalPacketsSent', {}, { NewTotalPacketsSent: 3 }],
      ['GetTotalPacketsReceived', {}, { NewTotalPacketsReceived: 4 }],
      [
        'GetActiveConnection',
        { NewActiveConnectionIndex: 0 },
        { NewActiveConnDeviceContainer: 'uuid:1', NewActiveConnectionServiceID: 'urn:upnp-org:serviceId:WANIPConn1' },
      ],
    ],
  ],
  [
    wanIpv6FirewallControl,
    [
      ['GetFirewallStatus', {}, { FirewallEnabled: true, InboundPinholeAllowed: false }],
      ['GetOutboundPinholeTimeout', flow, { OutboundPinholeTimeout: 30 }],
      ['AddPinhole', { ...flow, LeaseTime: 86400 }, { UniqueID: 17 }],
      ['UpdatePinhole', { UniqueID: 17, NewLeaseTime: 1 }, {}],
      ['DeletePinhole', { UniqueID: 17 }, {}],
      ['GetPinholePackets', { UniqueID: 17 }, { PinholePackets: 9 }],
      ['CheckPinholeWorking', { UniqueID: 17 }, { IsWorking: true }],
    ],
  ],
  [
    layer3Forwarding,
    [
      ['SetDefaultConnectionService', { NewDefaultConnectionService: 'uuid:1:WANConnectionDevice:1,urn:x' }, {}],
      ['GetDefaultConnectionService', {}, { NewDefaultConnectionService: 'uuid:1:WANConnectionDevice:1,urn:x' }],
    ],
  ],
];

/** Written here by hand, so that the encoder is not its own judge. */
function wire(values: Arguments): string {
  return Object.entries(values)
    .map(([name, value]) => {
      const text = typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
      const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
      return `<${name}>${escaped}</${name}>`;
    })
    .join('');
}

function answer(action: string, inner: string): Uint8Array {
  return encodeUtf8(
    `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><u:${action}Response xmlns:u="urn:x">${inner}</u:${action}Response></s:Body></s:Envelope>`,
  );
}

describe.each(tables)('$name', (service, rows) => {
  const address = {
    serviceType: `urn:schemas-upnp-org:service:${service.name}:1`,
    controlUrl: 'http://192.168.1.1:5000/ctl',
  };

  it('declares exactly the actions of the table', () => {
    expect(Object.keys(service.actions).sort()).toEqual(rows.map(([action]) => action).sort());
  });

  it.each(rows)('%s: the arguments stand in specification order, and nothing else', (action, input) => {
    const request = encodeCall(service, address, action, input)._unsafeUnwrap();
    expect(decodeUtf8(request.body)).toContain(
      `<s:Body><u:${action} xmlns:u="${address.serviceType}">${wire(input)}</u:${action}></s:Body>`,
    );
  });

  it.each(rows)('%s: every argument of the answer is read', (action, _input, output) => {
    const response = { status: 200, headers: [], body: answer(action, wire(output)) };
    expect(decodeCall(service, address, action, response)._unsafeUnwrap()).toEqual(output);
  });

  it.each(rows.filter(([, input]) => Object.keys(input).length > 0))(
    '%s: a missing or wrong argument is refused before anything is sent',
    (action, input) => {
      for (const name of Object.keys(input)) {
        for (const wrong of [undefined, null, {}, Number.NaN, -1, 1.5, 4294967296]) {
          const error = encodeCall(service, address, action, {
            ...input,
            [name]: wrong,
          } as Arguments)._unsafeUnwrapErr();
          expect(error).toMatchObject({ kind: 'invalid-argument', argument: name });
        }
      }
    },
  );
});
