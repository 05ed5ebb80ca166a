/** The gateway that mappings are kept on: found, watched, doubted, and found again. */
import { err, type Result, type ResultAsync } from '../../result.ts';
import { aborted, createAbort } from '../../abort.ts';
import type { ConnectionState } from '../../client/connection-state.ts';
import type { FindGatewayError } from '../../client/find-gateway.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { FoundGateway } from '../../client/select-gateway.ts';
import type { AbortSignalLike, Transport } from '../../ports.ts';
import type { Holder } from '../igd/attempt-types.ts';
import { isSamePlace } from './gateway-identity.ts';
import { thrownError, type KeepError, type KeptEvent } from './events.ts';
import { listenForPresence } from '../watch/presence-listener.ts';
import { FIRST_PAUSE_MS, Pace, pauseAfter } from './backoff.ts';
import { afterLook, changesBetween } from '../watch/gateway-changes.ts';
import { watchGateway, type GatewayChange, type GatewayWatch, type WatchOptions } from '../watch/watch.ts';

export type Find = (signal: AbortSignalLike) => ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError>;

/** What it tells the keeper, and asks of it. */
export interface Tenant {
  /** Who holds a mapping that should stand on a gateway: one speaks for all of them. Null where there is none. */
  holderOn(gateway: Gateway, signal: AbortSignalLike): Promise<Holder | null>;
  /** Something has to be done before it was due. */
  wake(): void;
  /** Whatever stood may be gone. */
  onDoubt(): void;
  /** There is no gateway; the next search is in so many milliseconds. */
  onNone(error: KeepError, retryInMs: number): void;
  onAddress(event: KeptEvent & { readonly kind: 'externalAddress' }): void;
  /** The UDN of the gateway that there was. */
  lastUdn(): string | null;
}

/** Between two claims that are looked into: twice the first after one that was false, and up to the second. */
const CLAIM_PAUSES_MS = [15_000, 300_000] as const;

/** A search that was aborted is waited for so long: one that does not listen must not keep a keeper from being closed. */
const LAST_OF_SEARCH_MS = 1_000;

/**
 * What a watch tells may be forged, or told without end: that the gateway was restarted, has gone, or has come back. Each
 * is a claim. It is looked into at once, by reading one mapping, and ever less often while it turns out false; a search,
 * and asking for everything anew, follow only if it was true, or can't be read.
 */
