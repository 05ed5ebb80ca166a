/**
 * What a program needs to open a port from Node, and to keep it open. Everything else is in `@portwright/core` and
 * `@portwright/core/mapping`.
 *
 * @example
 * ```ts
 * import { findGateway, igdMapper, mapPort } from 'portwright';
 *
 * const mapping = await findGateway().andThen(({ gateway }) =>
 *   mapPort(igdMapper(gateway), { externalPort: 7777, protocol: 'UDP', description: 'my game' }),
 * );
 * mapping.match(
 *   ({ granted }) => console.log(`port ${granted.externalPort} leads to ${granted.internalClient}`),
 *   (error) => console.error(error.message, error.hint ?? ''),
 * );
 * ```
 */
export {
  discover,
  findGateway,
  findKnownGateway,
  findMapper,
  gatewayAt,
  keepMapped,
  mapOnAll,
} from './node-defaults.ts';
export type { OnTransport } from './node-defaults.ts';
export { closeOnExit, nodeFile, nodeTransport } from '@portwright/transport-node';
export type { Closable, CloseOnExitOptions, NodeTransportOptions } from '@portwright/transport-node';

// What to do with a gateway once there is one: until it is done, verified and kept.
export {
  addPinhole,
  checkPinhole,
  cleanUpAfterCrash,
  deletePinhole,
  firewallStatus,
  gatewayReport,
  GatewayWatch,
  igdMapper,
  Keeper,
  ladder,
  LeaseStore,
  listMappings,
  mapBoth,
  mapPort,
  outboundPinholeTimeout,
  pinholePackets,
  unmapPort,
  updatePinhole,
  watchGateway,
} from '@portwright/core/mapping';
export type {
  AttemptError,
  CleanUp,
  ClosedError,
  FailedAttempt,
  FirewallStatus,
  GatewayChange,
  GatewayReport,
  HeldError,
  IgdMapper,
  JournalEntry,
  KeepError,
  KeeperOptions,
  KeptEvent,
  KeptMapping,
  KeptPhase,
  Lease,
  LeaseStoreOptions,
  ListMappingsOptions,
  MappedBoth,
  MappedOnAll,
  MappedPort,
  MappingAttempt,
  MappingCount,
  MappingDemand,
  MappingOnGateway,
  MappingPolicy,
  MappingProgress,
  MappingStep,
  MappingWarning,
  MapOnAllOptions,
  MapOnceOptions,
  MapPortError,
  MapPortOptions,
  NotMappedError,
  NotUnmappedError,
  OutboundOptions,
  Owner,
  Pinhole,
  PinholeCallOptions,
  PinholeOnGateway,
  PinholeOptions,
  PortMapper,
  TrafficCounters,
  UnconfirmedError,
  UnmapPortOptions,
  UnreleasedLease,
  Verification,
  WatchOptions,
} from '@portwright/core/mapping';

// The single requests under that.
export { addMapping, connectionState, deleteMapping, selectServices, walkMappings } from '@portwright/core';
export type {
  AddMappingOptions,
  CallOptions,
  ConnectionState,
  FilePort,
  Gateway,
  GatewayServices,
  MappingKey,
  MappingList,
  PortMapping,
  Protocol,
  ProtocolName,
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

// What can go wrong, and how to have it thrown.
export { orThrow, PortwrightException } from '@portwright/core';
export type {
  CallError,
  FindGatewayError,
  GatewayAtError,
  ErrorData,
  InvalidArgumentError,
  MalformedError,
  NoGatewayError,
  PolicyError,
  PortwrightError,
  RejectedCandidate,
  ResultLike,
  ResultLikeAsync,
  SearchError,
  TransportError,
  UpnpFaultError,
} from '@portwright/core';

// What a transport of your own has to offer.
export type { AbortSignalLike, Transport } from '@portwright/core';

// Godot's names for all of it
export { IGDStatus, UPNP, UPNPDevice, UPNPResult } from '@portwright/core';
