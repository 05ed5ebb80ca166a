/** The ledger of all leases that exist, or may exist, on gateways. */
import { assertArguments, FILE, optional, options as optionsOf, type Check } from '../../arguments.ts';
import type { CallError } from '../../errors.ts';
import type { FilePort } from '../../ports.ts';
import { reject, type OnThrown } from '../internal/event-stream.ts';
import type { LeaseLedger, PortMapper } from '../port-mapper.ts';
import { isOn } from '../same-gateway.ts';
import type { Lease } from '../types.ts';
import { JournalFile } from './journal-file.ts';

/**
 * `requested`: the request is under way; `active`: the gateway has granted it; `unknown`: the outcome could not be learned,
 * or a granted mapping could not be deleted. A released lease has no entry.
 */
export type LeaseState = 'requested' | 'active' | 'unknown';

/** A lease that exists, or may exist. */
export interface LeaseEntry {
  readonly lease: Lease;
  readonly state: LeaseState;
  /** Through which it was asked for last. */
  readonly mapper: PortMapper;
  /** When it ends, on the transport's clock; Infinity for one without an end. */
  readonly endsAt: number;
  /** The gateway refuses to renew or to delete it, as it would another host's. */
  readonly isDisputed: boolean;
}

interface Entry extends LeaseEntry {
  /** The latest possible end: later than `endsAt` if the answer to a renewal was lost. */
  readonly mayEndAt: number;
}

/** A lease that could not be released, and may stay until it ends. */
export interface UnreleasedLease {
  readonly lease: Lease;
  readonly error: CallError;
}

export interface LeaseStoreOptions {
  /** Where entries are written down, for {@link cleanUpAfterCrash}; default: nowhere. */
  readonly file?: FilePort | undefined;
}

const STORE_OPTIONS: Check = optionsOf({ file: optional(FILE) });

const NONE: readonly never[] = [];

/** A grant and its read-back differ by at most this much, and are written to the file once. */
const READ_BACK_MS = 2_000;

/**
 * The leases of one program. Each holder, such as a kept mapping, has its own entries: one for each gateway, protocol,
 * external port and internal address. For one external port, at most one entry is active.
 */
export class LeaseStore {
  readonly #file: JournalFile | null;
  readonly #entries = new Map<object, readonly Entry[]>();
  #unreleased: readonly { readonly entry: Entry; readonly error: CallError }[] = NONE;

  constructor(options: LeaseStoreOptions = {}) {
    assertArguments(['options', options, STORE_OPTIONS]);
    const { file } = options;
    const onThrown = (error: unknown): void => {
      this.onThrown(error);
    };
    this.#file = file === undefined ? null : new JournalFile(file, onThrown);
  }

  /** For its keeper: is told what the file throws. Default: it becomes a rejection that nobody handles. */
  onThrown: OnThrown = reject;