export class GatewayHold {
  readonly #transport: Transport;
  readonly #find: Find;
  readonly #watchOptions: WatchOptions;
  readonly #tenant: Tenant;
  #gateway: Gateway | null;
  #watch: GatewayWatch | null = null;
  /** Ends the lookout, while there is no gateway to watch. */
  #stopLookout: (() => Promise<void>) | null = null;
  /** The last that was known of a gateway, this one or another. */
  #state: ConnectionState | null = null;
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
    gateway: Gateway | undefined,
    find: Find,
    watchOptions: WatchOptions,
    tenant: Tenant,
  ) {
    this.#transport = transport;
    this.#gateway = gateway ?? null;
    this.#searchAt = gateway === undefined ? 0 : Infinity;
    this.#find = find;
    this.#watchOptions = watchOptions;
    this.#tenant = tenant;
  }

  get gateway(): Gateway | null {
    return this.#gateway;
  }

  /** When {@link act} is due. */
  get dueAt(): number {
    return Math.min(this.#searchAt, this.#isClaimed ? this.#claims.nextAt : Infinity);
  }

  /** The first gateway, if there is none yet. */
  begin(gateway: Gateway): void {
    if (this.#gateway !== null) return;
    this.#gateway = gateway;
    this.#searchAt = Infinity;
  }

  /** Looks at the gateway, or for one. */
  look(): void {
    if (this.#gateway !== null) this.#watch?.look();
    else if (this.#searchAt < Infinity) this.#searchSoon();
  }

  /** Does what is due. @param signal - aborts when nothing is kept any more */
  async act(signal: AbortSignalLike): Promise<void> {
    const now = this.#now();
    if (this.#searchAt <= now) await this.#search(signal);
    else if (this.dueAt <= now) await this.#lookInto(signal);
    if (!signal.aborted) this.#attend(null);
  }

  /** From now on it is this one, or none. @param state - as it was found just now */
  bind(gateway: Gateway | null, state: ConnectionState | null): void {
    const known = this.#watch?.state ?? this.#state;
    void this.#endWatch();
    this.#gateway = gateway;
    this.#state = known === null || state === null ? (state ?? known) : afterLook(known, state);
    if (known !== null && this.#state !== null) {
      for (const change of changesBetween(known, this.#state, 'poll')) {
        if (change.kind === 'externalAddress') this.#notice(change);
      }
    }
    this.#attend(state);
  }

  /** Ends watching, until the next {@link act}. */
  async close(): Promise<void> {
    await Promise.all([this.#endWatch(), this.#endLookout()]);
  }

  async #endWatch(): Promise<void> {
    const watch = this.#watch;
    this.#state = watch?.state ?? this.#state;
    this.#watch = null;
    await watch?.close();
  }

  async #endLookout(): Promise<void> {
    const stop = this.#stopLookout;
    this.#stopLookout = null;
    await stop?.();
  }

  #now(): number {
    return this.#transport.clock.now();
  }

  /** Never twice in five seconds. */
  #searchSoon(): void {
    this.#searchAt = Math.min(this.#searchAt, Math.max(this.#now(), this.#searchedAt + FIRST_PAUSE_MS));
    this.#tenant.wake();
  }

  async #search(signal: AbortSignalLike): Promise<void> {
    const isTest = this.#isTested;
    this.#isTested = this.#isClaimed = false;
    this.#searchAt = Infinity;
    this.#searchedAt = this.#now();
    const found = await this.#found(signal);
    if (signal.aborted) {
      this.#searchAt = 0;
      return;
    }
    const before = this.#gateway;
    if (found.isErr()) {
      if (isTest) this.#claims.end(before !== null);
      this.#searches += 1;
      const wait = pauseAfter(this.#searches, this.#transport.random);
      this.bind(null, null);
      this.#searchAt = Math.min(this.#searchAt, this.#now() + wait);
      this.#tenant.onNone(found.error, wait);
      return;
    }
    const { gateway, state } = found.value;
    const isSame = before !== null && isSamePlace(gateway, before);
    if (isTest) this.#claims.end(!isSame);
    this.#searches = 0;
    this.#isClaimed = false;
    // What the watch has learnt of it is still true then: which of its announcements are old, and what was looked into.
    if (isSame) this.look();
    else this.bind(gateway, state);
    this.#tenant.onDoubt();
  }

  async #found(signal: AbortSignalLike): Promise<Result<FoundGateway<ConnectionState | null>, KeepError>> {
    const [aborting, done] = [createAbort(signal), createAbort()];
    const givenUp = new Promise<Result<never, KeepError>>((resolve) => {
      aborting.signal.addEventListener('abort', () => {
        void this.#transport.clock.sleep(LAST_OF_SEARCH_MS, done.signal).then(() => {
          resolve(err(aborted('the search')));
        });
      });
    });
    try {
      return await Promise.race([this.#find(signal), givenUp]);
    } catch (error) {
      return err(thrownError(error));
    } finally {
      done.abort();
      aborting.abort();
    }
  }

  /**
   * Watches the gateway, or looks out for one. The lookout outlasts a search that finds none: a new one would take the
   * network that there is by then for the one that there was.
   */
  #attend(state: ConnectionState | null): void {
    if (this.#gateway === null) {
      this.#stopLookout ??= this.#lookOut();
      return;
    }
    void this.#endLookout();
    if (this.#watch === null) {
      const known = this.#state;
      this.#watch = this.#watching(this.#gateway, state ?? (known && { ...known, uptimeSeconds: null }));
      if (state === null && known !== null) this.#watch.look();
    }
  }

  #lookOut(): () => Promise<void> {
    return listenForPresence(this.#transport, {
      announcements: this.#watchOptions.announcements ?? true,
      udn: this.#tenant.lastUdn(),
      onAlive: () => {
        this.#suspect();
      },
      onNetwork: () => {
        this.#notice({ kind: 'network', source: 'poll' });
      },
    });
  }

  #watching(gateway: Gateway, state: ConnectionState | null): GatewayWatch {
    const stillStands = async (signal: AbortSignalLike): Promise<boolean> => {
      const holder = await this.#tenant.holderOn(gateway, signal);
      return holder !== 'nobody' && holder !== 'other';
    };
    const watch = watchGateway(gateway, { ...this.#watchOptions, stillStands, state });
    watch.on((change) => {
      if (this.#watch === watch) this.#notice(change);
    });
    return watch;
  }

  #notice(change: GatewayChange): void {
    switch (change.kind) {
      case 'externalAddress': {
        const { kind, address, addressClass } = change;
        this.#tenant.onAddress({ kind, address, addressClass });
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
    this.#tenant.wake();
  }

  async #lookInto(signal: AbortSignalLike): Promise<void> {
    this.#isClaimed = false;
    this.#claims.begin(this.#now());
    const gateway = this.#gateway;
    // Where it has just begun to start, it may not answer yet: then soon again.
    if (gateway === null) this.#searches = 0;
    else {
      const holder = await this.#tenant.holderOn(gateway, signal);
      if (signal.aborted) return;
      if (holder === 'nobody' || holder === 'other') this.#tenant.onDoubt();
      if (holder !== null && holder !== 'unknown') {
        this.#claims.end(holder !== 'own');
        return;
      }
    }
    // After a restart its control URL may be another one; what is found then is mostly the same device.
    this.#isTested = true;
    this.#searchSoon();
  }
}
