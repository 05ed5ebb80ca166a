/** Finds the gateway of the kept ports, watches it, and finds it again when it is gone. */
import type { AbortSignalLike, Transport } from '../../ports.ts';
import { listenForMappers } from '../find-mapper.ts';
import type { GatewayChange, GatewayState, MapperWatch, MonitorOptions, PortMapper } from '../port-mapper.ts';
import { isSameEndpoint } from '../same-gateway.ts';
import { FIRST_DELAY_MS, jitteredDelay } from './retry-delay.ts';
import { Throttle } from './throttle.ts';
import { findOrGiveUp, type Find } from './find-or-give-up.ts';
import type { MonitorDelegate } from './monitor-delegate.ts';

/** Milliseconds between two verifications: the first at least; doubled after each false restart, up to the second. */
const VERIFICATION_PAUSES_MS = [15_000, 300_000] as const;

/**
 * Anybody can forge the signs of a restart, or send them without end. So the monitor verifies each sign by reading one
 * mapping: at once the first time, less and less often while the signs are false. It searches, and has the mappings
 * renewed, only if the sign was real or the mapping can't be read.
 */
export class GatewayMonitor {
  readonly #transport: Transport;
  readonly #find: Find;
  readonly #options: MonitorOptions;
  readonly #delegate: MonitorDelegate;
  #mapper: PortMapper | null;
  #watch: MapperWatch | null = null;
  /** Ends the presence listener, while there is no gateway to watch. */
  #stopListening: (() => Promise<void>) | null = null;
  /** The last known state of a gateway, this one or an earlier one. */
  #state: GatewayState | null = null;
  /** When the next search is due; Infinity while none is wanted, or one is under way. */
  #searchAt: number;
  #searchedAt = -Infinity;
  #searches = 0;
  readonly #verifications = new Throttle(...VERIFICATION_PAUSES_MS);
  /** Whether one waits to be verified, and whether the next search verifies one. */
  #hasUnverifiedRestart = false;
  #searchVerifies = false;

  constructor(
    transport: Transport,
    mapper: PortMapper | undefined,
    find: Find,
    options: MonitorOptions,
    delegate: MonitorDelegate,
  ) {
    this.#transport = transport;
    this.#mapper = mapper ?? null;
    this.#searchAt = mapper === undefined ? 0 : Infinity;
    this.#find = find;
    this.#options = options;
    this.#delegate = delegate;
  }

  get mapper(): PortMapper | null {
    return this.#mapper;
  }