  /** The entries of a holder. Expired ones are removed first. */
  entriesOf(holder: object): readonly LeaseEntry[] {
    for (const entry of this.#all(holder)) this.#end(holder, entry);
    return this.#all(holder);
  }

  /** When an active lease ends, on the transport's clock; Infinity for one without an end, and for one that is not active. */
  endOf(holder: object, lease: Lease | null): number {
    const entry = lease === null ? undefined : this.#find(holder, lease);
    return entry?.state === 'active' ? entry.endsAt : Infinity;
  }

  /** The mapping was read after its lease ended, and still exists: it is believed until `endsAt`. */
  prolong(holder: object, lease: Lease, endsAt: number): void {
    const entry = this.#find(holder, lease);
    if (entry !== undefined) this.#put(holder, { ...entry, endsAt, mayEndAt: Math.max(endsAt, entry.mayEndAt) });
  }

  /** The mapping is gone from the gateway. */
  drop(holder: object, lease: Lease): void {
    const entry = this.#find(holder, lease);
    if (entry !== undefined) this.#remove(holder, entry);
  }

  /** Gives a lease to another holder, as active. A lease without an entry gets one. */
  transfer(lease: Lease, mapper: PortMapper, to: object): void {
    this.remove(lease);
    void this.#grant(to, lease, mapper);
  }

  /** Removes the entries of a lease from all holders. */
  remove(lease: Lease): void {
    for (const holder of [...this.#entries.keys()]) this.drop(holder, lease);
  }

  /** The view of a holder's entries that a mapper records in. */
  ledger(holder: object, mapper: PortMapper): LeaseLedger {
    const here = (): readonly Entry[] => this.#all(holder).filter(({ lease }) => isOn(lease, mapper));
    return {
      unknown: () =>
        here().flatMap(({ lease, state, isDisputed }) => (state === 'unknown' && !isDisputed ? [lease] : [])),
      isActive: (lease) => this.#find(holder, lease)?.state === 'active',
      msLeft: (lease) => Math.max(0, (this.#find(holder, lease)?.endsAt ?? -Infinity) - mapper.clock.now()),
      request: (lease) => this.#request(holder, lease, mapper),
      grant: (lease) => this.#grant(holder, lease, mapper),
      refuse: (lease) => {
        const entry = this.#find(holder, lease);
        if (entry?.state === 'requested') this.#remove(holder, entry);
      },
      doubt: (lease) => {
        this.#put(holder, this.#newEntry(lease, mapper, 'unknown'));
        void this.#file?.add(lease, mapper.clock);
      },
      mayLast: (lease) => {
        const entry = this.#find(holder, lease);
        const { mayEndAt } = this.#newEntry(lease, mapper, 'unknown');
        if (entry !== undefined) this.#put(holder, { ...entry, mayEndAt });
      },
      dispute: (lease) => {
        const entry = this.#find(holder, lease) ?? this.#newEntry(lease, mapper, 'unknown');
        this.#put(holder, { ...entry, state: 'unknown', isDisputed: true });
      },
      drop: (lease) => {
        this.drop(holder, lease);
      },
      on: (other) => this.ledger(holder, other),
    };
  }

  /** @param error - why it could not be released; null: it was */
  endRelease(holder: object, { lease }: LeaseEntry, error: CallError | null): void {
    const entry = this.#find(holder, lease);
    if (entry === undefined) return;
    this.#unreleased = this.#unreleased.filter((other) => !isSameKey(other.entry.lease, lease));
    if (error === null) this.#remove(holder, entry);
    // It stays in the file, for the next start.
    else {
      this.#unreleased = [...this.#unreleased, { entry, error }];
      this.#keepOnly(holder, (other) => other !== entry);
    }
  }

  /** The leases that could not be released and have not expired. */
  get unreleased(): readonly UnreleasedLease[] {
    return this.#unreleased.flatMap(({ entry: { lease, mayEndAt, mapper }, error }) =>
      mayEndAt > mapper.clock.now() ? [{ lease, error }] : [],
    );
  }

  /** Resolves when the file is up to date. */
  async written(): Promise<void> {
    await this.#file?.written();
  }

  #all(holder: object): readonly Entry[] {
    return this.#entries.get(holder) ?? NONE;
  }

  #find(holder: object, lease: Lease): Entry | undefined {
    return this.#all(holder).find((entry) => isSameKey(entry.lease, lease));
  }

  async #request(holder: object, lease: Lease, mapper: PortMapper): Promise<void> {
    if (this.#find(holder, lease) !== undefined) return;
    this.#put(holder, this.#newEntry(lease, mapper, 'requested'));
    await this.#file?.add(lease, mapper.clock);
  }

  async #grant(holder: object, lease: Lease, mapper: PortMapper): Promise<void> {
    const [known, entry] = [this.#find(holder, lease), this.#newEntry(lease, mapper, 'active')];
    // To another address of this host: the gateway has one mapping for each external port.
    for (const other of this.#all(holder)) {
      if (isSamePort(other.lease, lease) && !isSameKey(other.lease, lease)) this.#remove(holder, other);
    }
    this.#put(holder, entry);
    if (known?.state === 'active' && Math.abs(entry.endsAt - known.endsAt) <= READ_BACK_MS) return;
    await this.#file?.add(lease, mapper.clock);
  }

  #newEntry(lease: Lease, mapper: PortMapper, state: LeaseState): Entry {
    const endsAt = mapper.clock.now() + secondsOf(lease) * 1000;
    return { lease, mapper, state, endsAt, mayEndAt: endsAt, isDisputed: false };
  }

  /** Removes an expired entry, or makes it unknown if a lost renewal may have prolonged it. */
  #end(holder: object, entry: Entry): void {
    const now = entry.mapper.clock.now();
    if (entry.mayEndAt <= now) this.#remove(holder, entry);
    else if (entry.endsAt <= now) this.#put(holder, { ...entry, state: 'unknown', endsAt: entry.mayEndAt });
  }

  #put(holder: object, entry: Entry): void {
    const others = this.#all(holder).filter((other) => !isSameKey(other.lease, entry.lease));
    this.#entries.set(holder, [...others, entry]);
  }

  #remove(holder: object, { lease }: Entry): void {
    this.#keepOnly(holder, (other) => !isSameKey(other.lease, lease));
    void this.#file?.remove(lease);
  }

  #keepOnly(holder: object, isKept: (entry: Entry) => boolean): void {
    const kept = this.#all(holder).filter(isKept);
    if (kept.length === 0) this.#entries.delete(holder);
    else this.#entries.set(holder, kept);
  }
}

function isSameKey(one: Lease, other: Lease): boolean {
  return isSamePort(one, other) && one.internalClient === other.internalClient;
}

function isSamePort(one: Lease, other: Lease): boolean {
  return (
    one.externalPort === other.externalPort &&
    one.protocol === other.protocol &&
    one.gateway === other.gateway &&
    one.family === other.family &&
    one.via === other.via
  );
}

/** The shorter of the requested and the granted time; Infinity for a permanent mapping. */
function secondsOf({ requestedSeconds, leaseSeconds }: Lease): number {
  return leaseSeconds === 0 ? Infinity : Math.min(requestedSeconds || Infinity, leaseSeconds ?? Infinity);
}
