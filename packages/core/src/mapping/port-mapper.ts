/** The interface of everything that opens ports on a gateway. The keeper and the ledger know a gateway only through it. */
import type { Result, ResultAsync } from '../result.ts';
import type { AddressClass } from '../addresses/address-class.ts';
import type { CallOptions } from '../call-options.ts';
import type { CallError } from '../errors.ts';
import type { PortMapping } from '../port-mapping.ts';
import type { AbortSignalLike, ClockPort, RandomPort } from '../ports.ts';
import type { FailedAttempt, Owner, Verification } from './attempts.ts';
import type { TimeBudget } from './internal/budget.ts';
import type { OnThrown } from './internal/event-stream.ts';
import type {
  Lease,
  MapPortError,
  MapPortOptions,
  MappingStep,
  MappingWarning,
  NotUnmappedError,
  UnmapPortOptions,
  Via,
} from './types.ts';

/** Which gateway it is. */
export interface GatewayIdentity {
  /** The same wherever the device is found: the UDN of its root device; of one without, the URL of its description. */
  readonly id: string;
  /** Where it is asked, and from which address of this host. */
  readonly endpoint: string;
  /** What it calls itself. Untrusted. */
  readonly name: string | null;
}

/**
 * One way to open ports on one gateway, such as its IGD connection service. Its promises reject only with what the caller's
 * own `policy` throws.
 */
export interface PortMapper {
  readonly via: Via;
  readonly gateway: GatewayIdentity;
  /** Milliseconds that an answer of its router may take, by those up to now. Default: 0. */
  readonly answerMs?: number;
  /** Milliseconds between two renewals at least, if its gateway shortens leases. Default: 120000. */
  readonly leastRenewalMs?: number;
  /** Gets a port by whatever way the gateway allows, and reads back what was granted. */
  map(request: MapPortOptions, context: MappingContext): Promise<Result<MappedPort, MapPortError>>;
  /** Renews a lease with the request that worked before. If the lease is gone, maps the port again. */
  renew(lease: Lease, request: MapPortOptions, context: RenewalContext): Promise<Result<MappedPort, RenewalError>>;
  /** Deletes the mapping of a lease if it is still this host's. Succeeds also if the mapping is already gone. */
  release(lease: Lease, options: ReleaseOptions): Promise<Result<unknown, CallError>>;
  /** Reads who owns the port of a lease now; `unknown` if the gateway cannot or will not show it. */
  inspect(lease: Lease, options: CallOptions): Promise<Owner>;
  /**
   * Whether the gateway refuses every port by this protocol, as one does on which it is switched off, or that does not let
   * this host: another protocol may be granted one.
   */
  isRefusedAltogether(error: MapPortError): boolean;
  /** Asks for the external address. A value that the gateway does not tell is absent. */
  readState(options: CallOptions): Promise<GatewayState>;
  /** Fetches the gateway's description again, for its present URLs; null if nothing usable answers. */
  relocate(options: CallOptions): Promise<PortMapper | null>;
  /**
   * Deletes a mapping, if it leads to this host.
   *
   * @param lease - the lease that is meant: its description and internal port tell whose the mapping is, too
   */
  unmap(options: UnmapPortOptions, lease?: Lease): ResultAsync<PortMapping | null, CallError | NotUnmappedError>;
  /** Deletes the mapping of an earlier run, if it is certain that it is that mapping and belongs to this host. */
  cleanUp(lease: LostLease): Promise<'deleted' | 'left' | 'failed'>;
  watch(options: WatchContext): MapperWatch;
  /** Of its transport. */
  readonly clock: ClockPort;
  readonly random: RandomPort;
}

/** What is known of a lease of an earlier run. */
export type LostLease = Pick<
  Lease,
  'externalPort' | 'protocol' | 'family' | 'internalClient' | 'internalPort' | 'description'
> & {
  /** The mapper's own part; absent in the file of an earlier version. Untrusted. */
  readonly details?: object | undefined;
};

/** What a mapper is given to map a port with. */
export interface MappingContext {
  readonly budget: TimeBudget;
  readonly ledger: LeaseLedger;
  /** The external port to begin with; default: the one that is wanted. */
  readonly startAt?: number | undefined;
  /** How many requests for it there may be; default: as many as the mapper's policy allows. */
  readonly attemptsLeft?: number | undefined;
  readonly onStep?: ((step: MappingStep) => void) | undefined;
}

export interface RenewalContext extends Omit<MappingContext, 'startAt' | 'attemptsLeft'> {
  /** Whether the last look at the lease, half of it ago at most, found it in place. */
  readonly wasSeen: boolean;
}

/** The lease was not renewed. */
export interface RenewalError {
  readonly error: MapPortError;
  /** Whether it goes on until it ends. */
  readonly isActive: boolean;
}

