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
import type { KeepError } from './kept-events.ts';
import type { Journal } from './journal.ts';
import { KeptMapping, type Caretaker, type Stand } from './kept-mapping.ts';
import type { MapPortOptions, MappedPort } from './map-port.ts';
import { renewalAfter, standAfter } from './renewal.ts';
import { renewMapping } from './renew-mapping.ts';
import { giveBack, leadsTo, standingAt } from './standing.ts';
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
  readonly watch?: Omit<WatchOptions, 'state' | 'stillStands'> | undefined;
}

/** After the first failure; it doubles from one to the next. It is the least between two searches as well. */
const FIRST_PAUSE_MS = 5_000;
/** A gateway that refuses for good is asked twice an hour. */
const LONGEST_PAUSE_MS = 1_800_000;

/** Looks after any number of mappings, with one timer and one search for all of them. */
export class Keeper implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #find: NonNullable<KeeperOptions['find']>;
  readonly #watchOptions: WatchOptions;
  readonly #journal: Journal | undefined;
  readonly #mappings = new Set<KeptMapping>();
  readonly #caretaker: Caretaker = { release: (mapping) => new ResultAsync(this.#release(mapping)) };
  #gateway: Gateway | null;
  #watch: GatewayWatch | null = null;
  /** When the next search is due, while there is no gateway. */
  #searchAt = 0;
  #searchedAt = -Infinity;
  #searches = 0;
  #isClosed = false;
  /** Ends the wait, or the search, that is under way. */
  #pause: Abort | null = null;
  #turn: { readonly mapping: KeptMapping; readonly done: Promise<unknown> } | null = null;
  #running: Promise<void> | null = null;

  constructor(transport: Transport, { gateway, find, journal, watch = {} }: KeeperOptions = {}) {
    this.#transport = transport;
    this.#gateway = gateway ?? null;
    this.#find = find ?? ((signal) => findGateway(transport, { signal }));
    this.#watchOptions = watch;
    this.#journal = journal;
  }

  /** The gateway that the mappings are on; null while there is none. */
  get gateway(): Gateway | null {
    return this.#gateway;
  }

  /**
   * Maps a port, and keeps it mapped. What comes of it is told by the mapping's events.
   *
   * @param mapped - what {@link mapPort} has got for it already, and is kept from now on: of that there is no event
   */
  keep(options: MapPortOptions, mapped?: MappedPort): KeptMapping {
    const mapping = new KeptMapping(options, this.#caretaker, this.#now());
    if (mapped !== undefined) {
      this.#gateway ??= mapped.gateway;
      this.#stand(mapping, mapped);
      void this.#journal?.add(mapped.gateway, mapped.granted);
    }
    this.#mappings.add(mapping);
    if (this.#running === null) this.#running = this.#run();
    else if (this.#gateway !== null) this.#pause?.abort();
    return mapping;
  }

  /** Something may have changed: looks at the gateway now, and not only when it is time. */
  look(): void {
    this.#watch?.look();
  }

  /**
   * Closes every mapping. A search and a wait end at once; a request that was sent is heard to its end, and what it got
   * is given back. Nothing runs after that.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#pause?.abort();
    for (const mapping of [...this.#mappings]) await mapping[Symbol.asyncDispose]();
    await this.#running;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #now(): number {
    return this.#transport.clock.now();
  }

  #isIdle(): boolean {
    return this.#isClosed || this.#mappings.size === 0;
  }

  async #run(): Promise<void> {
    while (!this.#isIdle()) {
      if (this.#gateway === null && this.#searchAt <= this.#now()) await this.#search();
      if (this.#gateway !== null) this.#watch ??= this.#watching(this.#gateway, null);
      await this.#tend();
      await this.#sleepUntil(this.#nextDue());
      if (this.#isIdle()) await this.#unwatch();
    }
    this.#running = null;
  }

  #nextDue(): number {
    if (this.#gateway === null) return this.#searchAt;
    let next = Infinity;
    for (const { dueAt } of this.#mappings) if (dueAt < next) next = dueAt;
    return next;
  }

  async #sleepUntil(time: number): Promise<void> {
    if (this.#isIdle()) return;
    this.#pause = createAbort();
    await this.#transport.clock.sleep(Math.max(0, time - this.#now()), this.#pause.signal);
    this.#pause = null;
  }

  async #search(): Promise<void> {
    this.#searchedAt = this.#now();
    const pause = createAbort();
    this.#pause = pause;
    const found = await this.#find(pause.signal);
    this.#pause = null;
    if (this.#isIdle()) return;
    if (found.isErr()) {
      this.#searches += 1;
      const wait = this.#pauseAfter(this.#searches);
      this.#searchAt = this.#now() + wait;
      for (const mapping of this.#mappings) this.#lose(mapping, found.error, wait);
      return;
    }
    this.#searches = 0;
    this.#bind(found.value.gateway, found.value.state);
    this.#allDue();
  }

  /** From now on it is this one, or none. */
  #bind(gateway: Gateway | null, state: ConnectionState | null): void {
    void this.#unwatch();
    this.#gateway = gateway;
    this.#watch = gateway === null ? null : this.#watching(gateway, state);
  }

  async #unwatch(): Promise<void> {
    const watch = this.#watch;
    this.#watch = null;
    await watch?.close();
  }

  #watching(gateway: Gateway, state: ConnectionState | null): GatewayWatch {
    const stillStands = (): Promise<boolean> => this.#stillStands(gateway);
    const watch = watchGateway(gateway, { ...this.#watchOptions, stillStands, state });
    watch.on((change) => {
      if (this.#watch === watch) this.#notice(change);
    });
    return watch;
  }

  /** One speaks for all of them: what a gateway forgets at a start, it forgets as a whole. */
  async #stillStands(gateway: Gateway): Promise<boolean> {
    const { udn } = gateway.description.device;
    const stands = [...this.#mappings].flatMap(({ stand }) => (stand?.udn === udn ? stand : []));
    if (stands[0] === undefined) return true;
    const { holder } = await standingAt(gateway, stands[0].granted, {});
    return holder === 'own' || holder === 'unknown';
  }

  #notice(change: GatewayChange): void {
    switch (change.kind) {
      case 'externalAddress': {
        const { kind, address, addressClass } = change;
        for (const mapping of this.#mappings) mapping.emit({ kind, address, addressClass });
        return;
      }
      // After a restart its control URL may be another one; what is found then is mostly the same device.
      case 'restarted':
      case 'gone':
      case 'network':
        this.#bind(null, null);
        this.#searchAt = Math.max(this.#now(), this.#searchedAt + FIRST_PAUSE_MS);
        break;
      case 'connection':
        // With the connection some routers lose their table.
        if (change.connected) this.#allDue();
        break;
      case 'mappings':
        return;
    }
    this.#pause?.abort();
  }

  #allDue(): void {
    for (const mapping of this.#mappings) mapping.dueAt = this.#now();
  }

  async #tend(): Promise<void> {
    for (const mapping of [...this.#mappings]) {
      const gateway = this.#gateway;
      if (gateway === null || this.#isClosed) return;
      if (mapping.dueAt > this.#now() || mapping.phase === 'closed') continue;
      const done = this.#renew(mapping, gateway);
      this.#turn = { mapping, done };
      await done;
      this.#turn = null;
    }
  }

  async #renew(mapping: KeptMapping, gateway: Gateway): Promise<void> {
    const turn = await renewMapping(mapping, gateway, this.#journal);
    if (turn.kind === 'mapped') await this.#succeed(mapping, gateway, turn.mapped);
    else if (mapping.phase !== 'closed') this.#fail(mapping, turn.error, turn.kind === 'stands');
  }

  async #succeed(mapping: KeptMapping, asked: Gateway, mapped: MappedPort): Promise<void> {
    const { gateway, granted } = mapped;
    if (gateway !== asked && this.#gateway === asked) this.#bind(gateway, null);
    const { udn } = gateway.description.device;
    const { stand, phase } = mapping;
    const before = stand?.udn === udn ? stand.granted : null;
    this.#stand(mapping, mapped, phase === 'mapped' ? before : null);
    await this.#journal?.add(gateway, granted);
    // Closed while it was written down: the one who closes it waits, and gives it back.
    if (mapping.phase === 'closed') return;
    if (stand === null) mapping.emit({ kind: 'mapped', mapping: mapped });
    else if (before === null || !isSamePlace(granted, before)) {
      mapping.emit({ kind: 'moved', mapping: mapped, from: stand.granted });
    } else if (phase === 'lost') mapping.emit({ kind: 'restored', mapping: mapped });
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
    mapping.failures += 1;
    const pause = this.#pauseAfter(mapping.failures);
    mapping.dueAt = this.#now() + pause;
    const last = error.kind === 'not-mapped' ? error.attempts.at(-1)?.error : undefined;
    // Perhaps it is gone: that is seen at the next look, and this is the time for it.
    if (last?.kind === 'transport') this.#watch?.look();
    if (!stands) this.#lose(mapping, error, pause);
  }

  #lose(mapping: KeptMapping, error: KeepError, retryInMs: number): void {
    mapping.error = error;
    if (mapping.phase === 'lost' || mapping.phase === 'closed') return;
    mapping.phase = 'lost';
    mapping.emit({ kind: 'lost', error, retryInMs });
  }

  async #release(mapping: KeptMapping): Promise<Result<void, CallError>> {
    this.#mappings.delete(mapping);
    if (this.#mappings.size === 0) this.#pause?.abort();
    if (this.#turn?.mapping === mapping) await this.#turn.done;
    const { stand } = mapping;
    mapping.stand = null;
    const given = stand === null ? ok(undefined) : await this.#giveBack(stand);
    if (this.#mappings.size === 0) await this.#running;
    return given;
  }

  async #giveBack({ granted, udn, endsAt }: Stand): Promise<Result<void, CallError>> {
    const gateway = this.#gateway;
    // A gateway that can't be asked any more keeps it until its lease ends.
    if (gateway === null || gateway.description.device.udn !== udn || endsAt <= this.#now()) return ok(undefined);
    const given = await giveBack(gateway, granted);
    if (given.isErr()) return err(given.error);
    await this.#journal?.remove(gateway, granted);
    return ok(undefined);
  }

  #pauseAfter(failures: number): number {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
    return pause * (0.8 + 0.4 * this.#transport.random.fraction());
  }
}

function isSamePlace(granted: PortMapping, before: PortMapping): boolean {
  return leadsTo(granted, before) && granted.externalPort === before.externalPort;
}
