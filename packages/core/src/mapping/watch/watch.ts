/// <reference lib="esnext.disposable" preserve="true" />
/** Watches a gateway by events, announcements and polls, and reports what changes. */
import { createAbort, type Abort } from '../../abort.ts';
import { assertArguments, GATEWAY, OPTIONS } from '../../arguments.ts';
import { connectionState, type ConnectionState } from '../../client/connection-state.ts';
import type { Gateway } from '../../client/gateway.ts';
import { hostIn } from '../../description/url.ts';
import { EventStream } from '../internal/event-stream.ts';
import { AddressTracker } from './address-tracker.ts';
import { backgroundSleep } from '../internal/background-sleep.ts';
import type { Renewal } from './event-source.ts';
import type { GatewayChange } from '../port-mapper.ts';
import { GatewayListener } from './gateway-listener.ts';
import { towards } from './local-interfaces.ts';
import { isDescribedAt, isPresent } from './probe.ts';
import { WatchModel } from './watch-model.ts';
import type { WatchOptions } from './watch-options.ts';
import { nextDue, nextStep, type DueTimes, type WatchStep } from './watch-schedule.ts';

export type { GatewayChange } from '../port-mapper.ts';
export type { WatchOptions } from './watch-options.ts';

/** A gateway that is watched, until it is closed. */
export class GatewayWatch implements AsyncIterable<GatewayChange>, AsyncDisposable {
  readonly #gateway: Gateway;
  readonly #options: WatchOptions;
  readonly #listener: GatewayListener;
  readonly #addresses: AddressTracker;
  readonly #model: WatchModel;
  readonly #changes = new EventStream<GatewayChange>();
  readonly #life = createAbort();
  readonly #steps: Readonly<Record<WatchStep, () => Promise<unknown>>> = {
    reconnect: () => this.#reconnect(),
    poll: () => this.#poll('poll'),
    probe: () => this.#probe(),
    verify: () => this.#verify(),
    renew: () => this.#renew(),
    report: () => this.#report(),
  };
  #sleep: Abort | null = null;
  #isReconnectWanted = false;
  /** A change of the network was reported: a loss is, so the address that comes after it is no news. */
  #isChangeReported = false;
  readonly #running: Promise<void>;

  /** See {@link watchGateway}. */
  constructor(gateway: Gateway, options: WatchOptions) {
    assertArguments(['gateway', gateway, GATEWAY], ['options', options, OPTIONS]);
    const { transport } = gateway;
    const { location, device } = gateway.description;
    const { pollMs = 120_000, state = null, events = false, announcements = true } = options;
    const host = hostIn(location);
    this.#gateway = gateway;
    this.#options = options;
    this.#model = new WatchModel({ udn: device.udn, location }, pollMs, state, transport.clock.now());
    this.#listener = new GatewayListener(gateway, {
      announcements,
      events,
      signal: this.#life.signal,
      onAnnouncement: (announcement) => {
        if (this.#model.addAnnouncement(announcement, this.#now())) this.#sleep?.abort();
      },
      onEvent: (properties) => {
        this.#emit(this.#model.addEvent(properties));
      },
      onMissed: () => {
        this.checkNow();
      },
    });
    this.#addresses = new AddressTracker(transport, (listed) => towards(host, listed), this.#addressChanged);
    this.#listener.listen();
    this.#running = this.#run();
  }

  /** The last known state; null before the first poll. */
  get state(): ConnectionState | null {
    return this.#model.state;
  }

  /** @returns a function that removes the listener */
  on(listener: (change: GatewayChange) => void): () => void {
    return this.#changes.on(listener);
  }

  [Symbol.asyncIterator](): AsyncIterator<GatewayChange, undefined> {
    return this.#changes[Symbol.asyncIterator]();
  }

  /** Polls now, without waiting for the next poll. */
  checkNow(): void {
    this.#model.pollNow();
    this.#sleep?.abort();
  }

  /** Ends the watch within a second, and frees its ports. May be called again. */
  async close(): Promise<void> {
    this.#life.abort();
    this.#sleep?.abort();
    this.#addresses.close();
    this.#changes.end();
    await this.#running;
    await this.#listener.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A method, since the answer may differ after each await. */
  #isOver(): boolean {
    return this.#life.signal.aborted;
  }

  #now(): number {
    return this.#gateway.transport.clock.now();
  }

  #emit(changes: readonly GatewayChange[]): void {
    for (const change of changes) if (!this.#isOver()) this.#changes.emit(change, this.#options.onThrown);
  }

  async #run(): Promise<void> {
    await this.#addresses.read();
    await this.#listener.subscribe();
    while (!this.#isOver()) {
      const due = this.#dueTimes();
      const step = nextStep(due, this.#now());
      if (step === null) await this.#sleepUntil(nextDue(due));
      else await this.#steps[step]();
    }
  }

  #dueTimes(): DueTimes {
    return {
      ...this.#model.dueTimes,
      reconnect: this.#isReconnectWanted ? -Infinity : Infinity,
      renew: this.#listener.renewAt,
    };
  }

  async #sleepUntil(time: number): Promise<void> {
    this.#sleep = createAbort();
    await backgroundSleep(this.#gateway.transport.clock, time - this.#now(), this.#sleep.signal);
    this.#sleep = null;
  }

  /** @returns whether the gateway answered */
  async #poll(source: 'announcement' | 'poll'): Promise<boolean> {
    await this.#addresses.read();
    const start = this.#model.beginPoll(this.#now());
    const answer = await connectionState(this.#gateway, { signal: this.#life.signal });
    const isAnswered = await isPresent(this.#gateway, answer, this.#life.signal);
    if (this.#isOver()) return false;
    const { hasEvents } = this.#listener;
    this.#emit(this.#model.addPoll(answer, { ...start, now: this.#now(), source, hasEvents, isAnswered }));
    return isAnswered;
  }

  /** Whether the gateway is where it was, or else where an announcement said. */
  async #probe(): Promise<void> {
    this.#model.beginProbe(this.#now());
    const { signal } = this.#life;
    const isThere = await isDescribedAt(this.#gateway, this.#gateway.description.location, signal);
    const announced = isThere ? null : this.#model.announcedLocation;
    const isElsewhere = announced !== null && (await isDescribedAt(this.#gateway, announced, signal));
    if (!this.#isOver()) this.#emit(this.#model.endProbe(isThere, isElsewhere ? announced : null, this.#now()));
  }

  /** Asks the gateway itself whether it has restarted, by the cheapest evidence first. */
  async #verify(): Promise<void> {
    const startedAt = this.#now();
    const isDecided = await this.#collectEvidence();
    this.#model.endVerification(startedAt, isDecided);
  }

  /** @returns whether the evidence decides; false: a request was not answered */
  async #collectEvidence(): Promise<boolean> {
    // A subscription does not outlive a restart.
    const renewal = this.#listener.isSubscribed ? await this.#renew() : null;
    if (renewal === 'renewed' || renewal === 'lost' || this.#isOver()) return true;
    if ((await this.#options.isStillMapped?.(this.#life.signal)) === false) {
      this.#model.confirmRestart('announcement', this.#now());
      return true;
    }
    return !this.#isOver() && (await this.#poll('announcement')) && renewal !== 'unanswered';
  }

  async #report(): Promise<void> {
    const change = this.#model.takeRestart(this.#now());
    if (change === null) return;
    this.#emit([change]);
    if (this.#isOver()) return;
    if (this.#listener.isSubscribed && change.source !== 'event') await this.#renewSubscription();
    else if (change.source !== 'poll') this.checkNow();
  }

  /** A subscription that is lost before its time shows a restart. */
  async #renew(): Promise<Renewal> {
    const outcome = await this.#renewSubscription();
    if (outcome === 'lost') this.#model.confirmRestart('event', this.#now());
    return outcome;
  }

  async #renewSubscription(): Promise<Renewal> {
    const outcome = await this.#listener.renew();
    if (outcome !== 'renewed') this.checkNow();
    return outcome;
  }

  /** @param hadAddress - false: it was lost before, or was not listed yet when the watch began */
  readonly #addressChanged = (hadAddress: boolean): void => {
    this.#isReconnectWanted = true;
    this.#sleep?.abort();
    if (hadAddress) this.#reportChange();
  };

  #reportChange(): void {
    this.#isChangeReported = true;
    this.#emit([{ kind: 'network', source: 'poll' }]);
  }

  /** Listens and subscribes again: groups and the callback URL are bound to the address that this host had. */
  async #reconnect(): Promise<void> {
    this.#isReconnectWanted = false;
    await this.#listener.close();
    if (this.#isOver()) return;
    this.#listener.listen();
    // The answer shows by which address this host reaches the gateway now.
    const before = this.#gateway.localAddress;
    await this.#poll('poll');
    if (!this.#isChangeReported && this.#gateway.localAddress !== before) this.#reportChange();
    await this.#listener.subscribe();
  }
}

/**
 * Watches a gateway until the watch is closed. Events and announcements show a change at once, polls show the others; the
 * changes are the same in either case. The mapping table is not polled, since reading it may take a request for each entry.
 *
 * Announcements can be forged: what they claim is reported only after the gateway itself has confirmed it.
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
