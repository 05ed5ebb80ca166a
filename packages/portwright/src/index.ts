/**
 * What a program needs to open a port from Node, and to keep it open. What only UPnP has is in `portwright/upnp`;
 * everything else is in `@portwright/core` and its entries.
 *
 * @example
 * ```ts
 * import { findMapper, mapPort } from 'portwright';
 *
 * const mapping = await findMapper().andThen(({ mapper }) =>
 *   mapPort(mapper, { externalPort: 7777, protocol: 'UDP', description: 'my game' }),
 * );
 * mapping.match(
 *   ({ granted }) => console.log(`port ${granted.externalPort} leads to ${granted.internalClient}`),
 *   (error) => console.error(error.message, error.hint ?? ''),
 * );
 * ```
 */
export { findMapper, keepMapped, Keeper, mapOnAll } from './node-defaults.ts';
export type { OnTransport } from './on-transport.ts';
export { cleanUpAfterCrash, LeaseStore, mapPort, unmapPort } from '@portwright/core/mapping';
export type {
  AttemptError,
  CleanUp,
  ClosedError,
  FailedAttempt,
  FindMapperError,
  FindMapperOptions,
  FoundIgdMapper,
  FoundMapper,
  GatewayChange,
  GatewayIdentity,
  GatewayState,
  PortConflictError,
  JournalEntry,
  KeepError,
  KeeperOptions,
  KeptEvent,
  KeptPort,
  KeptPhase,
  LapsedError,
  Lease,
  LeaseStoreOptions,
  MapBothOptions,
  MapOnAllOptions,
  MapOnceOptions,
  MappedBoth,
  MappedOnAll,
  MappedPort,
  MappingAttempt,
  MappingDemand,
  MappingOnGateway,
  MappingPolicy,
  MappingProgress,
  MappingStep,
  MappingWarning,
  MapPortError,
  MapPortOptions,
  MonitorOptions,
  NotMappedError,
  NotUnmappedError,
  Owner,
  PinholeOnGateway,
  PortMapper,
  SearchedMapper,
  ThrownError,
  UnconfirmedError,
  UnmapPortOptions,
  UnreleasedLease,
  Verification,
  Via,
} from '@portwright/core/mapping';
export type { MappingKey, PortMapping, Protocol, ProtocolName } from '@portwright/core';

// What Node adds
export { closeOnExit, nodeFile, nodeTransport } from '@portwright/transport-node';
export type { Closable, CloseOnExitOptions, NodeTransportOptions } from '@portwright/transport-node';

// What can go wrong, and how to have it thrown
export { orThrow, PortwrightException } from '@portwright/core';
export type {
  CallError,
  CallOptions,
  ErrorData,
  InvalidArgumentError,
  MalformedError,
  NoGatewayError,
  PolicyError,
  PortwrightError,
  RefusalCode,
  RefusalError,
  RejectedCandidate,
  ResultLike,
  ResultLikeAsync,
  TransportError,
  UpnpFaultError,
} from '@portwright/core';

// What a transport of your own has to offer
export type { AbortSignalLike, FilePort, Transport } from '@portwright/core';

// Godot's names for all of it
export { IGDStatus, UPNP, UPNPDevice, UPNPResult } from '@portwright/core';