  /** When {@link tick} is due. */
  get dueAt(): number {
    return Math.min(this.#searchAt, this.#hasUnverifiedRestart ? this.#verifications.nextAt : Infinity);
  }

  /** The first gateway, if there is none yet. */
  begin(mapper: PortMapper): void {
    if (this.#mapper !== null) return;
    this.#mapper = mapper;
    this.#searchAt = Infinity;
  }

  /** Checks the gateway, or searches for one. */
  checkNow(): void {
    if (this.#mapper !== null) this.#watch?.checkNow();
    else if (this.#searchAt < Infinity) this.#searchSoon();
  }

  /** Does what is due. @param signal - aborts when no port is kept any more */
  async tick(signal: AbortSignalLike): Promise<void> {
    const now = this.#now();
    if (this.#searchAt <= now) await this.#search(signal);
    else if (this.dueAt <= now) await this.#verifyRestart(signal);
    if (!signal.aborted) this.#watchOrListen(null);
  }

  /** Changes to this gateway, or to none. @param told - its state just now */
  bind(mapper: PortMapper | null, told: GatewayState | null): void {
    const known = this.#watch?.state ?? this.#state;
    void this.#endWatch();
    this.#mapper = mapper;
    this.#state = known === null && told === null ? null : { ...known, ...told };
    if (known !== null) this.#compare(known, this.#state);
    this.#watchOrListen(told);
  }

  #compare(known: GatewayState, now: GatewayState | null): void {
    const { externalAddress: address = null, externalAddressClass: addressClass = 'invalid' } = now ?? {};
    if (address === (known.externalAddress ?? null)) return;
    this.#delegate.onAddress({ kind: 'externalAddress', address, addressClass });
  }

  /** Ends watching, until the next {@link tick}. */
  async close(): Promise<void> {
    await Promise.all([this.#endWatch(), this.#endListening()]);
  }

  async #endWatch(): Promise<void> {
    const watch = this.#watch;
    this.#state = watch?.state ?? this.#state;
    this.#watch = null;
    await watch?.close();
  }

  async #endListening(): Promise<void> {
    const stop = this.#stopListening;
    this.#stopListening = null;
    await stop?.();
  }

  #now(): number {
    return this.#transport.clock.now();
  }

  /** Never twice in five seconds. */
  #searchSoon(): void {
    this.#searchAt = Math.min(this.#searchAt, Math.max(this.#now(), this.#searchedAt + FIRST_DELAY_MS));
    this.#delegate.wake();
  }

  async #search(signal: AbortSignalLike): Promise<void> {
    const isTest = this.#searchVerifies;
    this.#searchVerifies = this.#hasUnverifiedRestart = false;
    this.#searchAt = Infinity;
    this.#searchedAt = this.#now();
    const found = await findOrGiveUp(this.#find, this.#transport.clock, signal, this.#delegate.lastLease()?.via);
    if (signal.aborted) {
      this.#searchAt = 0;
      return;
    }
    const before = this.#mapper;
    if (found.isErr()) {
      if (isTest) this.#verifications.end(before !== null);
      this.#searches += 1;
      const wait = jitteredDelay(this.#searches, this.#transport.random);
      this.bind(null, null);
      this.#searchAt = Math.min(this.#searchAt, this.#now() + wait);
      this.#delegate.onNone(found.error, wait);
      return;
    }
    const { mapper, state } = found.value;
    const isSame = before !== null && isSameEndpoint(mapper, before);
    if (isTest) this.#verifications.end(!isSame);
    this.#searches = 0;
    this.#hasUnverifiedRestart = false;
    // The same gateway: the watch keeps what it knows, such as which announcements are old.
    if (isSame) this.checkNow();
    else this.bind(mapper, state);
    this.#delegate.onDoubt();
  }

  /**
   * Watches the gateway, or listens for one. The listener stays open across searches that find none: a new listener would
   * not notice a change of the network since.
   */
  #watchOrListen(told: GatewayState | null): void {
    if (this.#mapper === null) {
      this.#stopListening ??= this.#listen();
      return;
    }
    void this.#endListening();
    if (this.#watch !== null) return;
    this.#watch = this.#watching(this.#mapper, told === null);
    if (told === null && this.#state !== null) this.#watch.checkNow();
  }

  #listen(): () => Promise<void> {
    return listenForMappers(this.#transport, {
      announcements: this.#options.announcements ?? true,
      udn: this.#delegate.lastLease()?.gateway ?? null,
      onAlive: () => {
        this.#noteUnverifiedRestart();
      },
      onNetwork: () => {
        this.#notice({ kind: 'network', source: 'poll' });
      },
    });
  }

  #watching(mapper: PortMapper, isStale: boolean): MapperWatch {
    const isStillMapped = async (signal: AbortSignalLike): Promise<boolean> => {
      const owner = await this.#delegate.ownerOn(mapper, signal);
      return owner !== 'nobody' && owner !== 'other';
    };
    const watch = mapper.watch({ ...this.#options, isStillMapped, state: this.#state, isStale });
    watch.on((change) => {
      if (this.#watch === watch) this.#notice(change);
    });
    return watch;
  }

  #notice(change: GatewayChange): void {
    switch (change.kind) {
      case 'externalAddress': {
        const { kind, address, addressClass } = change;
        this.#delegate.onAddress({ kind, address, addressClass });
        return;
      }
      case 'network':
        // The watch listens on the network that was left; the presence listener has moved already.
        void this.#endWatch();
        this.#searches = 0;
        this.#searchSoon();
        return;
      case 'restarted':
      case 'gone':
        this.#noteUnverifiedRestart();
        return;
      case 'connection':
        // With the connection some routers lose their table.
        if (change.connected) this.#noteUnverifiedRestart();
        return;
      case 'mappings':
        return;
    }
  }

  #noteUnverifiedRestart(): void {
    this.#hasUnverifiedRestart = true;
    this.#delegate.wake();
  }

  async #verifyRestart(signal: AbortSignalLike): Promise<void> {
    this.#hasUnverifiedRestart = false;
    this.#verifications.begin(this.#now());
    const mapper = this.#mapper;
    // A gateway that is still starting may not answer yet: the next search comes soon.
    if (mapper === null) this.#searches = 0;
    else {
      const owner = await this.#delegate.ownerOn(mapper, signal);
      if (signal.aborted) return;
      if (owner === 'nobody' || owner === 'other') this.#delegate.onDoubt();
      if (owner !== null && owner !== 'unknown') {
        this.#verifications.end(owner !== 'own');
        return;
      }
    }
    // After a restart the control URL may be another one. The search mostly finds the same device.
    this.#searchVerifies = true;
    this.#searchSoon();
  }
}
