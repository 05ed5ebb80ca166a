/** The one ledger of what exists, or may exist, on gateways. */
import { assertArguments, FILE, optional, options as optionsOf, type Judge } from '../../arguments.ts';
import type { CallError } from '../../errors.ts';
import type { FilePort } from '../../ports.ts';
import { reject, type OnThrown } from '../internal/channel.ts';
import type { LeaseLedger, PortMapper } from '../port-mapper.ts';
import { isOn } from '../same-gateway.ts';
import type { Lease } from '../types.ts';
import { JournalFile } from './journal-file.ts';

/**
 * `requested`: it is asked for, and nothing was heard yet; `active`: the gateway has granted it; `unknown`: nobody could
 * find out what became of it, or take it back. A released one is not in the ledger any more.
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
  /** When a renewal ends whose answer was lost: the lease may last as long. */
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

const STORE_OPTIONS: Judge = optionsOf({ file: optional(FILE) });

const NONE: readonly never[] = [];

/** A grant and what is read back of it differ by no more, and are written down once. */
const READ_BACK_MS = 2_000;

/**
 * The leases of one program, by what they are for: whatever keeps a port open has entries of its own. There is one entry
 * for each protocol, external port and internal address on a gateway; one of them at most is active.
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

  /** What exists, or may exist, for somebody. What is over goes. */
  entriesOf(holder: object): readonly LeaseEntry[] {
    for (const entry of this.#all(holder)) this.#end(holder, entry);
    return this.#all(holder);
  }

  /** When an active lease ends, on the transport's clock; Infinity for one without an end, and for one that is not active. */
  endOf(holder: object, lease: Lease | null): number {
    const entry = lease === null ? undefined : this.#find(holder, lease);
    return entry?.state === 'active' ? entry.endsAt : Infinity;
  }

  /** It has outlasted its lease, as was seen. */
  prolong(holder: object, lease: Lease, endsAt: number): void {
    const entry = this.#find(holder, lease);
    if (entry !== undefined) this.#put(holder, { ...entry, endsAt, mayEndAt: Math.max(endsAt, entry.mayEndAt) });
  }

  /** It was seen to be gone. */
  drop(holder: object, lease: Lease): void {
    const entry = this.#find(holder, lease);
    if (entry !== undefined) this.#remove(holder, entry);
  }

  /** From now on a lease is somebody else's. One that is not in the ledger is active from now on. */
  transfer(lease: Lease, mapper: PortMapper, to: object): void {
    this.remove(lease);
    void this.#grant(to, lease, mapper);
  }

  /** It was released, whoever had it. */
  remove(lease: Lease): void {
    for (const holder of [...this.#entries.keys()]) this.drop(holder, lease);
  }

  /** What a mapper writes into about one request. */
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

  /** What could not be released, and has not ended. */
  get unreleased(): readonly UnreleasedLease[] {
    return this.#unreleased.flatMap(({ entry: { lease, mayEndAt, mapper }, error }) =>
      mayEndAt > mapper.clock.now() ? [{ lease, error }] : [],
    );
  }

  /** Resolves when all of it is written down. */
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

  /** Ends what is over. */
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

/** For no longer than it was asked for, unless it reads as one without an end: such a one is released at any time. */
function secondsOf({ requestedSeconds, leaseSeconds }: Lease): number {
  return leaseSeconds === 0 ? Infinity : Math.min(requestedSeconds || Infinity, leaseSeconds ?? Infinity);
}
