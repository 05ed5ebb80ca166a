/// <reference lib="esnext.disposable" preserve="true" />
/** Keeps mappings on whatever gateway the network has, for as long as a program runs. */
import { err, ok, ResultAsync, type Result } from '../../result.ts';
import { assertArguments, POLLED_OPTIONS, A_TRANSPORT } from '../../arguments.ts';
import { createAbort, type Abort } from '../../abort.ts';
import { findGateway } from '../../client/find-gateway.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { PortMapping } from '../../port-mapping.ts';
import type { CallError } from '../../errors.ts';
import type { AbortSignalLike, Transport } from '../../ports.ts';
import type { Holder } from '../igd/attempt-types.ts';
import { backgroundSleep } from '../internal/background-sleep.ts';
import { limitsUntil } from '../internal/call-limits.ts';
import { reject, type OnThrown } from '../internal/channel.ts';
import { GatewayHold, type Find } from './gateway-monitor.ts';
import { isOn } from './gateway-identity.ts';
import { GivingBack } from '../leases/release.ts';
import { droppedError, lapsedError, thrownError, type KeepError } from './events.ts';
import { dueForInspection, INSPECTION_MS } from './inspection-schedule.ts';
import { COMPARE_CLOCKS_MS, wasSuspended, type Moment } from './suspend.ts';
import type { Journal } from '../leases/journal.ts';
import { KeptMapping, type Caretaker, type Stand } from './managed-lease.ts';
import type { MapPortOptions, MappedPort } from '../types.ts';
import { fail, lose, stand } from './lease-state.ts';
import { allOf, isSameEntry } from '../leases/unknown-leases.ts';
import { guarded, type Notebook } from '../leases/journal-transaction.ts';
import { keepable } from './renewal-schedule.ts';
import { renewMapping } from './renew-lease.ts';
import { leadsTo, ownershipAt } from '../igd/ownership.ts';
import { hasListed } from '../igd/read-mapping.ts';
import type { WatchOptions } from '../watch/watch.ts';

export interface KeeperOptions {
  /** The gateway to begin with; default: the one that `find` gives. */
  readonly gateway?: Gateway | undefined;
  /**
   * How a gateway is found, at first and when one has vanished; default: {@link findGateway}. The signal aborts when
   * nobody waits for it any more.
   */
  readonly find?: Find | undefined;
  /** Where mappings are written down, for {@link cleanUpAfterCrash}; default: nowhere. */
  readonly journal?: Journal | undefined;
  /** How the gateway is watched meanwhile; events are off by default. */
  readonly watch?: Omit<WatchOptions, 'state' | 'stillStands' | 'onThrown'> | undefined;
  /**
   * Is told what a listener, or the file of the journal, has thrown. The other listeners are told all the same, and the
   * mappings are kept. Default: it becomes a rejection that nobody handles, so that the runtime tells of it as of any
   * mistake in a program; so does what this function throws. What `find`, `policy` and `onGranted` throw is told by `lost`.
   */
  readonly onThrown?: OnThrown | undefined;
}

/** A mapping that could not be deleted, and stays until its lease ends. */
export interface LeftBehind {
  readonly mapping: PortMapping;
  readonly error: CallError;
}

/** To see whether a mapping is still there. A gateway that is slower is looked for. */
const CHECK_MS = 5_000;

