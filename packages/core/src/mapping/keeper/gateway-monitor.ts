/** The gateway that leases are kept on: found, watched, doubted, and found again. */
import type { AbortSignalLike, Transport } from '../../ports.ts';
import { listenForMappers } from '../find-mapper.ts';
import type { GatewayChange, GatewayState, MapperWatch, MonitorOptions, PortMapper } from '../port-mapper.ts';
import { isSameEndpoint } from '../same-gateway.ts';
import { FIRST_PAUSE_MS, Pace, pauseAfter } from './backoff.ts';
import { findOrGiveUp, type Find } from './find-or-give-up.ts';
import type { MonitorDelegate } from './monitor-delegate.ts';

/** Between two claims that are looked into: twice the first after one that was false, and up to the second. */
const CLAIM_PAUSES_MS = [15_000, 300_000] as const;

/**
 * What a watch tells may be forged, or told without end: that the gateway was restarted, has gone, or has come back. Each
 * is a claim. It is looked into at once, by reading one mapping, and ever less often while it turns out false; a search,
 * and asking for everything anew, follow only if it was true, or can't be read.
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
  /** The last that was known of a gateway, this one or another. */
  #state: GatewayState | null = null;
  /** When the next search is due; Infinity while none is wanted, or one is under way. */
  #searchAt: number;
  #searchedAt = -Infinity;
  #searches = 0;
  readonly #claims = new Pace(...CLAIM_PAUSES_MS);
  /** Whether one waits for its time, and whether the next search is to show if one was true. */
  #isClaimed = false;
  #isTested = false;

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

  /** When {@link act} is due. */
  get dueAt(): number {
    return Math.min(this.#searchAt, this.#isClaimed ? this.#claims.nextAt : Infinity);
  }

  /** The first gateway, if there is none yet. */
  begin(mapper: PortMapper): void {
    if (this.#mapper !== null) return;
    this.#mapper = mapper;
    this.#searchAt = Infinity;
  }

  /** Looks at the gateway, or for one. */
  look(): void {
    if (this.#mapper !== null) this.#watch?.look();
    else if (this.#searchAt < Infinity) this.#searchSoon();
  }

  /** Does what is due. @param signal - aborts when nothing is kept any more */
  async act(signal: AbortSignalLike): Promise<void> {
    const now = this.#now();
    if (this.#searchAt <= now) await this.#search(signal);
    else if (this.dueAt <= now) await this.#lookInto(signal);
    if (!signal.aborted) this.#attend(null);
  }

  /** From now on it is this one, or none. @param told - what it has told just now */
  bind(mapper: PortMapper | null, told: GatewayState | null): void {
    const known = this.#watch?.state ?? this.#state;
    void this.#endWatch();
    this.#mapper = mapper;
    this.#state = known === null && told === null ? null : { ...known, ...told };
    if (known !== null) this.#compare(known, this.#state);
    this.#attend(told);
  }

  #compare(known: GatewayState, now: GatewayState | null): void {
    const { externalAddress: address = null, externalAddressClass: addressClass = 'invalid' } = now ?? {};
    if (address === (known.externalAddress ?? null)) return;
    this.#delegate.onAddress({ kind: 'externalAddress', address, addressClass });
  }

  /** Ends watching, until the next {@link act}. */
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
    this.#searchAt = Math.min(this.#searchAt, Math.max(this.#now(), this.#searchedAt + FIRST_PAUSE_MS));
    this.#delegate.wake();
  }

  async #search(signal: AbortSignalLike): Promise<void> {
    const isTest = this.#isTested;
    this.#isTested = this.#isClaimed = false;
    this.#searchAt = Infinity;
    this.#searchedAt = this.#now();
    const found = await findOrGiveUp(this.#find, this.#transport.clock, signal);
    if (signal.aborted) {
      this.#searchAt = 0;
      return;
    }
    const before = this.#mapper;
    if (found.isErr()) {
      if (isTest) this.#claims.end(before !== null);
      this.#searches += 1;
      const wait = pauseAfter(this.#searches, this.#transport.random);
      this.bind(null, null);
      this.#searchAt = Math.min(this.#searchAt, this.#now() + wait);
      this.#delegate.onNone(found.error, wait);
      return;
    }
    const { mapper, state } = found.value;
    const isSame = before !== null && isSameEndpoint(mapper, before);
    if (isTest) this.#claims.end(!isSame);
    this.#searches = 0;
    this.#isClaimed = false;
    // What the watch has learnt of it is still true then: which of its announcements are old, and what was looked into.
    if (isSame) this.look();
    else this.bind(mapper, state);
    this.#delegate.onDoubt();
  }

  /**
   * Watches the gateway, or listens for one. The listener outlasts a search that finds none: a new one would take the
   * network that there is by then for the one that there was.
   */
  #attend(told: GatewayState | null): void {
    if (this.#mapper === null) {
      this.#stopListening ??= this.#listen();
      return;
    }
    void this.#endListening();
    if (this.#watch !== null) return;
    this.#watch = this.#watching(this.#mapper, told === null);
    if (told === null && this.#state !== null) this.#watch.look();
  }

  #listen(): () => Promise<void> {
    return listenForMappers(this.#transport, {
      announcements: this.#options.announcements ?? true,
      udn: this.#delegate.lastGateway(),
      onAlive: () => {
        this.#suspect();
      },
      onNetwork: () => {
        this.#notice({ kind: 'network', source: 'poll' });
      },
    });
  }

  #watching(mapper: PortMapper, isStale: boolean): MapperWatch {
    const stillStands = async (signal: AbortSignalLike): Promise<boolean> => {
      const owner = await this.#delegate.ownerOn(mapper, signal);
      return owner !== 'nobody' && owner !== 'other';
    };
    const watch = mapper.watch({ ...this.#options, stillStands, state: this.#state, isStale });
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
        // The watch listens on the one that was left; the lookout has moved already.
        void this.#endWatch();
        this.#searches = 0;
        this.#searchSoon();
        return;
      case 'restarted':
      case 'gone':
        this.#suspect();
        return;
      case 'connection':
        // With the connection some routers lose their table.
        if (change.connected) this.#suspect();
        return;
      case 'mappings':
        return;
    }
  }

  #suspect(): void {
    this.#isClaimed = true;
    this.#delegate.wake();
  }

  async #lookInto(signal: AbortSignalLike): Promise<void> {
    this.#isClaimed = false;
    this.#claims.begin(this.#now());
    const mapper = this.#mapper;
    // Where it has just begun to start, it may not answer yet: then soon again.
    if (mapper === null) this.#searches = 0;
    else {
      const owner = await this.#delegate.ownerOn(mapper, signal);
      if (signal.aborted) return;
      if (owner === 'nobody' || owner === 'other') this.#delegate.onDoubt();
      if (owner !== null && owner !== 'unknown') {
        this.#claims.end(owner !== 'own');
        return;
      }
    }
    // After a restart its control URL may be another one; what is found then is mostly the same device.
    this.#isTested = true;
    this.#searchSoon();
  }
}
