/**
 * Ports that get mapped and stay mapped, above what `@portwright/core` has: an entry of its own, so that a program which
 * only sends one request does not load it.
 */
export type {
  AttemptError,
  FailedAttempt,
  HeldError,
  MappingAttempt,
  MappingDemand,
  MappingPolicy,
  Owner,
  UnconfirmedError,
  Verification,
} from './attempts.ts';
export { mapPort, type MapOnceOptions } from './map-port.ts';
export type { MappingProgress } from './mapping-progress.ts';
export {
  findMapper,
  toFoundMapper,
  type FindMapperError,
  type FindMapperOptions,
  type FoundIgdMapper,
} from './find-mapper.ts';
export { igdMapper, type IgdMapper } from './igd/mapper.ts';
export type {
  FoundMapper,
  GatewayChange,
  GatewayIdentity,
  GatewayState,
  MappedPort,
  MonitorOptions,
  PortMapper,
} from './port-mapper.ts';
export type {
  Lease,
  MapPortError,
  MapPortOptions,
  MappingStep,
  MappingWarning,
  NotMappedError,
  NotUnmappedError,
  UnmapPortOptions,
} from './types.ts';
export { ladder, MAX_ATTEMPTS } from './igd/retry-policy.ts';
export { keepMapped } from './keeper/keep-mapped.ts';
export { Keeper } from './keeper/keeper.ts';
export type { KeeperOptions } from './keeper/keeper-options.ts';
export type { KeepError, KeptEvent, LapsedError, ThrownError } from './keeper/events.ts';
export type { ClosedError, KeptMapping, KeptPhase } from './keeper/managed-lease.ts';
export { gatewayReport, type GatewayReport, type MappingCount, type TrafficCounters } from './igd/report.ts';
export { listMappings, type ListMappingsOptions } from './igd/list.ts';
export {
  addPinhole,
  checkPinhole,
  deletePinhole,
  firewallStatus,
  outboundPinholeTimeout,
  pinholePackets,
  updatePinhole,
  type FirewallStatus,
  type OutboundOptions,
  type Pinhole,
  type PinholeCallOptions,
  type PinholeOptions,
} from './igd/pinholes.ts';
export { unmapPort } from './unmap-port.ts';
export { mapBoth, type MappedBoth } from './map-both.ts';
export {
  mapOnAll,
  type MapOnAllOptions,
  type MappedOnAll,
  type MappingOnGateway,
  type PinholeOnGateway,
} from './igd/map-on-all.ts';
export { GatewayWatch, watchGateway, type WatchOptions } from './watch/watch.ts';
export { findKnownGateway } from './igd/find-known-gateway.ts';
export { cleanUpAfterCrash, type CleanUp } from './leases/clean-up.ts';
export { decodeJournal, type JournalContent, type JournalEntry } from './leases/journal-file.ts';
export { LeaseStore, type LeaseStoreOptions, type UnreleasedLease } from './leases/lease-store.ts';