/** Looks after any number of mappings, with one timer, one watch and one search for all of them. */
export class Keeper implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #notebook: Notebook | undefined;
  readonly #mappings = new Set<KeptMapping>();
  readonly #caretaker: Caretaker;
  readonly #hold: GatewayHold;
  readonly #givingBack: GivingBack;
  /** Ends the wait that is under way. */
  #pause: Abort | null = null;
  /** Aborts when nothing is kept any more. */
  #work = createAbort();
  #turn: { readonly mapping: KeptMapping; readonly done: Promise<unknown> } | null = null;
  #running: Promise<void> | null = null;
  #closing: Promise<readonly LeftBehind[]> | null = null;
  #releasing: Promise<unknown> = Promise.resolve();
  /** When mappings are read although nothing was heard. */
  #inspectAt = Infinity;
  /** What could not be given back. */
  #left: { readonly stand: Stand; readonly error: CallError }[] = [];

  constructor(transport: Transport, options: KeeperOptions = {}) {
    assertArguments(['transport', transport, A_TRANSPORT], ['options', options, POLLED_OPTIONS]);
    const { gateway, find, journal, watch = {}, onThrown = reject } = options;
    this.#transport = transport;
    const tell = told(onThrown);
    this.#notebook = journal && guarded(journal, tell);
    this.#caretaker = { release: (mapping) => new ResultAsync(this.#released(mapping)), onThrown: tell };
    this.#givingBack = new GivingBack(transport.clock);
    this.#hold = new GatewayHold(transport, gateway, find ?? ((signal) => findGateway(transport, { signal })), watch, {
      holderOn: (on, signal) => this.#holderOn(on, signal),
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
      lastUdn: () => [...this.#mappings].flatMap(allOf).at(0)?.udn ?? null,
    });
  }

  /** The gateway that the mappings are on; null while there is none. */
  get gateway(): Gateway | null {
    return this.#hold.gateway;
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
      this.#hold.begin(mapped.gateway);
      stand(mapping, mapped, null, this.#transport);
      mapping.isListed = hasListed(mapped.gateway);
      mapping.inspectedAt = this.#now();
      this.#inspectAt = Math.min(this.#inspectAt, this.#now() + INSPECTION_MS);
      void this.#notebook?.add(mapped.gateway, mapped.granted);
    }
    if (this.#closing !== null || options.signal?.aborted === true) {
      void mapping[Symbol.asyncDispose]();
      return mapping;
    }
    this.#mappings.add(mapping);
    if (this.#running === null) this.#running = this.#run();
    else if (this.gateway === null) this.#hold.look();
    else this.#pause?.abort();
    return mapping;
  }

  /** Something may have changed: looks at the gateway now, or for one, and not only when it is time. */
  look(): void {
    this.#hold.look();
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
  close(): Promise<readonly LeftBehind[]> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #closeAll(): Promise<readonly LeftBehind[]> {
    this.#pause?.abort();
    for (const mapping of [...this.#mappings]) void mapping[Symbol.asyncDispose]();
    await this.#releasing;
    await this.#running;
    const now = this.#now();
    return this.#left.flatMap(({ stand: { granted, endsAt }, error }) =>
      endsAt > now ? [{ mapping: granted, error }] : [],
    );
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
      await this.#hold.act(this.#work.signal);
      if (this.#inspectAt <= this.#now()) await this.#inspect();
      await this.#tend();
      await this.#sleepUntil(this.#nextDue());
      if (this.#isIdle()) await this.#hold.close();
    }
    this.#running = null;
  }

  #nextDue(): number {
    let next = Math.min(this.#hold.dueAt, this.#inspectAt);
    for (const { dueAt, phase, stand } of this.#mappings) {
      if (this.gateway !== null && dueAt < next) next = dueAt;
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
      this.#hold.look();
      this.#pause?.abort();
    }
  }

  /** Reads some of the mappings. If one is gone, all are due: a router that drops one has mostly dropped more. */
  async #inspect(): Promise<void> {
    this.#inspectAt = this.#now() + INSPECTION_MS;
    const { gateway } = this;
    if (gateway === null) return;
    const standing = [...this.#mappings].filter(
      ({ phase, stand: on }) => phase === 'mapped' && on && isOn(on, gateway),
    );
    for (const mapping of dueForInspection(standing)) {
      if (this.#work.signal.aborted || mapping.phase !== 'mapped' || mapping.stand === null) continue;
      mapping.inspectedAt = this.#now();
      const holder = await this.#holderOf(gateway, mapping, mapping.stand);
      if (holder === 'nobody' || holder === 'other') this.#allDue('silent-loss');
      // Of a gateway that does not answer, the others are not read either.
      if (holder !== 'own') return;
    }
  }

  async #tend(): Promise<void> {
    for (const mapping of [...this.#mappings]) {
      const now = this.#now();
      // First the gateway: to ask one that is gone for each of them takes its time.
      if (this.#isIdle() || this.#hold.dueAt <= now) return;
      if (mapping.phase === 'closed') continue;
      const { gateway } = this;
      if (gateway !== null && mapping.dueAt <= now) {
        const done = this.#renew(mapping, gateway);
        this.#turn = { mapping, done };
        await done;
        this.#turn = null;
      } else if (mapping.phase === 'mapped' && mapping.stand !== null && mapping.stand.endsAt <= now) {
        lose(mapping, lapsedError(mapping.stand.granted), mapping.dueAt - now);
      }
    }
  }

  async #renew(mapping: KeptMapping, gateway: Gateway): Promise<void> {
    if (mapping.options.signal?.aborted === true) return void mapping[Symbol.asyncDispose]();
    try {
      const { doubt } = mapping;
      const isGone = await this.#isFoundGone(mapping, gateway);
      if (isGone && doubt === 'silent-loss' && mapping.stand !== null) {
        lose(mapping, droppedError(mapping.stand.granted), 0);
      }
      const turn = await renewMapping(mapping, gateway, this.#notebook);
      if (turn.kind === 'mapped') await this.#succeed(mapping, gateway, turn.mapped, isGone);
      else this.#fail(mapping, turn.error, turn.kind === 'stands');
    } catch (error) {
      const { phase, stand: standing } = mapping;
      const stands = phase === 'mapped' && standing !== null && standing.endsAt > this.#now();
      this.#fail(mapping, thrownError(error), stands);
    }
  }

  #fail(mapping: KeptMapping, error: KeepError, stands: boolean): void {
    if (mapping.phase === 'closed') return;
    fail(mapping, error, stands, this.#transport);
    const last = error.kind === 'not-mapped' ? error.attempts.at(-1)?.error : undefined;
    // Perhaps it is gone: that is seen at the next look, and this is the time for it.
    if (last?.kind === 'transport') this.#hold.look();
  }

  /** Whether one that stood is gone, where that is in doubt. */
  async #isFoundGone(mapping: KeptMapping, gateway: Gateway): Promise<boolean> {
    const { doubt, stand: standing } = mapping;
    mapping.doubt = null;
    if (doubt === null || standing === null || !isOn(standing, gateway)) return false;
    const holder = await this.#holderOf(gateway, mapping, standing);
    return holder === 'nobody' || holder === 'other';
  }

  /** What a gateway forgets at a start, it forgets as a whole. */
  async #holderOn(gateway: Gateway, signal: AbortSignalLike): Promise<Holder | null> {
    for (const mapping of this.#mappings) {
      const { phase, stand: standing } = mapping;
      if (phase === 'mapped' && standing !== null && isOn(standing, gateway))
        return this.#holderOf(gateway, mapping, standing, signal);
    }
    return null;
  }

  async #holderOf(
    gateway: Gateway,
    { isListed }: KeptMapping,
    { granted }: Stand,
    signal: AbortSignalLike = this.#work.signal,
  ): Promise<Holder> {
    const { clock } = this.#transport;
    const { holder } = await ownershipAt(gateway, granted, limitsUntil(clock.now() + CHECK_MS, clock, signal));
    return holder === 'nobody' && !isListed ? 'unknown' : holder;
  }

  async #succeed(mapping: KeptMapping, asked: Gateway, mapped: MappedPort, wasGone: boolean): Promise<void> {
    const { gateway, granted } = mapped;
    if (gateway !== asked && this.gateway === asked) this.#hold.bind(gateway, null);
    const { stand: standing, phase } = mapping;
    const before = standing !== null && isOn(standing, gateway) ? standing.granted : null;
    const wasLost = phase === 'lost' || wasGone;
    stand(mapping, mapped, wasLost ? null : before, this.#transport);
    mapping.isListed = hasListed(gateway);
    this.#inspectAt = Math.min(this.#inspectAt, this.#now() + INSPECTION_MS);
    mapping.inspectedAt = this.#now();
    await this.#notebook?.add(gateway, granted);
    // Closed while it was written down: the one who closes it waits, and gives it back.
    if (mapping.phase === 'closed') return;
    if (standing === null) mapping.emit({ kind: 'mapped', mapping: mapped });
    else if (before === null || !isSameGrant(granted, before)) {
      mapping.emit({ kind: 'moved', mapping: mapped, from: standing.granted });
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
    const given = await this.#givingBack.giveBack(
      async () => {
        if (this.#turn?.mapping === mapping) await this.#turn.done;
        return allOf(mapping);
      },
      () => this.gateway,
    );
    mapping.stand = null;
    mapping.mayStand = [];
    let error: CallError | null = null;
    for (const { stand: one, result } of given) {
      this.#left = this.#left.filter(({ stand: other }) => !isSameEntry(one, other));
      if (result.isErr()) {
        error ??= result.error;
        this.#left.push({ stand: one, error: result.error });
      } else await this.#notebook?.remove(one.gateway, one.granted);
    }
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

function isSameGrant(granted: PortMapping, before: PortMapping): boolean {
  return leadsTo(granted, before) && granted.externalPort === before.externalPort;
}
