/**
 * Ports that get mapped and stay mapped, on whatever gateway there is. What only UPnP has is in `@portwright/core/upnp`.
 */
export { findMapper, type FindMapperError, type FindMapperOptions, type SearchedMapper } from './find-mapper.ts';
export type { FoundIgdMapper } from './igd/find-igd-mapper.ts';
export { mapPort, type MapBothOptions, type MapOnceOptions } from './map-port.ts';
export type { MappedBoth } from './map-both.ts';
export type { MappingProgress } from './mapping-progress.ts';
export { unmapPort } from './unmap-port.ts';
export {
  mapOnAll,
  type MapOnAllOptions,
  type MappedOnAll,
  type MappingOnGateway,
  type PinholeOnGateway,
} from './igd/map-on-all.ts';
export type {
  AttemptError,
  FailedAttempt,
  PortConflictError,
  MappingAttempt,
  MappingDemand,
  MappingPolicy,
  Owner,
  UnconfirmedError,
  Verification,
} from './attempts.ts';
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
  Via,
} from './types.ts';

// Ports that stay mapped
export { keepMapped } from './keeper/keep-mapped.ts';
export { Keeper } from './keeper/keeper.ts';
export type { KeeperOptions } from './keeper/keeper-options.ts';
export type { KeepError, KeptEvent, LapsedError, ThrownError } from './keeper/events.ts';
export type { ClosedError, KeptPort, KeptPhase } from './keeper/kept-port.ts';

// What exists on gateways
export { LeaseStore, type LeaseStoreOptions, type UnreleasedLease } from './leases/lease-store.ts';
export { cleanUpAfterCrash, type CleanUp } from './leases/clean-up.ts';
export { decodeJournal, type JournalContent, type JournalEntry } from './leases/journal-file.ts';
