import { describe, expect, test } from 'vitest';
import { readXml, type XmlElement } from '../xml/xml-reader.ts';
import { LAYER3_FORWARDING } from './layer3-forwarding.ts';
import { writeScpd } from './scpd.ts';
import type { ServiceDefinition } from '../gateway/model.ts';
import { WAN_COMMON_INTERFACE_CONFIG } from './wan-common-interface-config.ts';
import { WAN_IP_CONNECTION_1, WAN_IP_CONNECTION_2 } from './wan-ip-connection.ts';
import { WAN_IPV6_FIREWALL_CONTROL } from './wan-ipv6-firewall-control.ts';
import { WAN_PPP_CONNECTION } from './wan-ppp-connection.ts';

function child(element: XmlElement, name: string): XmlElement {
  const found = element.children.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no <${name}> in <${element.name}>`);
  return found;
}

function textOf(element: XmlElement, name: string): string {
  return child(element, name).text;
}

/** The actions of a written SCPD as `Name(in1, in2) out1, out2`. */
function signatures(definition: ServiceDefinition, omitted: readonly string[] = []): readonly string[] {
  const scpd = readXml(writeScpd(definition, omitted))._unsafeUnwrap();
  return child(scpd, 'actionList').children.map((action) => {
    const list = action.children.find(({ name }) => name === 'argumentList')?.children ?? [];
    const names = (direction: string): string =>
      list
        .filter((argument) => textOf(argument, 'direction') === direction)
        .map((argument) => textOf(argument, 'name'))
        .join(', ');
    return `${textOf(action, 'name')}(${names('in')}) ${names('out')}`.trim();
  });
}

const KEY = 'NewRemoteHost, NewExternalPort, NewProtocol';
const VALUE = 'NewInternalPort, NewInternalClient, NewEnabled, NewPortMappingDescription, NewLeaseDuration';
const MAPPING_SIGNATURES = [
  'GetNATRSIPStatus() NewRSIPAvailable, NewNATEnabled',
  `GetGenericPortMappingEntry(NewPortMappingIndex) ${KEY}, ${VALUE}`,
  `GetSpecificPortMappingEntry(${KEY}) ${VALUE}`,
  `AddPortMapping(${KEY}, ${VALUE})`,
  `DeletePortMapping(${KEY})`,
  'GetExternalIPAddress() NewExternalIPAddress',
];
const TIMES_SIGNATURES = [
  'GetAutoDisconnectTime() NewAutoDisconnectTime',
  'GetIdleDisconnectTime() NewIdleDisconnectTime',
  'GetWarnDisconnectDelay() NewWarnDisconnectDelay',
];
const CONTROL_SIGNATURES = [
  'RequestConnection()',
  'RequestTermination()',
  'ForceTermination()',
  'SetAutoDisconnectTime(NewAutoDisconnectTime)',
  'SetIdleDisconnectTime(NewIdleDisconnectTime)',
  'SetWarnDisconnectDelay(NewWarnDisconnectDelay)',
  'GetStatusInfo() NewConnectionStatus, NewLastConnectionError, NewUptime',
];
const WANIP1_SIGNATURES = [
  'SetConnectionType(NewConnectionType)',
  'GetConnectionTypeInfo() NewConnectionType, NewPossibleConnectionTypes',
  ...CONTROL_SIGNATURES,
  ...TIMES_SIGNATURES,
  ...MAPPING_SIGNATURES,
];
const PINHOLE = 'RemoteHost, RemotePort, InternalClient, InternalPort, Protocol';

describe('actions, with their arguments in the order of the specification', () => {
  test('WANIPConnection:1', () => {
    expect(signatures(WAN_IP_CONNECTION_1)).toEqual(WANIP1_SIGNATURES);
  });

  test('WANIPConnection:2 adds three', () => {
    expect(signatures(WAN_IP_CONNECTION_2)).toEqual([
      ...WANIP1_SIGNATURES,
      'DeletePortMappingRange(NewStartPort, NewEndPort, NewProtocol, NewManage)',
      'GetListOfPortMappings(NewStartPort, NewEndPort, NewProtocol, NewManage, NewNumberOfPorts) NewPortListing',
      `AddAnyPortMapping(${KEY}, ${VALUE}) NewReservedPort`,
    ]);
  });

  test('WANPPPConnection:1', () => {
    expect(signatures(WAN_PPP_CONNECTION)).toEqual([
      'SetConnectionType(NewConnectionType)',
      'GetConnectionTypeInfo() NewConnectionType, NewPossibleConnectionTypes',
      'ConfigureConnection(NewUserName, NewPassword)',
      ...CONTROL_SIGNATURES,
      'GetLinkLayerMaxBitRates() NewUpstreamMaxBitRate, NewDownstreamMaxBitRate',
      'GetPPPEncryptionProtocol() NewPPPEncryptionProtocol',
      'GetPPPCompressionProtocol() NewPPPCompressionProtocol',
      'GetPPPAuthenticationProtocol() NewPPPAuthenticationProtocol',
      'GetUserName() NewUserName',
      'GetPassword() NewPassword',
      ...TIMES_SIGNATURES,
      ...MAPPING_SIGNATURES,
    ]);
  });

  test('WANCommonInterfaceConfig:1', () => {
    expect(signatures(WAN_COMMON_INTERFACE_CONFIG)).toEqual([
      'SetEnabledForInternet(NewEnabledForInternet)',
      'GetEnabledForInternet() NewEnabledForInternet',
      'GetCommonLinkProperties() NewWANAccessType, NewLayer1UpstreamMaxBitRate, NewLayer1DownstreamMaxBitRate,' +
        ' NewPhysicalLinkStatus',
      'GetWANAccessProvider() NewWANAccessProvider',
      'GetMaximumActiveConnections() NewMaximumActiveConnections',
      'GetTotalBytesSent() NewTotalBytesSent',
      'GetTotalBytesReceived() NewTotalBytesReceived',
      'GetTotalPacketsSent() NewTotalPacketsSent',
      'GetTotalPacketsReceived() NewTotalPacketsReceived',
      'GetActiveConnection(NewActiveConnectionIndex) NewActiveConnDeviceContainer, NewActiveConnectionServiceID',
    ]);
  });

  test('WANIPv6FirewallControl:1', () => {
    expect(signatures(WAN_IPV6_FIREWALL_CONTROL)).toEqual([
      'GetFirewallStatus() FirewallEnabled, InboundPinholeAllowed',
      `GetOutboundPinholeTimeout(${PINHOLE}) OutboundPinholeTimeout`,
      `AddPinhole(${PINHOLE}, LeaseTime) UniqueID`,
      'UpdatePinhole(UniqueID, NewLeaseTime)',
      'DeletePinhole(UniqueID)',
      'GetPinholePackets(UniqueID) PinholePackets',
      'CheckPinholeWorking(UniqueID) IsWorking',
    ]);
  });

  test('Layer3Forwarding:1', () => {
    expect(signatures(LAYER3_FORWARDING)).toEqual([
      'SetDefaultConnectionService(NewDefaultConnectionService)',
      'GetDefaultConnectionService() NewDefaultConnectionService',
    ]);
  });

  test('an action that a gateway leaves out is not described', () => {
    expect(signatures(WAN_COMMON_INTERFACE_CONFIG, ['GetTotalBytesSent'])).toHaveLength(9);
  });
});

describe('evented variables', () => {
  test.each([
    [
      'WANIPConnection:1',
      WAN_IP_CONNECTION_1,
      ['ConnectionStatus', 'ExternalIPAddress', 'PortMappingNumberOfEntries', 'PossibleConnectionTypes'],
    ],
    [
      'WANIPConnection:2 (table 2-9)',
      WAN_IP_CONNECTION_2,
      [
        'ConnectionStatus',
        'ExternalIPAddress',
        'PortMappingNumberOfEntries',
        'PossibleConnectionTypes',
        'SystemUpdateID',
      ],
    ],
    [
      'WANPPPConnection:1',
      WAN_PPP_CONNECTION,
      ['ConnectionStatus', 'ExternalIPAddress', 'PortMappingNumberOfEntries', 'PossibleConnectionTypes'],
    ],
    ['WANCommonInterfaceConfig:1', WAN_COMMON_INTERFACE_CONFIG, ['EnabledForInternet', 'PhysicalLinkStatus']],
    ['WANIPv6FirewallControl:1', WAN_IPV6_FIREWALL_CONTROL, ['FirewallEnabled', 'InboundPinholeAllowed']],
    ['Layer3Forwarding:1', LAYER3_FORWARDING, ['DefaultConnectionService']],
  ])('%s', (_, definition, expected) => {
    const evented = definition.variables.filter(({ isEvented }) => isEvented).map(({ name }) => name);
    expect(evented.toSorted()).toEqual(expected);
    const written = writeScpd(definition, []).match(/<stateVariable sendEvents="yes"><name>\w+/g) ?? [];
    expect(written.map((tag) => tag.replace(/.*>/, '')).toSorted()).toEqual(expected);
  });
});

test('a state variable is written with its type, default, list and range', () => {
  const scpd = writeScpd(WAN_IP_CONNECTION_2, []);
  expect(scpd).toContain(
    '<stateVariable sendEvents="no"><name>PortMappingLeaseDuration</name><dataType>ui4</dataType>' +
      '<defaultValue>3600</defaultValue><allowedValueRange><minimum>0</minimum><maximum>604800</maximum>' +
      '</allowedValueRange></stateVariable>',
  );
  expect(scpd).toContain(
    '<stateVariable sendEvents="no"><name>PortMappingProtocol</name><dataType>string</dataType>' +
      '<allowedValueList><allowedValue>TCP</allowedValue><allowedValue>UDP</allowedValue></allowedValueList>' +
      '</stateVariable>',
  );
});

test.each([
  WAN_IP_CONNECTION_1,
  WAN_IP_CONNECTION_2,
  WAN_PPP_CONNECTION,
  WAN_COMMON_INTERFACE_CONFIG,
  WAN_IPV6_FIREWALL_CONTROL,
  LAYER3_FORWARDING,
])('$type:$version describes every variable that its arguments are related to', (definition) => {
  const scpd = readXml(writeScpd(definition, []))._unsafeUnwrap();
  expect([scpd.name, scpd.namespace]).toEqual(['scpd', 'urn:schemas-upnp-org:service-1-0']);
  const described = child(scpd, 'serviceStateTable').children.map((variable) => textOf(variable, 'name'));
  expect(new Set(described).size).toBe(described.length);
  const related = child(scpd, 'actionList')
    .children.flatMap((action) => action.children.find(({ name }) => name === 'argumentList')?.children ?? [])
    .map((argument) => textOf(argument, 'relatedStateVariable'));
  expect(described).toEqual(expect.arrayContaining(related));
});
