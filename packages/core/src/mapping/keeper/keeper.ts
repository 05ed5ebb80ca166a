/// <reference lib="esnext.disposable" preserve="true" />
/** Keeps mappings on whatever gateway the network has, for as long as a program runs. */
import { err, ok, ResultAsync, type Result } from '../../result.ts';
import { assertArguments, POLLED_OPTIONS, A_TRANSPORT } from '../../arguments.ts';
import { createAbort, type Abort } from '../../abort.ts';
import { sameHost } from '../../addresses/ip-address.ts';
import type { CallError } from '../../errors.ts';
import type { AbortSignalLike, Transport } from '../../ports.ts';
import type { Owner } from '../attempts.ts';
import { findMapper } from '../find-mapper.ts';
import { backgroundSleep } from '../internal/background-sleep.ts';
import { DEFAULT_BUDGET_MS, timeBudget } from '../internal/budget.ts';
import { limitsUntil } from '../internal/call-limits.ts';
import { reject, type OnThrown } from '../internal/channel.ts';
import { isOn, LeaseStore, type UnreleasedLease } from '../leases/lease-store.ts';
import { ReleaseQueue } from '../leases/release.ts';
import type { MappedPort, MonitorOptions, PortMapper, RenewalError } from '../port-mapper.ts';
import type { Lease, MapPortOptions } from '../types.ts';
import { pauseAfter } from './backoff.ts';
import { droppedError, lapsedError, thrownError, type KeepError } from './events.ts';
import { GatewayMonitor, type Find } from './gateway-monitor.ts';
import { dueForInspection, INSPECTION_MS } from './inspection-schedule.ts';
import { fail, lose, succeed } from './lease-state.ts';
import { KeptMapping, type Caretaker } from './managed-lease.ts';
import { keepable } from './renewal-schedule.ts';
import { COMPARE_CLOCKS_MS, wasSuspended, type Moment } from './suspend.ts';

export interface KeeperOptions {
  /** The mapper to begin with; default: the one that `find` gives. */
  readonly mapper?: PortMapper | undefined;
  /**
   * How a mapper is found, at first and when its gateway has vanished; default: {@link findMapper}. The signal aborts when
   * nobody waits for it any more.
   */
  readonly find?: Find | undefined;
  /** The ledger of what is mapped, written down in a file for {@link cleanUpAfterCrash}; default: one without a file. */
  readonly leases?: LeaseStore | undefined;
  /** How the gateway is watched meanwhile; events are off by default. */
  readonly watch?: MonitorOptions | undefined;
  /**
   * Is told what a listener, or the file of the ledger, has thrown. The other listeners are told all the same, and the
   * mappings are kept. Default: it becomes a rejection that nobody handles, so that the runtime tells of it as of any
   * mistake in a program; so does what this function throws. What `find` and `policy` throw is told by `lost`.
   */
  readonly onThrown?: OnThrown | undefined;
}

/** To see whether a mapping is still there. A gateway that is slower is looked for. */
const CHECK_MS = 5_000;

