/// <reference lib="esnext.disposable" preserve="true" />
/** Keeps ports mapped, on whatever gateway the network has. */
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
import type { Find } from './find-or-give-up.ts';
import { GatewayMonitor } from './gateway-monitor.ts';
import type { MonitorDelegate } from './monitor-delegate.ts';
import { Inspector } from './inspector.ts';
import type { KeeperOptions } from './keeper-options.ts';
import { lose, succeed } from './lease-state.ts';
import { KeptPort, type KeptPortOwner } from './kept-port.ts';
import { renewKept, type RenewalParts } from './renewal.ts';
import { keepable } from './renewal-schedule.ts';
import { watchForSuspend } from './suspend.ts';

/** Keeps any number of ports mapped, with one timer, one watch and one search for all of them. */
export class Keeper implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #leases: LeaseStore;
  readonly #mappings = new Set<KeptPort>();
  readonly #owner: KeptPortOwner;
  readonly #monitor: GatewayMonitor;
  readonly #inspector: Inspector;
  readonly #releases: ReleaseQueue;
  readonly #parts: RenewalParts;
  /** Ends the present wait. */
  #pause: Abort | null = null;
  /** Aborts when nothing is kept any more. */
  #work = createAbort();
  #renewal: { readonly mapping: KeptPort; readonly done: Promise<unknown> } | null = null;
  #running: Promise<void> | null = null;
  #closing: Promise<readonly UnreleasedLease[]> | null = null;
  #releasing: Promise<unknown> = Promise.resolve();

  constructor(transport: Transport, options: KeeperOptions = {}) {
    assertArguments(['transport', transport, A_TRANSPORT], ['options', options, POLLED_OPTIONS]);
    const { mapper, find, via, watch = {}, onThrown = reject } = options;
    this.#transport = transport;
    const tell = withoutThrowing(onThrown);
    this.#leases = options.leases ?? new LeaseStore();
    this.#leases.onThrown = tell;
    this.#owner = { release: (mapping) => new ResultAsync(this.#released(mapping)), onThrown: tell };
    this.#releases = new ReleaseQueue(transport.clock, this.#leases);
    this.#inspector = new Inspector(transport.clock, this.#mappings);
    const search: Find = find ?? ((signal, lastVia) => findMapper(transport, { signal, via, lastVia }));
    this.#monitor = new GatewayMonitor(transport, mapper, search, watch, this.#delegate());
    this.#parts = { transport, leases: this.#leases, monitor: this.#monitor, inspector: this.#inspector };
  }

  /** The mapper of the gateway that the mappings are on; null while there is none. */
  get mapper(): PortMapper | null {
    return this.#monitor.mapper;
  }

  /**
   * Maps a port, and keeps it mapped. The port's events report the outcome. An abort of its `signal` closes the port; a
   * signal without events is polled at each renewal. Leases under 60 seconds become 60 seconds.
   *
   * @param mapped - a result of {@link mapPort} to keep from now on; there is no event for it
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

  /** Checks the gateway, or searches for one, without waiting for the next check. */
  checkNow(): void {
    this.#monitor.checkNow();
  }

  /**
   * Closes every port. A search or a wait ends at once. A request that was sent is awaited, and its mapping is deleted.
   * Nothing runs after that. Further calls return the same promise.
   *
   * It first waits for a renewal that is under way, for `budgetMs` at most: 20 seconds by default. Then each deletion takes
   * 5 seconds at most, or the time of twelve answers of a slow router. On a gateway that does not answer, the first takes
   * that long, and each further one 0.2 seconds.
   *
   * @returns the mappings that may still exist, with the errors, also of ports that were closed before; mostly none
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
      lastLease: () => [...this.#mappings].find(({ lease }) => lease !== null)?.lease ?? null,
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
      // A port was added just after the last one had been closed.
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

  /** If one mapping is gone, all are due: a router that drops one has mostly dropped more. */
  async #inspect(): Promise<void> {
    if (await this.#inspector.inspect(this.mapper, this.#work.signal)) this.#allDue('silent-loss');
  }

  async #renewDue(): Promise<void> {
    for (const mapping of [...this.#mappings]) {
      const now = this.#now();
      // The gateway comes first: requests to one that is gone take long.
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
    // A signal without events is polled here.
    if (mapping.options.signal?.aborted === true) return void mapping[Symbol.asyncDispose]();
    await renewKept(mapping, mapper, this.#parts, this.#work.signal);
  }

  /** {@link close} also waits for ports that were closed by themselves, or by their signals. */
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
