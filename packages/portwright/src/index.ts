/**
 * What a program needs to open a port from Node: find the gateway, map, list, unmap. Everything else is in
 * `@portwright/core`.
 *
 * @example
 * ```ts
 * import { findGateway, mapPort } from 'portwright';
 *
 * const mapping = await findGateway().andThen(({ gateway }) =>
 *   mapPort(gateway, { externalPort: 7777, protocol: 'UDP', description: 'my game' }),
 * );
 * mapping.match(
 *   ({ externalPort, internalClient }) => console.log(`port ${externalPort} leads to ${internalClient}`),
 *   (error) => console.error(error.message, error.hint ?? ''),
 * );
 * ```
 */
export { discover, findGateway, gatewayAt } from './node-defaults.ts';
export type { OnTransport } from './node-defaults.ts';
export { nodeTransport } from '@portwright/transport-node';
export type { NodeTransportOptions } from '@portwright/transport-node';

// What to do with a gateway once there is one.
export {
  addMapping as mapPort,
  connectionState,
  deleteMapping as unmapPort,
  selectServices,
  walkMappings as listMappings,
} from '@portwright/core';
export type {
  CallOptions,
  ConnectionState,
  Gateway,
  GatewayServices,
  AddMappingOptions as MapPortOptions,
  MappingKey,
  MappingList,
  PortMapping,
  Protocol,
  ServiceClient,
  ServiceSelection,
} from '@portwright/core';

// What a search gives.
export type {
  Device,
  DeviceDescription,
  DiscoverOptions,
  DiscoveredDevice,
  Discovery,
  FindGatewayOptions,
  FoundGateway,
  GatewayAtOptions,
  SearchAnswer,
  SearchOptions,
  SearchReport,
  Service,
} from '@portwright/core';
export { GATEWAY_SEARCH_TARGETS, SEARCH_TARGETS, devicesOf, servicesOf } from '@portwright/core';

// What can go wrong.
export type {
  CallError,
  FindGatewayError,
  GatewayAtError,
  InvalidArgumentError,
  MalformedError,
  NoGatewayError,
  PolicyError,
  PortwrightError,
  RejectedCandidate,
  SearchError,
  TransportError,
  UpnpFaultError,
} from '@portwright/core';

// What a transport of your own has to offer.
export type { AbortSignalLike, Transport } from '@portwright/core';

// Godot's names for all of it
export { IGDStatus, UPNP, UPNPDevice, UPNPResult } from '@portwright/core';
