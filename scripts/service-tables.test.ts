/** The core and the simulator declare each service on their own. Both declare the actions of the specification. */
import {
  layer3Forwarding,
  wanCommonInterfaceConfig,
  wanIpConnection,
  wanIpv6FirewallControl,
  wanPppConnection,
} from '@portwright/core';
import { expect, test } from 'vitest';
import { serviceOfKind } from '../packages/transport-mock/src/services/catalogue.ts';

const KEY = 'NewRemoteHost, NewExternalPort, NewProtocol';
const VALUE = 'NewInternalPort, NewInternalClient, NewEnabled, NewPortMappingDescription, NewLeaseDuration';

/** WANIPConnection:1 and WANPPPConnection:1, 2.4. */
const CONNECTION_1 = [
  'SetConnectionType(NewConnectionType)',
  'GetConnectionTypeInfo() NewConnectionType, NewPossibleConnectionTypes',
  'RequestConnection()',
  'RequestTermination()',
  'ForceTermination()',
  'SetAutoDisconnectTime(NewAutoDisconnectTime)',
  'SetIdleDisconnectTime(NewIdleDisconnectTime)',
  'SetWarnDisconnectDelay(NewWarnDisconnectDelay)',
  'GetStatusInfo() NewConnectionStatus, NewLastConnectionError, NewUptime',
  'GetAutoDisconnectTime() NewAutoDisconnectTime',
  'GetIdleDisconnectTime() NewIdleDisconnectTime',
  'GetWarnDisconnectDelay() NewWarnDisconnectDelay',
  'GetNATRSIPStatus() NewRSIPAvailable, NewNATEnabled',
  `GetGenericPortMappingEntry(NewPortMappingIndex) ${KEY}, ${VALUE}`,
  `GetSpecificPortMappingEntry(${KEY}) ${VALUE}`,
  `AddPortMapping(${KEY}, ${VALUE})`,
  `DeletePortMapping(${KEY})`,
  'GetExternalIPAddress() NewExternalIPAddress',
];

/** WANIPConnection:2, 2.5.18 to 2.5.21. Routers with WANPPPConnection:2, which no document defines, have them as well. */
const CONNECTION_2 = [
  ...CONNECTION_1,
  'DeletePortMappingRange(NewStartPort, NewEndPort, NewProtocol, NewManage)',
  'GetListOfPortMappings(NewStartPort, NewEndPort, NewProtocol, NewManage, NewNumberOfPorts) NewPortListing',
  `AddAnyPortMapping(${KEY}, ${VALUE}) NewReservedPort`,
];

/** WANPPPConnection:1, 2.4. */
const PPP = [
  'ConfigureConnection(NewUserName, NewPassword)',
  'GetLinkLayerMaxBitRates() NewUpstreamMaxBitRate, NewDownstreamMaxBitRate',
  'GetPPPEncryptionProtocol() NewPPPEncryptionProtocol',
  'GetPPPCompressionProtocol() NewPPPCompressionProtocol',
  'GetPPPAuthenticationProtocol() NewPPPAuthenticationProtocol',
  'GetUserName() NewUserName',
  'GetPassword() NewPassword',
];

/** WANCommonInterfaceConfig:1, 2.4. */
const COMMON_INTERFACE = [
  'SetEnabledForInternet(NewEnabledForInternet)',
  'GetEnabledForInternet() NewEnabledForInternet',
  'GetCommonLinkProperties() NewWANAccessType, NewLayer1UpstreamMaxBitRate, NewLayer1DownstreamMaxBitRate, NewPhysicalLinkStatus',
  'GetWANAccessProvider() NewWANAccessProvider',
  'GetMaximumActiveConnections() NewMaximumActiveConnections',
  'GetTotalBytesSent() NewTotalBytesSent',
  'GetTotalBytesReceived() NewTotalBytesReceived',
  'GetTotalPacketsSent() NewTotalPacketsSent',
  'GetTotalPacketsReceived() NewTotalPacketsReceived',
  // Some firmware (Broadcom's) calls it GetActiveConnections.
  'GetActiveConnection(NewActiveConnectionIndex) NewActiveConnDeviceContainer, NewActiveConnectionServiceID',
];

const PINHOLE = 'RemoteHost, RemotePort, InternalClient, InternalPort, Protocol';

/** WANIPv6FirewallControl:1, 2.5. */
const FIREWALL = [
  'GetFirewallStatus() FirewallEnabled, InboundPinholeAllowed',
  `GetOutboundPinholeTimeout(${PINHOLE}) OutboundPinholeTimeout`,
  `AddPinhole(${PINHOLE}, LeaseTime) UniqueID`,
  'UpdatePinhole(UniqueID, NewLeaseTime)',
  'DeletePinhole(UniqueID)',
  'GetPinholePackets(UniqueID) PinholePackets',
  'CheckPinholeWorking(UniqueID) IsWorking',
];

/** Layer3Forwarding:1, 2.4. */
const FORWARDING = [
  'SetDefaultConnectionService(NewDefaultConnectionService)',
  'GetDefaultConnectionService() NewDefaultConnectionService',
];

function signature(name: string, inputs: readonly string[], outputs: readonly string[]): string {
  return `${name}(${inputs.join(', ')}) ${outputs.join(', ')}`.trim();
}

test.each([
  ['Layer3Forwarding:1', FORWARDING],
  ['WANCommonInterfaceConfig:1', COMMON_INTERFACE],
  ['WANIPConnection:1', CONNECTION_1],
  ['WANIPConnection:2', CONNECTION_2],
  ['WANIPv6FirewallControl:1', FIREWALL],
  ['WANPPPConnection:1', [...CONNECTION_1, ...PPP]],
  ['WANPPPConnection:2', [...CONNECTION_2, ...PPP]],
])('the simulator has the actions of %s', (kind, standard) => {
  const { actions } = serviceOfKind(kind);
  const names = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name);
  const own = [...actions.values()].map((action) =>
    signature(action.name, names(action.inputs), names(action.outputs)),
  );
  expect(own.sort()).toEqual([...standard].sort());
});

test.each([
  [layer3Forwarding, FORWARDING],
  [wanCommonInterfaceConfig, COMMON_INTERFACE],
  [wanIpConnection, CONNECTION_2],
  [wanIpv6FirewallControl, FIREWALL],
  [wanPppConnection, [...CONNECTION_2, ...PPP]],
])('the core has the actions of $name, in its latest version', ({ actions }, standard) => {
  const own = Object.entries(actions).map(([name, action]) =>
    signature(name, Object.keys(action.in), Object.keys(action.out)),
  );
  expect(own.sort()).toEqual([...standard].sort());
});