/** Looks after any number of mappings, with one timer, one watch and one search for all of them. */
export class Keeper implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #leases: LeaseStore;
  readonly #mappings = new Set<KeptMapping>();
  readonly #caretaker: Caretaker;
  readonly #monitor: GatewayMonitor;
  readonly #releases: ReleaseQueue;
  /** Ends the wait that is under way. */
  #pause: Abort | null = null;
  /** Aborts when nothing is kept any more. */
  #work = createAbort();
  #turn: { readonly mapping: KeptMapping; readonly done: Promise<unknown> } | null = null;
  #running: Promise<void> | null = null;
  #closing: Promise<readonly UnreleasedLease[]> | null = null;
  #releasing: Promise<unknown> = Promise.resolve();
  /** When mappings are read although nothing was heard. */
  #inspectAt = Infinity;

  constructor(transport: Transport, options: KeeperOptions = {}) {
    assertArguments(['transport', transport, A_TRANSPORT], ['options', options, POLLED_OPTIONS]);
    const { mapper, find, watch = {}, onThrown = reject } = options;
    this.#transport = transport;
    const tell = told(onThrown);
    this.#leases = options.leases ?? new LeaseStore();
    this.#leases.onThrown = tell;
    this.#caretaker = { release: (mapping) => new ResultAsync(this.#released(mapping)), onThrown: tell };
    this.#releases = new ReleaseQueue(transport.clock);
    this.#monitor = new GatewayMonitor(
      transport,
      mapper,
      find ?? ((signal) => findMapper(transport, { signal })),
      watch,
      {
        ownerOn: (on, signal) => this.#ownerOn(on, signal),
        wake: () => {
          this.#pause?.abort();
        },
        onDoubt: () => {
          this.#allDue('restart');
        },
        onNone: (error, retryInMs) => {
          for (const mapping of this.#mappings) lose(mapping, error, retryInMs);
        },
        onAddress: (event) => {
          for (const mapping of this.#mappings) mapping.emit(event);
        },
        lastGateway: () => [...this.#mappings].find(({ lease }) => lease !== null)?.lease?.gateway ?? null,
      },
    );
  }

  /** The mapper of the gateway that the mappings are on; null while there is none. */
  get mapper(): PortMapper | null {
    return this.#monitor.mapper;
  }

  /**
   * Maps a port, and keeps it mapped. What comes of it is told by the mapping's events. Its `signal` closes it; one that
   * is no event target is asked at each turn only. A lease of less than a minute is one of a minute.
   *
   * @param mapped - what {@link mapPort} has got for it already, and is kept from now on: of that there is no event
   */
  keep(options: MapPortOptions, mapped?: MappedPort): KeptMapping {
    assertArguments(['options', options, POLLED_OPTIONS]);
    const mapping = new KeptMapping(keepable(options), this.#caretaker, this.#now());
    if (mapped !== undefined) {
      this.#monitor.begin(mapped.mapper);
      this.#leases.transfer(mapped.granted, mapped.mapper, mapping);
      succeed(mapping, mapped, this.#transport);
      this.#inspectFrom(mapping);
    }
    if (this.#closing !== null || options.signal?.aborted === true) {
      void mapping[Symbol.asyncDispose]();
      return mapping;
    }
    this.#mappings.add(mapping);
    if (this.#running === null) this.#running = this.#run();
    else if (this.mapper === null) this.#monitor.look();
    else this.#pause?.abort();
    return mapping;
  }

  /** Something may have changed: looks at the gateway now, or for one, and not only when it is time. */
  look(): void {
    this.#monitor.look();
  }

  /**
   * Closes every mapping. A search and a wait end at once; a request that was sent is heard to its end, and what it got
   * is given back. Nothing runs after that. May be called again, and is the same then.
   *
   * Where the gateway does not answer, it takes 5 seconds, and a fifth of one more for each mapping after the first; one
   * that answers is given 5 seconds for each. What is under way is waited for besides, no longer than its `budgetMs`: 20
   * seconds by default.
   *
   * @returns what may still be mapped, and why, also of the mappings that were closed before; mostly nothing
   */
  close(): Promise<readonly UnreleasedLease[]> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #closeAll(): Promise<readonly UnreleasedLease[]> {
    this.#pause?.abort();
    for (const mapping of [...this.#mappings]) void mapping[Symbol.asyncDispose]();
    await this.#releasing;
    await this.#running;
    await this.#leases.written();
    return this.#leases.unreleased;
  }

  #now(): number {
    return this.#transport.clock.now();
  }

  #isIdle(): boolean {
    return this.#mappings.size === 0;
  }

  async #run(): Promise<void> {
    let compared: AbortSignalLike | null = null;
    while (!this.#isIdle()) {
      // What came when the last one had just been closed.
      if (this.#work.signal.aborted) this.#work = createAbort();
      if (compared !== this.#work.signal) {
        compared = this.#work.signal;
        void this.#compareClocks(compared);
      }
      await this.#monitor.act(this.#work.signal);
      if (this.#inspectAt <= this.#now()) await this.#inspect();
      await this.#tend();
      await this.#sleepUntil(this.#nextDue());
      if (this.#isIdle()) await this.#monitor.close();
    }
    this.#running = null;
  }

  #nextDue(): number {
    let next = Math.min(this.#monitor.dueAt, this.#inspectAt);
    for (const mapping of this.#mappings) {
      if (this.mapper !== null && mapping.dueAt < next) next = mapping.dueAt;
      if (mapping.phase === 'mapped') next = Math.min(next, this.#endOf(mapping));
    }
    return next;
  }

  /** When its active lease ends; Infinity for one without an end, and where there is none. */
  #endOf(mapping: KeptMapping): number {
    const { lease } = mapping;
    return (lease && this.#leases.activeEntry(mapping, lease))?.endsAt ?? Infinity;
  }

  async #sleepUntil(time: number): Promise<void> {
    if (this.#isIdle()) return;
    this.#pause = createAbort();
    await this.#transport.clock.sleep(Math.max(0, time - this.#now()), this.#pause.signal);
    this.#pause = null;
  }

  /** Every mapping may be gone. */
  #allDue(doubt: NonNullable<KeptMapping['doubt']>): void {
    for (const mapping of this.#mappings) {
      mapping.dueAt = this.#now();
      mapping.doubt = mapping.phase === 'mapped' ? doubt : null;
    }
  }

  /** Has everything checked after a suspend. */
  async #compareClocks(signal: AbortSignalLike): Promise<void> {
    const { clock } = this.#transport;
    const moment = (): Moment => ({ now: clock.now(), wall: clock.wallTime?.() ?? null });
    for (let before = moment(); ; before = moment()) {
      await backgroundSleep(clock, COMPARE_CLOCKS_MS, signal);
      if (signal.aborted) return;
      if (!wasSuspended(before, moment())) continue;
      this.#allDue('silent-loss');
      this.#monitor.look();
      this.#pause?.abort();
    }
  }

  /** Reads some of the mappings. If one is gone, all are due: a router that drops one has mostly dropped more. */
  async #inspect(): Promise<void> {
    this.#inspectAt = this.#now() + INSPECTION_MS;
    const { mapper } = this;
    if (mapper === null) return;
    for (const mapping of dueForInspection(this.#mappedOn(mapper))) {
      if (this.#work.signal.aborted || mapping.granted === null) continue;
      mapping.inspectedAt = this.#now();
      const owner = await this.#ownerOf(mapper, mapping.granted);
      if (owner === 'nobody' || owner === 'other') this.#allDue('silent-loss');
      // Of a gateway that does not answer, the others are not read either.
      if (owner !== 'own') return;
    }
  }

  #inspectFrom(mapping: KeptMapping): void {
    mapping.inspectedAt = this.#now();
    this.#inspectAt = Math.min(this.#inspectAt, this.#now() + INSPECTION_MS);
  }

  async #tend(): Promise<void> {
    for (const mapping of [...this.#mappings]) {
      const now = this.#now();
      // First the gateway: to ask one that is gone for each of them takes its time.
      if (this.#isIdle() || this.#monitor.dueAt <= now) return;
      if (mapping.phase === 'closed') continue;
      const { mapper } = this;
      if (mapper !== null && mapping.dueAt <= now) {
        const done = this.#renew(mapping, mapper);
        this.#turn = { mapping, done };
        await done;
        this.#turn = null;
      } else if (mapping.granted !== null && this.#endOf(mapping) <= now) {
        const lapsed = mapping.granted;
        this.#leases.drop(mapping, lapsed);
        lose(mapping, lapsedError(lapsed), mapping.dueAt - now);
      }
    }
  }

  async #renew(mapping: KeptMapping, mapper: PortMapper): Promise<void> {
    const { options, lease } = mapping;
    if (options.signal?.aborted === true) return void mapping[Symbol.asyncDispose]();
    const before = lease !== null && isOn(lease, mapper) ? lease : null;
    try {
      const { doubt } = mapping;
      mapping.doubt = null;
      const isGone = before !== null && doubt !== null && (await this.#isFoundGone(mapper, before));
      if (isGone) {
        this.#leases.drop(mapping, before);
        if (doubt === 'silent-loss') lose(mapping, droppedError(before), 0);
      }
      const wasLost = mapping.phase === 'lost' || isGone;
      const renewed = await this.#asked(mapping, mapper, before);
      if (renewed.isOk()) await this.#succeed(mapping, mapper, renewed.value, wasLost);
      else this.#fail(mapping, renewed.error.error, renewed.error.isActive);
    } catch (error) {
      this.#fail(mapping, thrownError(error), mapping.granted !== null && this.#endOf(mapping) > this.#now());
    }
    await this.#leases.written();
  }

  /** Asks for it: for the lease that there was on this gateway, or may be; else for a new one. */
  async #asked(
    mapping: KeptMapping,
    mapper: PortMapper,
    before: Lease | null,
  ): Promise<Result<MappedPort, RenewalError>> {
    const { options, lease, phase, failures } = mapping;
    const ledger = this.#leases.ledger(mapping, mapper);
    const signal = {
      get aborted() {
        return mapping.phase === 'closed' || options.signal?.aborted === true;
      },
    };
    const { budgetMs = DEFAULT_BUDGET_MS } = options;
    const context = { ledger, budget: timeBudget(this.#transport.clock, budgetMs, signal) };
    const request = { ...options, askState: lease === null, signal };
    const known = before ?? ledger.unknown()[0];
    if (known !== undefined)
      return mapper.renew(known, request, { ...context, wasSeen: phase === 'mapped' && failures === 0 });
    const mapped = await mapper.map(request, { ...context, startAt: lease?.externalPort });
    return mapped.mapErr((error) => ({ error, isActive: false }));
  }

  #fail(mapping: KeptMapping, error: KeepError, isActive: boolean): void {
    const { lease, phase } = mapping;
    if (phase === 'closed') return;
    fail(mapping, error, isActive ? this.#endOf(mapping) : null, this.#transport);
    // It has outlasted its lease, as was seen just now: believed until the next look.
    if (isActive && lease !== null && this.#endOf(mapping) <= this.#now()) {
      mapping.dueAt = this.#now() + pauseAfter(mapping.failures, this.#transport.random);
      this.#leases.prolong(mapping, lease, mapping.dueAt);
    }
    const last = error.kind === 'not-mapped' ? error.attempts.at(-1)?.error : undefined;
    // Perhaps it is gone: that is seen at the next look, and this is the time for it.
    if (last?.kind === 'transport') this.#monitor.look();
  }

  async #isFoundGone(mapper: PortMapper, lease: Lease): Promise<boolean> {
    const owner = await this.#ownerOf(mapper, lease);
    return owner === 'nobody' || owner === 'other';
  }

  #mappedOn(mapper: PortMapper): readonly KeptMapping[] {
    return [...this.#mappings].filter(({ granted }) => granted !== null && isOn(granted, mapper));
  }

  /** What a gateway forgets at a start, it forgets as a whole. */
  async #ownerOn(mapper: PortMapper, signal: AbortSignalLike): Promise<Owner | null> {
    const lease = this.#mappedOn(mapper).at(0)?.granted ?? null;
    return lease === null ? null : this.#ownerOf(mapper, lease, signal);
  }

  #ownerOf(mapper: PortMapper, lease: Lease, signal: AbortSignalLike = this.#work.signal): Promise<Owner> {
    const { clock } = this.#transport;
    return mapper.inspect(lease, limitsUntil(clock.now() + CHECK_MS, clock, signal));
  }

  async #succeed(mapping: KeptMapping, asked: PortMapper, mapped: MappedPort, wasLost: boolean): Promise<void> {
    const { mapper, granted } = mapped;
    if (mapper !== asked && this.mapper === asked) this.#monitor.bind(mapper, null);
    const { lease } = mapping;
    succeed(mapping, mapped, this.#transport);
    this.#inspectFrom(mapping);
    await this.#leases.written();
    // Closed while it was written down: the one who closes it waits, and gives it back.
    if (mapping.phase === 'closed') return;
    if (lease === null) mapping.emit({ kind: 'mapped', mapping: mapped });
    else if (!isOn(lease, mapper) || !isSameGrant(granted, lease)) {
      mapping.emit({ kind: 'moved', mapping: mapped, from: lease });
    } else if (wasLost) mapping.emit({ kind: 'restored', mapping: mapped });
    else mapping.emit({ kind: 'renewed', mapping: granted });
  }

  /** One that is closed by itself, or by its signal, is waited for by {@link close}, too. */
  #released(mapping: KeptMapping): Promise<Result<void, CallError>> {
    const released = this.#release(mapping);
    this.#releasing = this.#releasing.then(() => released);
    return released;
  }

  async #release(mapping: KeptMapping): Promise<Result<void, CallError>> {
    this.#mappings.delete(mapping);
    if (this.#isIdle()) {
      this.#work.abort();
      this.#pause?.abort();
    }
    const released = await this.#releases.release(
      async () => {
        if (this.#turn?.mapping === mapping) await this.#turn.done;
        return this.#leases.entriesOf(mapping);
      },
      () => this.mapper,
    );
    mapping.lease = null;
    let error: CallError | null = null;
    for (const { entry, result } of released) {
      const failure = result.isErr() ? result.error : null;
      this.#leases.endRelease(mapping, entry, failure);
      error ??= failure;
    }
    await this.#leases.written();
    if (this.#isIdle()) await this.#running;
    return error === null ? ok(undefined) : err(error);
  }
}

/** What throws itself is a mistake that nobody is left to be told of. */
function told(onThrown: OnThrown): OnThrown {
  return (error) => {
    try {
      onThrown(error);
    } catch (mistake) {
      reject(mistake);
    }
  };
}

/** Whether the port leads to where it led. */
function isSameGrant(granted: Lease, before: Lease): boolean {
  return (
    granted.externalPort === before.externalPort &&
    granted.internalPort === before.internalPort &&
    sameHost(granted.internalClient, before.internalClient) !== 'different'
  );
}