export interface ReleaseOptions {
  readonly budget: TimeBudget;
  /** It was granted just now, and is deleted without reading its owner. Default: false. */
  readonly isFresh?: boolean | undefined;
  /** The gateway refused it as another host's mapping: it is deleted only if the table shows it as this host's. Default: false. */
  readonly isDisputed?: boolean | undefined;
}

/**
 * The leases of one request on one gateway. A mapper records every state change here before it sends the next request, so
 * that no error and no crash can leave an unrecorded mapping.
 */
export interface LeaseLedger {
  /** The leases in state `unknown`, without the disputed ones. */
  unknown(): readonly Lease[];
  isActive(lease: Lease): boolean;
  /** Milliseconds until it ends; Infinity for one without an end; 0 for what is not in the ledger. */
  msLeft(lease: Lease): number;
  /** The request is sent next. Resolves when that is written to the file. A lease that has an entry keeps its state. */
  request(lease: Lease): Promise<void>;
  /** The gateway has granted it. Resolves when that is written to the file. */
  grant(lease: Lease): Promise<void>;
  /** The gateway refused it: removes an entry in state `requested`, and leaves others as they are. */
  refuse(lease: Lease): void;
  /** The outcome of the request is unknown, or a granted mapping could not be deleted. */
  doubt(lease: Lease): void;
  /** The answer to a renewal was lost: the lease may end later than recorded. */
  mayLast(lease: Lease): void;
  /** The gateway refuses it as another host's mapping (606, 718 for UPnP). Releasing it needs proof of ownership. */
  dispute(lease: Lease): void;
  /** The mapping does not exist on the gateway. */
  drop(lease: Lease): void;
  /** The same for another mapper that goes on with the request. */
  on(mapper: PortMapper): LeaseLedger;
}

/** A port that is mapped. */
export interface MappedPort {
  /** What was wanted, with the defaults filled in. */
  readonly requested: PortMapping;
  /** What the gateway gave: read back, where that was possible. */
  readonly granted: Lease;
  readonly verified: Verification;
  /** What was refused on the way, oldest first. */
  readonly attempts: readonly FailedAttempt[];
  readonly warnings: readonly MappingWarning[];
  /** Through which it was granted. Another one than was given, if the gateway's description had to be fetched again. */
  readonly mapper: PortMapper;
}

/** How a change was noticed. Changes from announcements were confirmed by the gateway itself. */
export type ChangeSource = 'event' | 'announcement' | 'poll';

export type GatewayChange = { readonly source: ChangeSource } & (
  | { readonly kind: 'externalAddress'; readonly address: string | null; readonly addressClass: AddressClass }
  | { readonly kind: 'connection'; readonly status: string | null; readonly connected: boolean }
  /** The mapping table has changed, by any client. `entries`: null if unknown. From events only. */
  | { readonly kind: 'mappings'; readonly entries: number | null }
  /** The gateway or its connection has restarted: mappings may be lost, and its URLs may be others. */
  | { readonly kind: 'restarted' }
  /** The gateway does not answer any more. `restarted` follows when it does. */
  | { readonly kind: 'gone' }
  /** This host is on another network, or has another address. Search for the gateway again. */
  | { readonly kind: 'network' }
);

/** What is known of a gateway, as far as it has told. A watch begins with it; a mapper may add what is its own. */
export interface GatewayState {
  readonly externalAddress?: string | null;
  readonly externalAddressClass?: AddressClass;
}

/** How a gateway is watched. */
export interface MonitorOptions {
  /** Milliseconds from one poll to the next; default 120000. Five times as long while events arrive. */
  readonly pollMs?: number | undefined;
  /**
   * Whether to subscribe to events, if the transport can listen for them. Default: false, since that opens a port on this
   * host, and its firewall may ask the user about it.
   */
  readonly events?: boolean | undefined;
  /** Whether to listen for announcements; default true. */
  readonly announcements?: boolean | undefined;
}

export interface WatchContext extends MonitorOptions {
  /** Whether this host's leases are still on the gateway; `false` confirms a restart. */
  readonly isStillMapped: (signal: AbortSignalLike) => Promise<boolean>;
  /** Null: the watch asks for it first. */
  readonly state: GatewayState | null;
  /** Whether it is of some time ago, or of another gateway. */
  readonly isStale: boolean;
  readonly onThrown?: OnThrown | undefined;
}

/** A gateway that is watched, until it is closed. */
export interface MapperWatch {
  readonly state: GatewayState | null;
  /** @returns a function that removes the listener */
  on(listener: (change: GatewayChange) => void): () => void;
  /** Polls now, without waiting for the next poll. */
  checkNow(): void;
  close(): Promise<void>;
}

/** A mapper that was found, and what its gateway told meanwhile. */
export interface FoundMapper {
  readonly mapper: PortMapper;
  readonly state: GatewayState | null;
}
