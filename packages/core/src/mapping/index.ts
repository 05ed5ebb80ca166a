/**
 * Ports that get mapped and stay mapped, above what `@portwright/core` has: an entry of its own, so that a program which
 * only sends one request does not load it.
 */
export type {
  AttemptError,
  FailedAttempt,
  HeldError,
  Holder,
  MappingAttempt,
  MappingDemand,
  UnconfirmedError,
} from './igd/attempt-types.ts';
export { mapPort } from './map-port.ts';
export { type MapPortError, type MapPortOptions, type MappedPort, type NotMappedError } from './types.ts';
export { ladder, MAX_ATTEMPTS, type MappingPolicy } from './igd/retry-policy.ts';
export type { Verification } from './igd/attempt-types.ts';
export type { MappingWarning } from './igd/warnings.ts';
export { keepMapped } from './keeper/keep-mapped.ts';
export { Keeper, type KeeperOptions, type LeftBehind } from './keeper/keeper.ts';
export type { KeepError, KeptEvent, LapsedError, ThrownError } from './keeper/events.ts';
export type { ClosedError, KeptMapping, KeptPhase, Stand } from './keeper/managed-lease.ts';
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
export { unmapPort, type NotUnmappedError, type UnmapPortOptions } from './unmap-port.ts';
export { mapBoth, type MappedBoth } from './map-both.ts';
export {
  mapOnAll,
  type MapOnAllOptions,
  type MappedOnAll,
  type MappingOnGateway,
  type PinholeOnGateway,
} from './map-on-all.ts';
export { GatewayWatch, watchGateway, type GatewayChange, type WatchOptions } from './watch/watch.ts';
export { findKnownGateway } from './igd/find-known-gateway.ts';
export { cleanUpAfterCrash, Journal, type CleanUp, type JournalEntry } from './leases/journal.ts';
