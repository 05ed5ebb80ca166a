/**
 * What only UPnP has: every device that answers a search, gateways and their single requests, reports and watches, and the
 * pinholes of IPv6 firewalls. To open a port, `portwright` is enough.
 *
 * @example
 * ```ts
 * import { findGateway, listMappings } from 'portwright/upnp';
 *
 * const listed = await findGateway().andThen(({ gateway }) => listMappings(gateway));
 * if (listed.isOk()) for (const { externalPort, protocol } of listed.value.mappings) console.log(externalPort, protocol);
 * ```
 */
export { discover, findGateway, findKnownGateway, gatewayAt } from './upnp-defaults.ts';
export type { OnTransport } from './on-transport.ts';
export {
  addMapping,
  addPinhole,
  checkPinhole,
  connectionState,
  deleteMapping,
  deletePinhole,
  firewallStatus,
  gatewayReport,
  GatewayWatch,
  gatewayOf,
  igdMapper,
  retryPolicy,
  listMappings,
  outboundPinholeTimeout,
  pinholePackets,
  selectServices,
  updatePinhole,
  walkMappings,
  watchGateway,
} from '@portwright/core/upnp';
export type {
  AddMappingOptions,
  ConnectionState,
  DiscoveredDevice,
  Discovery,
  DiscoverOptions,
  FindGatewayError,
  FindGatewayOptions,
  FirewallStatus,
  FoundGateway,
  Gateway,
  GatewayAtError,
  GatewayAtOptions,
  GatewayReport,
  GatewayServices,
  GatewayWarning,
  IgdMapper,
  ListMappingsOptions,
  MappingCount,
  MappingList,
  OutboundOptions,
  Pinhole,
  PinholeCallOptions,
  PinholeOptions,
  SearchAnswer,
  SearchError,
  SearchOptions,
  SearchReport,
  ServiceClient,
  ServiceSelection,
  TrafficCounters,
  UnreadableMapping,
  WatchOptions,
} from '@portwright/core/upnp';
export type { GatewayChange, MappingDemand, MappingPolicy, MonitorOptions } from '@portwright/core/mapping';
export { devicesOf, GATEWAY_SEARCH_TARGETS, SEARCH_TARGETS, servicesOf } from '@portwright/core';
export type {
  CallOptions,
  Device,
  DeviceDescription,
  MappingKey,
  PortMapping,
  Protocol,
  ProtocolName,
  Service,
} from '@portwright/core';
