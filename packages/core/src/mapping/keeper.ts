/** Keeps mappings on whatever gateway the network has, for as long as a program runs. */
import { err, ok, ResultAsync, type Result } from 'neverthrow';
import { createAbort, type Abort } from '../client/abort.ts';
import type { ConnectionState } from '../client/connection-state.ts';
import { findGateway, type FindGatewayError } from '../client/find-gateway.ts';
import type { Gateway } from '../client/gateway.ts';
import type { PortMapping } from '../client/port-mapping.ts';
import type { FoundGateway } from '../client/select-gateway.ts';
import type { CallError } from '../client/service-client.ts';
import type { AbortSignalLike, Transport } from '../ports.ts';
import type { Holder } from './attempt.ts';
import { limitsUntil } from './call-limits.ts';
import { reject, type OnThrown } from './channel.ts';
import { isSamePlace, placeOf } from './gateway-place.ts';
import { lapsedError, thrownError, type KeepError } from './kept-events.ts';
import type { Journal } from './journal.ts';
import { KeptMapping, type Caretaker } from './kept-mapping.ts';
import { lookOut } from './lookout.ts';
import type { MapPortOptions, MappedPort } from './map-port.ts';
import { Pace } from './pace.ts';
import { keepable, renewalAfter, standAfter } from './renewal.ts';
import { renewMapping } from './renew-mapping.ts';
import { giveBack, leadsTo, standingAt } from './standing.ts';
import { afterLook, changesBetween } from './watch-changes.ts';
import { watchGateway, type GatewayChange, type GatewayWatch, type WatchOptions } from './watch.ts';

export interface KeeperOptions {
  /** The gateway to begin with; default: the one that `find` gives. */
  readonly gateway?: Gateway | undefined;
  /**
   * How a gateway is found, at first and when one has vanished; default: {@link findGateway}. The signal aborts when
   * nobody waits for it any more.
   */
  readonly find?:
    ((signal: AbortSignalLike) => ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError>) | undefined;
  /** Where mappings are written down, for {@link cleanUpAfterCrash}; default: nowhere. */
  readonly journal?: Journal | undefined;
  /** How the gateway is watched meanwhile; events are off by default. */
  readonly watch?: Omit<WatchOptions, 'state' | 'stillStands' | 'onThrown'> | undefined;
  /**
   * Is told what a listener, or the file of the journal, has thrown. The other listeners are told all the same, and the
   * mappings are kept. Default: it becomes a rejection that nobody handles, so that the runtime tells of it as of any
   * mistake in a program. What `find`, `policy` and `onGranted` throw is told by `lost`.
   */
  readonly onThrown?: OnThrown | undefined;
}

/** A mapping that could not be deleted, and stays until its lease ends. */
export interface LeftBehind {
  readonly mapping: PortMapping;
  readonly error: CallError;
}

/** After the first failure; it doubles from one to the next. It is the least between two searches as well. */
const FIRST_PAUSE_MS = 5_000;
/** A gateway that refuses for good is asked twice an hour. */
const LONGEST_PAUSE_MS = 1_800_000;
/** Between two claims that are looked into: twice the first after one that was false, and up to the second. */
const CLAIM_PAUSES_MS = [15_000, 300_000] as const;
/** To see whether a mapping is still there. A gateway that is slower is looked for. */
const CHECK_MS = 5_000;
/** To give a mapping back; for each that waits for that one, a little more. */
const CLOSE_MS = 5_000;
const CLOSE_ONE_MORE_MS = 200;

/**
 * Looks after any number of mappings, with one timer, one watch and one search for all of them.
 *
 * What the watch tells may be forged, or may be told without end: that the gateway was restarted, has gone, has come back.
 * Each is a claim. It is looked into at once, by reading one mapping, and ever less often while it turns out false.
 */
