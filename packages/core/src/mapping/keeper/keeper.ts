/// <reference lib="esnext.disposable" preserve="true" />
/** Keeps mappings on whatever gateway the network has, for as long as a program runs. */
import { err, ok, ResultAsync, type Result } from '../../result.ts';
import { assertArguments, POLLED_OPTIONS, A_TRANSPORT } from '../../arguments.ts';
import { createAbort, type Abort } from '../../abort.ts';
import type { CallError } from '../../errors.ts';
import type { AbortSignalLike, Transport } from '../../ports.ts';
import { findMapper } from '../find-mapper.ts';
import { reject, withoutThrowing } from '../internal/event-stream.ts';
import { LeaseStore, type UnreleasedLease } from '../leases/lease-store.ts';
import { ReleaseQueue } from '../leases/release.ts';
import type { MappedPort, PortMapper } from '../port-mapper.ts';
import type { MapPortOptions } from '../types.ts';
import { lapsedError } from './events.ts';
import { GatewayMonitor } from './gateway-monitor.ts';
import type { MonitorDelegate } from './monitor-delegate.ts';
import { Inspector } from './inspector.ts';
import type { KeeperOptions } from './keeper-options.ts';
import { lose, succeed } from './lease-state.ts';
import { KeptPort, type KeptPortOwner } from './kept-port.ts';
import { renewKept, type RenewalParts } from './renewal.ts';
import { keepable } from './renewal-schedule.ts';
import { watchForSuspend } from './suspend.ts';

