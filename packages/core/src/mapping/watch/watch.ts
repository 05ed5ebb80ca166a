/// <reference lib="esnext.disposable" preserve="true" />
/** Notices what changes on a gateway, by whatever way there is: events, announcements, and a look now and then. */
import { assertArguments, GATEWAY, OPTIONS } from '../../arguments.ts';
import { createAbort, type Abort } from '../../abort.ts';
import { connectionState, rankOf, type ConnectionState } from '../../client/connection-state.ts';
import { fetchDescription } from '../../client/fetch-description.ts';
import type { Gateway } from '../../client/gateway.ts';
import { parseHttpUrl } from '../../description/url.ts';
import type { AbortSignalLike } from '../../ports.ts';
import { hearAnnouncements, type Announcement } from './announcements.ts';
import { Channel, type OnThrown } from '../internal/channel.ts';
import type { EventSource, Renewal } from './event-source.ts';
import { inTurn } from '../internal/serialized-requests.ts';
import {
  afterEvent,
  afterLook,
  changesBetween,
  type ChangeSource,
  type GatewayChange,
  tableAfter,
  tableChanges,
  type EventedTable,
} from './gateway-changes.ts';
import { interfacesTowards } from './local-interfaces.ts';
import { RestartSigns } from './reboot-detector.ts';
import { Rumours } from './unverified-announcements.ts';
import { subscribeTo } from './subscribe-to-gateway.ts';

export type { GatewayChange } from './gateway-changes.ts';

export interface WatchOptions {
  /** Milliseconds from one look to the next; default 120000. Where there are events, a fifth as often. */
  readonly pollMs?: number | undefined;
  /**
   * Whether to subscribe to events, where the transport can listen for them. Default: false, since that opens a port on
   * this host, which its firewall may ask a person about.
   */
  readonly events?: boolean | undefined;
  /** Whether to listen for announcements; default true. */
  readonly announcements?: boolean | undefined;
  /**
   * Whether what this host has on the gateway is still there. It is asked when an announcement may be the first one after
   * a start, and no subscription tells; `false` counts as a restart. The signal aborts when the watch is closed.
   */
  readonly stillStands?: ((signal: AbortSignalLike) => Promise<boolean>) | undefined;
  /** What is known already; default: it is asked for first. */
  readonly state?: ConnectionState | null | undefined;
  /**
   * Is told what a listener has thrown; the others are told all the same, and the watch goes on. Default: it becomes a
   * rejection that nobody handles, so that the runtime tells of it.
   */
  readonly onThrown?: OnThrown | undefined;
}

/** Looks in a row that were not answered, before the gateway is taken to be gone. */
const PATIENCE = 2;
/** From the first that was not answered to the second. */
const SECOND_LOOK_MS = 5_000;
const PROBE_MS = 3_000;
/** From one probe for announcements to the next: anybody can send a thousand of them. */
const BETWEEN_PROBES_MS = 5_000;
/** From one restart that is told to the next. */
const BETWEEN_RESTARTS_MS = 30_000;

/** A gateway that is watched, until it is closed. */
export class GatewayWatch implements AsyncIterable<GatewayChange>, AsyncDisposable {
  readonly #gateway: Gateway;
  readonly #pollMs: number;
  readonly #host: string;
  readonly #changes = new Channel<GatewayChange>();
  readonly #life = createAbort();
  readonly #signs = new RestartSigns();
  #nap: Abort | null = null;
  #state: ConnectionState | null;
  #table: EventedTable | null = null;
  #addresses = '';
  /** When to look around next, and when to ask the gateway as well. */
  #lookAt: number;
  #askAt: number;
  #missed = 0;
  readonly #rumours: Rumours;
  #probeAt = 0;
  #restart: { readonly source: ChangeSource; readonly at: number } | null = null;
  #lastRestart = -Infinity;
  #events: EventSource | null = null;
  #isRenewalWanted = false;
  readonly #stillStands: WatchOptions['stillStands'];
  readonly #onThrown: OnThrown | undefined;
  /** Whether that is in doubt, and when it may be asked for again. */
  #isInDoubt = false;
  #checkAt = 0;
  readonly #stopHearing: (() => Promise<void>) | null;
  readonly #running: Promise<void>;