export class Keeper implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #find: NonNullable<KeeperOptions['find']>;
  readonly #watchOptions: WatchOptions;
  readonly #journal: Journal | undefined;
  readonly #mappings = new Set<KeptMapping>();
  readonly #caretaker: Caretaker;
  #gateway: Gateway | null;
  #watch: GatewayWatch | null = null;
  /** Ends the lookout, while there is no gateway to watch. */
  #stopLookout: (() => Promise<void>) | null = null;
  /** The last that was known of a gateway, this one or another. */
  #state: ConnectionState | null = null;
  /** When the next search is due; Infinity while none is wanted. */
  #searchAt: number;
  #searchedAt = -Infinity;
  #searches = 0;
  readonly #claims = new Pace(...CLAIM_PAUSES_MS);
  /** Whether one waits for its time, and whether the next search is to show if one was true. */
  #isClaimed = false;
  #isTested = false;
  /** Ends the wait, or the search, that is under way. */
  #pause: Abort | null = null;
  /** Aborts when nothing is kept any more. */
  #work = createAbort();
  #turn: { readonly mapping: KeptMapping; readonly done: Promise<unknown> } | null = null;
  #running: Promise<void> | null = null;
  /** The last of those that are given back, one after another, and by when. */
  #givenBack: Promise<unknown> = Promise.resolve();
  #givingBack = 0;
  #giveBackBy = 0;
  #closing: Promise<readonly LeftBehind[]> | null = null;

  constructor(transport: Transport, { gateway, find, journal, watch = {}, onThrown = reject }: KeeperOptions = {}) {
    this.#transport = transport;
    this.#gateway = gateway ?? null;
    this.#searchAt = gateway === undefined ? 0 : Infinity;
    this.#find = find ?? ((signal) => findGateway(transport, { signal }));
    this.#watchOptions = watch;
    this.#journal = journal;
    this.#caretaker = { release: (mapping) => new ResultAsync(this.#release(mapping)), onThrown };
  }

  /** The gateway that the mappings are on; null while there is none. */
  get gateway(): Gateway | null {
    return this.#gateway;
  }

  /**
   * Maps a port, and keeps it mapped. What comes of it is told by the mapping's events. Its `signal` closes it; one that
   * is no event target is asked at each turn only. A lease of less than a minute is one of a minute.
   *
   * @param mapped - what {@link mapPort} has got for it already, and is kept from now on: of that there is no event
   */
  keep(options: MapPortOptions, mapped?: MappedPort): KeptMapping {
    const mapping = new KeptMapping(keepable(options), this.#caretaker, this.#now());
    if (mapped !== undefined) {
      this.#begin(mapped.gateway);
      this.#stand(mapping, mapped);
      void this.#note(this.#journal?.add(mapped.gateway, mapped.granted));
    }
    if (this.#closing !== null || options.signal?.aborted === true) {
      void mapping[Symbol.asyncDispose]();
      return mapping;
    }
    this.#mappings.add(mapping);
    if (this.#running === null) this.#running = this.#run();
    else if (this.#gateway === null) this.look();
    else this.#pause?.abort();
    return mapping;
  }

  /** Something may have changed: looks at the gateway now, or for one, and not only when it is time. */
  look(): void {
    if (this.#gateway !== null) this.#watch?.look();
    // If it is not under way.
    else if (this.#searchAt < Infinity) this.#searchSoon();
  }

  /**
   * Closes every mapping. A search and a wait end at once; a request that was sent is heard to its end, and what it got
   * is given back. Nothing runs after that. May be called again, and is the same then.
   *
   * Where the gateway does not answer, it takes 5 seconds, and a fifth of one more for each mapping after the first; what
   * is under way is waited for besides, 10 seconds at most.
   *
   * @returns what may still be mapped, and why; mostly nothing
   */
  close(): Promise<readonly LeftBehind[]> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #closeAll(): Promise<readonly LeftBehind[]> {
    this.#pause?.abort();
    const closed = await Promise.all(
      [...this.#mappings].map(async (mapping) => {
        const closing = await mapping.close();
        const { stand } = mapping;
        return closing.isErr() && stand !== null ? [{ mapping: stand.granted, error: closing.error }] : [];
      }),
    );
    await this.#givenBack;
    await this.#running;
    return closed.flat();
  }

  #now(): number {
    return this.#transport.clock.now();
  }

  #isIdle(): boolean {
    return this.#mappings.size === 0;
  }

  #begin(gateway: Gateway): void {
    if (this.#gateway !== null) return;
    this.#gateway = gateway;
    this.#searchAt = Infinity;
  }

  async #run(): Promise<void> {
    this.#work = createAbort();
    while (!this.#isIdle()) {
      if (this.#searchAt <= this.#now()) await this.#search();
      else if (this.#claimAt() <= this.#now()) await this.#lookInto();
      if (!this.#isIdle()) this.#attend(null);
      await this.#tend();
      await this.#sleepUntil(this.#nextDue());
      if (this.#isIdle()) await this.#unwatch();
    }
    this.#running = null;
  }

  #claimAt(): number {
    return this.#isClaimed ? this.#claims.nextAt : Infinity;
  }

  #nextDue(): number {
    let next = Math.min(this.#searchAt, this.#claimAt());
    for (const { dueAt, phase, stand } of this.#mappings) {
      if (this.#gateway !== null && dueAt < next) next = dueAt;
      if (phase === 'mapped' && stand !== null && stand.endsAt < next) next = stand.endsAt;
    }
    return next;
  }

  async #sleepUntil(time: number): Promise<void> {
    if (this.#isIdle()) return;
    this.#pause = createAbort();
    await this.#transport.clock.sleep(Math.max(0, time - this.#now()), this.#pause.signal);
    this.#pause = null;
  }

  /** Never twice in five seconds. */
  #searchSoon(): void {
    this.#searchAt = Math.min(this.#searchAt, Math.max(this.#now(), this.#searchedAt + FIRST_PAUSE_MS));
    this.#pause?.abort();
  }

  async #search(): Promise<void> {
    this.#searchAt = Infinity;
    this.#searchedAt = this.#now();
    const isTest = this.#isTested;
    this.#isTested = this.#isClaimed = false;
    const pause = createAbort();
    this.#pause = pause;
    const found = await this.#found(pause.signal);
    this.#pause = null;
    if (this.#isIdle()) return;
    const before = this.#gateway;
    if (found.isErr()) {
      if (isTest) this.#claims.end(before !== null);
      this.#searches += 1;
      const wait = this.#pauseAfter(this.#searches);
      this.#bind(null, null);
      this.#searchAt = Math.min(this.#searchAt, this.#now() + wait);
      for (const mapping of this.#mappings) this.#lose(mapping, found.error, wait);
      return;
    }
    const { gateway, state } = found.value;
    const isSame = before !== null && isSamePlace(gateway, before);
    if (isTest) this.#claims.end(!isSame);
    this.#searches = 0;
    this.#isClaimed = false;
    // What the watch has learnt of it is still true then: which of its announcements are old, and what was looked into.
    if (isSame) this.#watch?.look();
    else this.#bind(gateway, state);
    this.#allDue();
  }

  async #found(signal: AbortSignalLike): Promise<Result<FoundGateway<ConnectionState | null>, KeepError>> {
    try {
      return await this.#find(signal);
    } catch (error) {
      return err(thrownError(error));
    }
  }

  /** From now on it is this one, or none. */
  #bind(gateway: Gateway | null, state: ConnectionState | null): void {
    const known = this.#watch?.state ?? this.#state;
    void this.#unwatch();
    this.#gateway = gateway;
    this.#state = known === null || state === null ? (state ?? known) : afterLook(known, state);
    if (known !== null && this.#state !== null) {
      for (const change of changesBetween(known, this.#state, 'poll')) {
        if (change.kind === 'externalAddress') this.#notice(change);
      }
    }
    this.#attend(state);
  }

  /** Watches the gateway, or looks out for one. @param state - as it was found just now */
  #attend(state: ConnectionState | null): void {
    if (this.#gateway === null) this.#stopLookout ??= this.#lookOut();
    else if (this.#watch === null) {
      const known = this.#state;
      this.#watch = this.#watching(this.#gateway, state ?? (known && { ...known, uptimeSeconds: null }));
      if (state === null && known !== null) this.#watch.look();
    }
  }

  async #unwatch(): Promise<void> {
    const [watch, stopLookout] = [this.#watch, this.#stopLookout];
    this.#state = watch?.state ?? this.#state;
    this.#watch = null;
    this.#stopLookout = null;
    await watch?.close();
    await stopLookout?.();
  }

  #lookOut(): () => Promise<void> {
    return lookOut(this.#transport, {
      announcements: this.#watchOptions.announcements ?? true,
      udn: this.#lastUdn(),
      onAlive: () => {
        if (this.#gateway === null) this.#suspect();
      },
      onNetwork: () => {
        if (this.#gateway === null) this.#notice({ kind: 'network', source: 'poll' });
      },
    });
  }

  #lastUdn(): string | null {
    for (const { stand } of this.#mappings) if (stand !== null) return stand.udn;
    return null;
  }

  #watching(gateway: Gateway, state: ConnectionState | null): GatewayWatch {
    const stillStands = async (signal: AbortSignalLike): Promise<boolean> => {
      const holder = await this.#holderOn(gateway, signal);
      return holder === null || holder === 'own' || holder === 'unknown';
    };
    const watch = watchGateway(gateway, { ...this.#watchOptions, stillStands, state });
    watch.on((change) => {
      if (this.#watch === watch) this.#notice(change);
    });
    return watch;
  }

  /** One that stands speaks for all of them: what a gateway forgets at a start, it forgets as a whole. Null: there is none. */
  async #holderOn(gateway: Gateway, signal: AbortSignalLike): Promise<Holder | null> {
    const { udn } = gateway.description.device;
    for (const { phase, stand } of this.#mappings) {
      if (phase !== 'mapped' || stand?.udn !== udn) continue;
      const limits = limitsUntil(this.#now() + CHECK_MS, this.#transport.clock, signal);
      return (await standingAt(gateway, stand.granted, limits)).holder;
    }
    return null;
  }

  #notice(change: GatewayChange): void {
    switch (change.kind) {
      case 'externalAddress': {
        const { kind, address, addressClass } = change;
        for (const mapping of this.#mappings) mapping.emit({ kind, address, addressClass });
        return;
      }
      case 'network':
        // Its sockets are on the one that was left.
        void this.#unwatch();
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
    this.#pause?.abort();
  }

  async #lookInto(): Promise<void> {
    this.#isClaimed = false;
    this.#claims.begin(this.#now());
    const gateway = this.#gateway;
    if (gateway !== null) {
      const holder = await this.#holderOn(gateway, this.#work.signal);
      if (this.#isIdle()) return;
      if (holder === 'nobody' || holder === 'other') this.#allDue();
      if (holder !== null && holder !== 'unknown') {
        this.#claims.end(holder !== 'own');
        return;
      }
    } else this.#searches = 0;
    // After a restart its control URL may be another one; what is found then is mostly the same device.
    this.#isTested = true;
    this.#searchSoon();
  }

  /** Whatever stood may be gone. */
  #allDue(): void {
    for (const mapping of this.#mappings) {
      mapping.dueAt = this.#now();
      mapping.isInDoubt = mapping.phase === 'mapped';
    }
  }

  async #tend(): Promise<void> {
    for (const mapping of [...this.#mappings]) {
      const now = this.#now();
      // First the gateway: to ask one that is gone for each of them takes its time.
      if (this.#isIdle() || this.#searchAt <= now || this.#claimAt() <= now) return;
      if (mapping.phase === 'closed') continue;
      const { gateway } = this;
      if (gateway !== null && mapping.dueAt <= now) {
        const done = this.#renew(mapping, gateway);
        this.#turn = { mapping, done };
        await done;
        this.#turn = null;
      } else if (mapping.phase === 'mapped' && mapping.stand !== null && mapping.stand.endsAt <= now) {
        this.#lose(mapping, lapsedError(mapping.stand.granted), mapping.dueAt - now);
      }
    }
  }

  async #renew(mapping: KeptMapping, gateway: Gateway): Promise<void> {
    if (mapping.options.signal?.aborted === true) return void mapping[Symbol.asyncDispose]();
    try {
      const isGone = await this.#isFoundGone(mapping, gateway);
      const turn = await renewMapping(mapping, gateway, this.#journal);
      if (turn.kind === 'mapped') await this.#succeed(mapping, gateway, turn.mapped, isGone);
      else this.#fail(mapping, turn.error, turn.kind === 'stands');
    } catch (error) {
      this.#fail(mapping, thrownError(error), mapping.phase === 'mapped' && (mapping.stand?.endsAt ?? 0) > this.#now());
    }
  }

  /** Whether one that stood is gone, where that is in doubt. */
  async #isFoundGone(mapping: KeptMapping, gateway: Gateway): Promise<boolean> {
    const { isInDoubt, stand } = mapping;
    mapping.isInDoubt = false;
    if (!isInDoubt || stand?.udn !== gateway.description.device.udn) return false;
    const limits = limitsUntil(this.#now() + CHECK_MS, this.#transport.clock, this.#work.signal);
    const { holder } = await standingAt(gateway, stand.granted, limits);
    return holder === 'nobody' || holder === 'other';
  }

  async #succeed(mapping: KeptMapping, asked: Gateway, mapped: MappedPort, wasGone: boolean): Promise<void> {
    const { gateway, granted } = mapped;
    if (gateway !== asked && this.#gateway === asked) this.#bind(gateway, null);
    const { udn } = gateway.description.device;
    const { stand, phase } = mapping;
    const before = stand?.udn === udn ? stand.granted : null;
    const wasLost = phase === 'lost' || wasGone;
    this.#stand(mapping, mapped, wasLost ? null : before);
    await this.#note(this.#journal?.add(gateway, granted));
    // Closed while it was written down: the one who closes it waits, and gives it back.
    if (mapping.phase === 'closed') return;
    if (stand === null) mapping.emit({ kind: 'mapped', mapping: mapped });
    else if (before === null || !isSameGrant(granted, before)) {
      mapping.emit({ kind: 'moved', mapping: mapped, from: stand.granted });
    } else if (wasLost) mapping.emit({ kind: 'restored', mapping: mapped });
    else mapping.emit({ kind: 'renewed', mapping: granted });
  }

  #stand(mapping: KeptMapping, mapped: MappedPort, before: PortMapping | null = null): void {
    mapping.stand = standAfter(mapped, before, this.#now());
    if (mapping.phase === 'closed') return;
    mapping.phase = 'mapped';
    mapping.error = null;
    mapping.failures = 0;
    mapping.dueAt = this.#now() + renewalAfter(mapped, this.#transport.random.fraction());
  }

  /** A renewal that was refused is no loss while the old lease lasts. */
  #fail(mapping: KeptMapping, error: KeepError, stands: boolean): void {
    if (mapping.phase === 'closed') return;
    mapping.failures += 1;
    const now = this.#now();
    const pause = this.#pauseAfter(mapping.failures);
    mapping.dueAt = now + pause;
    const last = error.kind === 'not-mapped' ? error.attempts.at(-1)?.error : undefined;
    // Perhaps it is gone: that is seen at the next look, and this is the time for it.
    if (last?.kind === 'transport') this.#watch?.look();
    const { stand } = mapping;
    if (!stands || stand === null) this.#lose(mapping, error, pause);
    // It has outlasted its lease, as was read just now: believed until the next look.
    else if (stand.endsAt <= now) mapping.stand = { ...stand, endsAt: mapping.dueAt };
    // At its end it is looked at in any case.
    else mapping.dueAt = Math.min(mapping.dueAt, stand.endsAt);
  }

  #lose(mapping: KeptMapping, error: KeepError, retryInMs: number): void {
    mapping.error = error;
    if (mapping.phase === 'lost' || mapping.phase === 'closed') return;
    mapping.phase = 'lost';
    mapping.emit({ kind: 'lost', error, retryInMs });
  }

  async #release(mapping: KeptMapping): Promise<Result<void, CallError>> {
    this.#mappings.delete(mapping);
    if (this.#isIdle()) {
      this.#work.abort();
      this.#pause?.abort();
    }
    const given = this.#giveBackAfter(this.#givenBack, mapping);
    this.#givenBack = given;
    const result = await given;
    if (this.#isIdle()) await this.#running;
    return result;
  }

  /** One after another, so that most are gone where a process is ended meanwhile. */
  async #giveBackAfter(earlier: Promise<unknown>, mapping: KeptMapping): Promise<Result<void, CallError>> {
    const isFirst = this.#givingBack === 0;
    this.#givingBack += 1;
    if (this.#turn?.mapping === mapping) await this.#turn.done;
    await earlier;
    this.#giveBackBy = isFirst ? this.#now() + CLOSE_MS : this.#giveBackBy + CLOSE_ONE_MORE_MS;
    const given = await this.#giveBack(mapping, this.#giveBackBy);
    if (given.isOk()) mapping.stand = null;
    this.#givingBack -= 1;
    return given;
  }

  async #giveBack({ stand }: KeptMapping, until: number): Promise<Result<void, CallError>> {
    if (stand === null || stand.endsAt <= this.#now()) return ok(undefined);
    const limits = limitsUntil(until, this.#transport.clock);
    const place = await placeOf(stand, this.#gateway, limits);
    if (place.isErr()) return err(place.error);
    const given = await giveBack(place.value, stand.granted, limits);
    if (given.isErr()) return err(given.error);
    await this.#note(this.#journal?.remove(place.value, stand.granted));
    return ok(undefined);
  }

  /** What is written down is a safety net: the mapping does not hang on it. */
  async #note(written: Promise<unknown> | undefined): Promise<void> {
    try {
      await written;
    } catch (error) {
      this.#caretaker.onThrown(error);
    }
  }

  #pauseAfter(failures: number): number {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
    return pause * (0.8 + 0.4 * this.#transport.random.fraction());
  }
}

function isSameGrant(granted: PortMapping, before: PortMapping): boolean {
  return leadsTo(granted, before) && granted.externalPort === before.externalPort;
}