/** Looks after any number of mappings, with one timer, one watch and one search for all of them. */
export class Keeper implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #leases: LeaseStore;
  readonly #mappings = new Set<KeptPort>();
  readonly #owner: KeptPortOwner;
  readonly #monitor: GatewayMonitor;
  readonly #inspector: Inspector;
  readonly #releases: ReleaseQueue;
  readonly #parts: RenewalParts;
  /** Ends the wait that is under way. */
  #pause: Abort | null = null;
  /** Aborts when nothing is kept any more. */
  #work = createAbort();
  #renewal: { readonly mapping: KeptPort; readonly done: Promise<unknown> } | null = null;
  #running: Promise<void> | null = null;
  #closing: Promise<readonly UnreleasedLease[]> | null = null;
  #releasing: Promise<unknown> = Promise.resolve();

  constructor(transport: Transport, options: KeeperOptions = {}) {
    assertArguments(['transport', transport, A_TRANSPORT], ['options', options, POLLED_OPTIONS]);
    const { mapper, find, watch = {}, onThrown = reject } = options;
    this.#transport = transport;
    const tell = withoutThrowing(onThrown);
    this.#leases = options.leases ?? new LeaseStore();
    this.#leases.onThrown = tell;
    this.#owner = { release: (mapping) => new ResultAsync(this.#released(mapping)), onThrown: tell };
    this.#releases = new ReleaseQueue(transport.clock, this.#leases);
    this.#inspector = new Inspector(transport.clock, this.#mappings);
    const search = find ?? ((signal) => findMapper(transport, { signal }));
    this.#monitor = new GatewayMonitor(transport, mapper, search, watch, this.#delegate());
    this.#parts = { transport, leases: this.#leases, monitor: this.#monitor, inspector: this.#inspector };
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
  keep(options: MapPortOptions, mapped?: MappedPort): KeptPort {
    assertArguments(['options', options, POLLED_OPTIONS]);
    const mapping = new KeptPort(keepable(options), this.#owner, this.#now());
    if (mapped !== undefined) {
      this.#monitor.begin(mapped.mapper);
      this.#leases.transfer(mapped.granted, mapped.mapper, mapping);
      succeed(mapping, mapped, this.#transport);
      this.#inspector.notice(mapping);
    }
    if (this.#closing !== null || options.signal?.aborted === true) {
      void mapping[Symbol.asyncDispose]();
      return mapping;
    }
    this.#mappings.add(mapping);
    if (this.#running === null) this.#running = this.#run();
    else if (this.mapper === null) this.#monitor.checkNow();
    else this.#pause?.abort();
    return mapping;
  }

  /** Something may have changed: looks at the gateway now, or for one, and not only when it is time. */
  checkNow(): void {
    this.#monitor.checkNow();
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

  #delegate(): MonitorDelegate {
    return {
      ownerOn: (mapper, signal) => this.#inspector.ownerOn(mapper, signal),
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
    };
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
        void watchForSuspend(this.#transport.clock, compared, () => {
          this.#allDue('silent-loss');
          this.#monitor.checkNow();
          this.#pause?.abort();
        });
      }
      await this.#monitor.tick(this.#work.signal);
      if (this.#inspector.dueAt <= this.#now()) await this.#inspect();
      await this.#renewDue();
      await this.#sleepUntil(this.#nextDue());
      if (this.#isIdle()) await this.#monitor.close();
    }
    this.#running = null;
  }

  #nextDue(): number {
    let next = Math.min(this.#monitor.dueAt, this.#inspector.dueAt);
    for (const mapping of this.#mappings) {
      if (this.mapper !== null && mapping.dueAt < next) next = mapping.dueAt;
      next = Math.min(next, this.#leases.endOf(mapping, mapping.granted));
    }
    return next;
  }

  async #sleepUntil(time: number): Promise<void> {
    if (this.#isIdle()) return;
    this.#pause = createAbort();
    await this.#transport.clock.sleep(Math.max(0, time - this.#now()), this.#pause.signal);
    this.#pause = null;
  }

  /** Every mapping may be gone. */
  #allDue(doubt: NonNullable<KeptPort['doubt']>): void {
    for (const mapping of this.#mappings) {
      mapping.dueAt = this.#now();
      mapping.doubt = mapping.phase === 'mapped' ? doubt : null;
    }
  }

  /** If one is gone, all are due: a router that drops one has mostly dropped more. */
  async #inspect(): Promise<void> {
    if (await this.#inspector.inspect(this.mapper, this.#work.signal)) this.#allDue('silent-loss');
  }

  async #renewDue(): Promise<void> {
    for (const mapping of [...this.#mappings]) {
      const now = this.#now();
      // First the gateway: to ask one that is gone for each of them takes its time.
      if (this.#isIdle() || this.#monitor.dueAt <= now) return;
      if (mapping.phase === 'closed') continue;
      const { mapper } = this;
      if (mapper !== null && mapping.dueAt <= now) {
        const done = this.#renew(mapping, mapper);
        this.#renewal = { mapping, done };
        await done;
        this.#renewal = null;
      } else if (mapping.granted !== null && this.#leases.endOf(mapping, mapping.granted) <= now) {
        const lapsed = mapping.granted;
        this.#leases.drop(mapping, lapsed);
        lose(mapping, lapsedError(lapsed), mapping.dueAt - now);
      }
    }
  }

  async #renew(mapping: KeptPort, mapper: PortMapper): Promise<void> {
    // A signal that is no event target is asked here.
    if (mapping.options.signal?.aborted === true) return void mapping[Symbol.asyncDispose]();
    await renewKept(mapping, mapper, this.#parts, this.#work.signal);
  }

  /** One that is closed by itself, or by its signal, is waited for by {@link close}, too. */
  #released(mapping: KeptPort): Promise<Result<void, CallError>> {
    const released = this.#release(mapping);
    this.#releasing = this.#releasing.then(() => released);
    return released;
  }

  async #release(mapping: KeptPort): Promise<Result<void, CallError>> {
    this.#mappings.delete(mapping);
    if (this.#isIdle()) {
      this.#work.abort();
      this.#pause?.abort();
    }
    const isSettled = this.#renewal?.mapping === mapping ? this.#renewal.done : Promise.resolve();
    const error = await this.#releases.release({ holder: mapping, isSettled, present: () => this.mapper });
    mapping.lease = null;
    await this.#leases.written();
    if (this.#isIdle()) await this.#running;
    return error === null ? ok(undefined) : err(error);
  }
}
