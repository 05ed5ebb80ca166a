/** Watches a PCP or NAT-PMP server: by the epoch in its answers, by announcements, and by polls. */
import { createAbort, type Abort } from '../../abort.ts';
import type { InterfaceAddress } from '../../ports.ts';
import { backgroundSleep } from '../internal/background-sleep.ts';
import { EventStream } from '../internal/event-stream.ts';
import type { GatewayChange, GatewayState, MapperWatch, WatchContext } from '../port-mapper.ts';
import { AddressTracker } from '../watch/address-tracker.ts';
import { towards } from '../watch/local-interfaces.ts';
import { afterAnsweredPoll, afterMissedPoll, PRESENT, type Presence } from '../watch/presence.ts';
import { listenToServer } from './announcements.ts';
import { globalAddresses } from './client-addresses.ts';
import { askQuestion, type Connection } from './connection.ts';
import { familyOf } from './control-lease.ts';
import { askAfterAnnouncement } from './watch-schedule.ts';

const POLL_MS = 120_000;
/** A poll is repeated for so long: a forbidden mapping of another host keeps miniupnpd busy for 3 s. */
const POLL_LIMIT_MS = 8_000;

/** See {@link PortMapper.watch}. */
export function watchServer(connection: Connection, options: WatchContext): MapperWatch {
  return new ServerWatch(connection, options);
}

class ServerWatch implements MapperWatch {
  readonly #connection: Connection;
  readonly #options: WatchContext;
  readonly #changes = new EventStream<GatewayChange>();
  readonly #life = createAbort();
  readonly #addresses: AddressTracker;
  readonly #running: Promise<void>;
  readonly #stopHearing: () => void;
  #stopListening: (() => Promise<void>) | null = null;
  #sleep: Abort | null = null;
  #presence: Presence = PRESENT;
  /** The next poll; the next question about an announcement. */
  #pollAt: number;
  #askAt = Infinity;
  #askedAt = -Infinity;
  #source: 'poll' | 'announcement' = 'poll';
  #isReconnectWanted = false;

  constructor(connection: Connection, options: WatchContext) {
    const { transport, server, state } = connection;
    this.#connection = connection;
    this.#options = options;
    const isKnown = options.state !== null && !options.isStale;
    this.#pollAt = isKnown ? this.#now() + (options.pollMs ?? POLL_MS) : -Infinity;
    this.#stopHearing = state.changes.on((change) => {
      if (change.kind === 'restarted') this.#emit({ kind: 'restarted', source: this.#source });
      else {
        const { externalAddress: address = null, externalAddressClass: addressClass = 'invalid' } = change.state;
        this.#emit({ kind: 'externalAddress', address, addressClass, source: this.#source });
      }
    });
    this.#addresses = new AddressTracker(
      transport,
      (listed) => nearestTo(server, listed),
      (hadAddress) => {
        this.#isReconnectWanted = true;
        this.#sleep?.abort();
        if (hadAddress) this.#emit({ kind: 'network', source: 'poll' });
      },
    );
    this.#running = this.#run();
  }

  /** The last that was told, by an earlier gateway if this one has told nothing. */
  get state(): GatewayState | null {
    const { state } = this.#connection.state;
    return state === null ? this.#options.state : { ...this.#options.state, ...state };
  }

  on(listener: (change: GatewayChange) => void): () => void {
    return this.#changes.on(listener);
  }

  checkNow(): void {
    this.#pollAt = -Infinity;
    this.#sleep?.abort();
  }

  async close(): Promise<void> {
    this.#life.abort();
    this.#sleep?.abort();
    this.#stopHearing();
    this.#addresses.close();
    this.#changes.end();
    await this.#running;
    await this.#stopListening?.();
  }

  #now(): number {
    return this.#connection.transport.clock.now();
  }

  /** A method, since the answer may differ after each await. */
  #isOver(): boolean {
    return this.#life.signal.aborted;
  }

  #emit(change: GatewayChange): void {
    if (!this.#isOver()) this.#changes.emit(change, this.#options.onThrown);
  }

  async #run(): Promise<void> {
    await this.#addresses.read();
    await this.#listen();
    while (!this.#isOver()) {
      if (this.#isReconnectWanted) await this.#listen();
      else if (Math.min(this.#pollAt, this.#askAt) <= this.#now()) await this.#poll();
      else await this.#sleepUntil(Math.min(this.#pollAt, this.#askAt));
    }
  }

  async #sleepUntil(time: number): Promise<void> {
    this.#sleep = createAbort();
    await backgroundSleep(this.#connection.transport.clock, time - this.#now(), this.#sleep.signal);
    this.#sleep = null;
  }

  /** Groups are joined by interface: again after a change of this host's addresses. */
  async #listen(): Promise<void> {
    this.#isReconnectWanted = false;
    await this.#stopListening?.();
    this.#stopListening = null;
    if (this.#options.announcements === false || this.#isOver()) return;
    const { transport, server } = this.#connection;
    const near = nearestTo(server, (await transport.interfaces.list()).unwrapOr([]));
    this.#stopListening = listenToServer(transport, server, near, () => {
      const [now, fraction] = [this.#now(), transport.random.fraction()];
      this.#askAt = askAfterAnnouncement(now, this.#askAt, this.#askedAt, fraction);
      this.#sleep?.abort();
    });
  }

  async #poll(): Promise<void> {
    this.#source = this.#askAt <= this.#now() ? 'announcement' : 'poll';
    this.#askedAt = this.#now();
    [this.#pollAt, this.#askAt] = [Infinity, Infinity];
    const limits = { deadlineMs: POLL_LIMIT_MS, signal: this.#life.signal };
    const answered = await askQuestion(this.#connection, 'request', limits);
    if (this.#isOver()) return;
    const decision = answered.isOk()
      ? { ...afterAnsweredPoll(this.#presence), retryMs: null }
      : afterMissedPoll(this.#presence);
    const { report, retryMs } = decision;
    this.#presence = decision.presence;
    this.#pollAt = Math.min(this.#pollAt, this.#now() + (retryMs ?? this.#options.pollMs ?? POLL_MS));
    if (report !== null) this.#emit({ kind: report, source: this.#source });
    this.#source = 'poll';
  }
}

/** This host's addresses that matter to a server. */
function nearestTo(server: Connection['server'], listed: readonly InterfaceAddress[]): readonly InterfaceAddress[] {
  if (familyOf(server) === 'ipv4') return towards(server.address, listed);
  const usable = globalAddresses(listed, server);
  return listed.filter(({ address }) => usable.includes(address));
}