  /** See {@link watchGateway}. */
  constructor(gateway: Gateway, options: WatchOptions) {
    assertArguments(['gateway', gateway, GATEWAY], ['options', options, OPTIONS]);
    const { pollMs = 120_000, events = false, announcements = true, stillStands, state = null, onThrown } = options;
    const { transport, description } = gateway;
    const now = transport.clock.now();
    this.#gateway = gateway;
    this.#pollMs = pollMs;
    this.#host = parseHttpUrl(description.location)
      .map(({ host }) => host)
      .unwrapOr('');
    this.#rumours = new Rumours(description, this.#signs);
    this.#stillStands = stillStands;
    this.#onThrown = onThrown;
    this.#state = state;
    this.#lookAt = this.#askAt = state === null ? now : now + pollMs;
    this.#noteUptime();
    this.#stopHearing = announcements
      ? hearAnnouncements(transport, this.#host, (announcement) => {
          this.#hear(announcement);
        })
      : null;
    this.#running = this.#run(events);
  }

  /** What it was last seen to be; null before the first look. */
  get state(): ConnectionState | null {
    return this.#state;
  }

  /** @returns a function that ends the listening */
  on(listener: (change: GatewayChange) => void): () => void {
    return this.#changes.on(listener);
  }

  [Symbol.asyncIterator](): AsyncIterator<GatewayChange, undefined> {
    return this.#changes[Symbol.asyncIterator]();
  }

  /** Looks now, and not only when it is time. */
  look(): void {
    this.#lookAt = this.#askAt = 0;
    this.#nap?.abort();
  }

  /** Ends it, within a second; nothing is left open. May be called again. */
  async close(): Promise<void> {
    this.#life.abort();
    this.#nap?.abort();
    this.#changes.end();
    await this.#running;
    await this.#stopHearing?.();
    const events = this.#events;
    this.#events = null;
    await events?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Asked anew after each wait. */
  #isOver(): boolean {
    return this.#life.signal.aborted;
  }

  #now(): number {
    return this.#gateway.transport.clock.now();
  }

  #emit(...changes: readonly GatewayChange[]): void {
    for (const change of changes) if (!this.#isOver()) this.#changes.emit(change, this.#onThrown);
  }

  async #run(withEvents: boolean): Promise<void> {
    await this.#lookAtInterfaces();
    if (withEvents) await this.#subscribe();
    while (!this.#isOver()) {
      if (this.#lookAt <= this.#now()) await this.#look();
      if (this.#rumours.pending !== null && this.#probeAt <= this.#now()) await this.#probe();
      if (this.#isInDoubt && this.#checkAt <= this.#now()) await this.#check();
      if (this.#isRenewalDue() && (await this.#renew()) === 'lost') this.#suspectRestart('event');
      if (this.#restart !== null && this.#restart.at <= this.#now()) await this.#tellRestart(this.#restart.source);
      await this.#sleep();
    }
  }

  async #sleep(): Promise<void> {
    if (this.#isOver()) return;
    const probeAt = this.#rumours.pending === null ? Infinity : this.#probeAt;
    const checkAt = this.#isInDoubt ? this.#checkAt : Infinity;
    const due = Math.min(
      this.#lookAt,
      probeAt,
      checkAt,
      this.#events?.renewAt ?? Infinity,
      this.#restart?.at ?? Infinity,
    );
    this.#nap = createAbort();
    await this.#gateway.transport.clock.sleep(Math.max(0, due - this.#now()), this.#nap.signal);
    this.#nap = null;
  }

  async #look(): Promise<void> {
    const now = this.#now();
    this.#lookAt = now + this.#pollMs;
    await this.#lookAtInterfaces();
    if (this.#askAt > now || this.#isOver()) return;
    this.#askAt = now + this.#pollMs * (this.#events === null || this.#missed > 0 ? 1 : 5);
    const before = this.#state;
    const answered = await connectionState(this.#gateway, { signal: this.#life.signal });
    if (this.#isOver()) return;
    if (rankOf(answered) === 3) this.#miss();
    // An event came meanwhile, and this answer may be older.
    else if (this.#state !== before) this.look();
    else {
      if (this.#missed >= PATIENCE) this.#suspectRestart('poll');
      this.#missed = 0;
      this.#state = before === null ? answered : afterLook(before, answered);
      if (this.#noteUptime()) this.#suspectRestart('poll');
      if (before !== null) this.#emit(...changesBetween(before, this.#state, 'poll'));
    }
  }

  #miss(): void {
    this.#missed += 1;
    if (this.#missed < PATIENCE) this.#lookAt = this.#askAt = this.#now() + SECOND_LOOK_MS;
    else if (this.#missed === PATIENCE) this.#emit({ kind: 'gone', source: 'poll' });
  }

  /** @returns whether it shows a restart */
  #noteUptime(): boolean {
    const { connected = false, uptimeSeconds = null } = this.#state ?? {};
    return this.#signs.sawUptime(connected ? uptimeSeconds : null, this.#now());
  }

  async #lookAtInterfaces(): Promise<void> {
    const { transport } = this.#gateway;
    const near = await interfacesTowards(this.#host, transport);
    if (near === null) return;
    const before = this.#addresses;
    this.#addresses = near.map(({ name, address }) => `${name} ${address}`).join();
    // Without an interface there was no network, but one that was left, or was not up yet.
    if (before !== '' && this.#addresses !== before) this.#emit({ kind: 'network', source: 'poll' });
  }

  async #subscribe(): Promise<void> {
    this.#events = await subscribeTo(this.#gateway, {
      signal: this.#life.signal,
      onChange: (properties) => {
        this.#take(properties);
      },
      onMissed: () => {
        this.look();
      },
    });
  }

  #take(properties: ReadonlyMap<string, string>): void {
    const before = this.#state;
    if (before !== null) {
      this.#state = afterEvent(before, properties);
      this.#emit(...changesBetween(before, this.#state, 'event'));
    }
    const known = this.#table;
    this.#table = tableAfter(known, properties);
    if (known !== null) this.#emit(...tableChanges(known, this.#table));
  }

  #isRenewalDue(): boolean {
    return this.#events !== null && (this.#isRenewalWanted || this.#events.renewAt <= this.#now());
  }

  async #renew(): Promise<Renewal> {
    this.#isRenewalWanted = false;
    const events = this.#events;
    const outcome = (await events?.renew()) ?? 'refused';
    if (outcome === 'refused') {
      this.#events = null;
      await events?.close();
    }
    if (outcome !== 'renewed') this.look();
    return outcome;
  }

  #hear(announcement: Announcement): void {
    switch (this.#rumours.hear(announcement, this.#missed > 0)) {
      case 'probe':
        this.#nap?.abort();
        break;
      case 'check':
        this.#isRenewalWanted = true;
        this.#isInDoubt = this.#isCheckable();
        this.look();
        break;
      case 'ask':
        this.#isInDoubt = this.#isCheckable();
        this.#askAt = 0;
        break;
      case 'none':
        break;
    }
  }

  /** Whether announcements were true: a gateway that stands where it stood has not gone, and has not moved. */
  async #probe(): Promise<void> {
    const { description } = this.#gateway;
    this.#probeAt = this.#now() + BETWEEN_PROBES_MS;
    const options = { deadlineMs: PROBE_MS, signal: this.#life.signal };
    const answer = (await fetchDescription(inTurn(this.#gateway), description.location, options)).unwrapOr(null);
    // With what was heard meanwhile: after a byebye an alive may follow.
    const rumour = this.#rumours.pending;
    this.#rumours.clear();
    if (rumour === null || this.#isOver()) return;
    const isThere = answer?.description.device.udn === description.device.udn;
    const wasGone = this.#missed >= PATIENCE;
    this.#missed = isThere ? 0 : PATIENCE;
    if (isThere ? rumour.isRestarted || wasGone : rumour.isElsewhere) this.#suspectRestart('announcement');
    else if (!isThere && !wasGone) this.#emit({ kind: 'gone', source: 'announcement' });
  }

  #isCheckable(): boolean {
    return this.#events === null && this.#stillStands !== undefined;
  }

  async #check(): Promise<void> {
    this.#isInDoubt = false;
    this.#checkAt = this.#now() + BETWEEN_PROBES_MS;
    if ((await this.#stillStands?.(this.#life.signal)) === false) this.#suspectRestart('announcement');
  }

  /** One restart has several signs, and a sign can be forged: it is told at once, and the next one after a pause. */
  #suspectRestart(source: ChangeSource): void {
    this.#signs.forget(source);
    this.#restart ??= { source, at: Math.max(this.#now(), this.#lastRestart + BETWEEN_RESTARTS_MS) };
  }

  async #tellRestart(source: ChangeSource): Promise<void> {
    this.#restart = null;
    this.#lastRestart = this.#now();
    this.#emit({ kind: 'restarted', source });
    // Subscriptions do not outlive it.
    if (this.#events !== null && source !== 'event' && !this.#isOver()) await this.#renew();
    else if (source !== 'poll') this.look();
  }
}

/**
 * Watches a gateway. Events and announcements tell at once, and what they do not tell is seen at the next look; the
 * changes are the same, whichever way they came. The mapping table alone is not looked at: reading it may take a request
 * for each entry.
 *
 * @example
 * ```ts
 * await using watch = watchGateway(gateway);
 * for await (const change of watch) console.log(change.kind, change.source);
 * ```
 */
export function watchGateway(gateway: Gateway, options: WatchOptions = {}): GatewayWatch {
  return new GatewayWatch(gateway, options);
}
