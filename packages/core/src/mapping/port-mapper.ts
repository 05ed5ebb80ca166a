/** The seam: whatever opens ports on a gateway. Everything that keeps ports open knows nothing else of a gateway. */
import type { Result, ResultAsync } from '../result.ts';
import type { AddressClass } from '../addresses/address-class.ts';
import type { CallOptions } from '../call-options.ts';
import type { CallError } from '../errors.ts';
import type { PortMapping } from '../port-mapping.ts';
import type { AbortSignalLike, ClockPort, RandomPort } from '../ports.ts';
import type { FailedAttempt, Owner, Verification } from './attempts.ts';
import type { TimeBudget } from './internal/budget.ts';
import type { OnThrown } from './internal/channel.ts';
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

/** One way to open ports on one gateway: its IGD connection service. Every function of it resolves; none rejects. */
export interface PortMapper {
  readonly via: Via;
  readonly gateway: GatewayIdentity;
  /** Gets a port by whatever way the gateway allows, and reads back what was granted. */
  map(request: MapPortOptions, context: MappingContext): Promise<Result<MappedPort, MapPortError>>;
  /** Asks for a lease again, in the way that worked before; where it is gone, for another one. */
  renew(lease: Lease, request: MapPortOptions, context: RenewalContext): Promise<Result<MappedPort, RenewalError>>;
  /** Deletes what a lease stands for, if it is still this host's. That it is gone already will do. */
  release(lease: Lease, options: ReleaseOptions): Promise<Result<unknown, CallError>>;
  /** Who has the port of a lease by now; `unknown` where the gateway does not tell. */
  inspect(lease: Lease, options: CallOptions): Promise<Owner>;
  /** The same device as it is found at its address now; null where that is another one, or does not answer. */
  relocate(options: CallOptions): Promise<PortMapper | null>;
  /**
   * Deletes a mapping, if it leads to this host.
   *
   * @param lease - the lease that is meant: its description and internal port tell whose the mapping is, too
   */
  unmap(options: UnmapPortOptions, lease?: Lease): ResultAsync<PortMapping | null, CallError | NotUnmappedError>;
  /** Deletes what a lease of an earlier run stands for, if it is beyond doubt still that lease, and this host's. */
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
>;

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
  /** It was granted a moment ago, and is deleted without a look. Default: false. */
  readonly isFresh?: boolean | undefined;
  /** The gateway speaks of it as of another host's: it is deleted only where it is seen to be this host's. Default: false. */
  readonly isDisputed?: boolean | undefined;
}

/**
 * What exists, or may exist, of one request on one gateway. A mapper tells it each step before it takes the next, so that
 * neither an error nor a crash leaves a mapping that nobody knows of.
 */
export interface LeaseLedger {
  /** What may exist, since nobody could find out, or take it back; not what is disputed. */
  unknown(): readonly Lease[];
  isActive(lease: Lease): boolean;
  /** Milliseconds until it ends; Infinity for one without an end; 0 for what is not in the ledger. */
  msLeft(lease: Lease): number;
  /** It is asked for next. Resolves when that is written down. One that is in the ledger stays what it is. */
  request(lease: Lease): Promise<void>;
  /** The gateway has granted it. Resolves when that is written down. */
  grant(lease: Lease): Promise<void>;
  /** It was refused: one that was not there before is not there. */
  refuse(lease: Lease): void;
  /** Nobody could find out what became of the request, or take back what was granted. */
  doubt(lease: Lease): void;
  /** The answer to a renewal is lost: one that is active may last longer than is known. */
  mayLast(lease: Lease): void;
  /** The gateway speaks of it as of another host's. */
  dispute(lease: Lease): void;
  /** It does not exist. */
  drop(lease: Lease): void;
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
  readonly stillStands: (signal: AbortSignalLike) => Promise<boolean>;
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
  look(): void;
  close(): Promise<void>;
}

/** A mapper that was found, and what its gateway told meanwhile. */
export interface FoundMapper {
  readonly mapper: PortMapper;
  readonly state: GatewayState | null;
}
