/** Notices what changes on a gateway, by whatever way there is: events, announcements, and a look now and then. */
import { createAbort, type Abort } from '../client/abort.ts';
import { connectionState, knownAddress, type ConnectionState } from '../client/connection-state.ts';
import { fetchDescription } from '../client/fetch-description.ts';
import type { Gateway } from '../client/gateway.ts';
import { localAddressOf } from '../client/internal-client.ts';
import { classifyAddress, type AddressClass } from '../description/address-class.ts';
import { checkServiceUrl } from '../description/location-policy.ts';
import { parseHttpUrl } from '../description/url.ts';
import { sameAddress } from '../description/ip-address.ts';
import { hearAnnouncements, type Announcement } from './announcements.ts';
import { Channel } from './channel.ts';
import { subscribe, type EventSource } from './event-source.ts';

export type GatewayChange = { readonly source: 'event' | 'announcement' | 'poll' } & (
  | { readonly kind: 'externalAddress'; readonly address: string | null; readonly addressClass: AddressClass }
  | { readonly kind: 'connection'; readonly status: string | null; readonly connected: boolean }
  /** The mapping table has changed, by whomever; null where the number of its entries was not told. */
  | { readonly kind: 'mappings'; readonly entries: number | null }
  /** It was started anew, or its connection was: mappings may be lost, and its URLs others. */
  | { readonly kind: 'restarted' }
  /** It does not answer any more. */
  | { readonly kind: 'gone' }
  /** This host is on another network, or has another address on it. */
  | { readonly kind: 'network' }
);

export interface WatchOptions {
  /** Milliseconds from one look to the next; default 120000. Where there are events, a fifth as often. */
  readonly pollMs?: number | undefined;
  /** Whether to subscribe to events, where the transport can listen for them; default true. */
  readonly events?: boolean | undefined;
  /** Whether to listen for announcements; default true. */
  readonly announcements?: boolean | undefined;
  /** What is known already; default: it is asked for first. */
  readonly state?: ConnectionState | null | undefined;
}

/** Looks in a row that were not answered, before the gateway is taken to be gone. */
const PATIENCE = 2;
/** From the first that was not answered to the second. */
const SECOND_LOOK_MS = 5_000;
/** Seconds by which an uptime may fall behind the clock: some gateways count in minutes. */
const UPTIME_TOLERANCE = 90;
const PROBE = { deadlineMs: 3000 };

/** A gateway that is watched, until it is closed. */
export class GatewayWatch implements AsyncIterable<GatewayChange>, AsyncDisposable {
  readonly #gateway: Gateway;
  readonly #pollMs: number;
  readonly #changes = new Channel<GatewayChange>();
  readonly #host: string;
  #state: ConnectionState | null;
  #stateAt: number;
  #pollAt: number;
  #missed = 0;
  #isUptimeRunning = false;
  #bootId: number | null = null;
  #interfaces: string | null = null;
  #events: EventSource | null = null;
  #stopHearing: (() => Promise<void>) | null = null;
  #nap: Abort | null = null;
  #isClosed = false;
  readonly #running: Promise<void>;

  /** See {@link watchGateway}. */
  constructor(gateway: Gateway, { pollMs = 120_000, events = true, announcements = true, state = null }: WatchOptions) {
    const now = gateway.transport.clock.now();
    this.#gateway = gateway;
    this.#pollMs = pollMs;
    this.#host = parseHttpUrl(gateway.description.location)
      .map(({ host }) => host)
      .unwrapOr('');
    this.#state = state;
    this.#stateAt = now;
    this.#pollAt = state === null ? now : now + pollMs;
    if (announcements) {
      this.#stopHearing = hearAnnouncements(gateway.transport, (announcement, from) => {
        if (sameAddress(from, this.#host)) void this.#hear(announcement);
      });
    }
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
    this.#pollAt = 0;
    this.#nap?.abort();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#nap?.abort();
    this.#changes.end();
    await this.#running;
    await this.#stopHearing?.();
    await this.#events?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Asked anew after each wait. */
  #isOver(): boolean {
    return this.#isClosed;
  }

  #now(): number {
    return this.#gateway.transport.clock.now();
  }

  async #run(withEvents: boolean): Promise<void> {
    this.#interfaces = await this.#interfacesNow();
    if (withEvents) await this.#subscribe();
    while (!this.#isOver()) {
      if (this.#pollAt <= this.#now()) await this.#poll();
      if (this.#events !== null && this.#events.renewAt <= this.#now()) await this.#renew(this.#events);
      const next = Math.min(this.#pollAt, this.#events?.renewAt ?? Infinity);
      this.#nap = createAbort();
      if (!this.#isOver()) {
        await this.#gateway.transport.clock.sleep(Math.max(0, next - this.#now()), this.#nap.signal);
      }
      this.#nap = null;
    }
  }

  async #subscribe(): Promise<void> {
    const { services, description, transport } = this.#gateway;
    const local = await localAddressOf(this.#gateway);
    const url = services.connectionService.eventSubUrl;
    if (transport.events === undefined || url === null || local === null) return;
    const eventUrl = checkServiceUrl(url, description.location).unwrapOr(null);
    if (eventUrl === null) return;
    this.#events = await subscribe(
      transport,
      eventUrl,
      local,
      (properties) => {
        this.#take(properties);
      },
      () => {
        this.look();
      },
    );
  }

  async #renew(events: EventSource): Promise<void> {
    const outcome = await events.renew();
    if (outcome === 'renewed anew') this.#emit({ kind: 'restarted', source: 'event' });
    if (outcome !== 'renewed') this.look();
  }

  #emit(change: GatewayChange): void {
    if (!this.#isClosed) this.#changes.emit(change);
  }

  #take(properties: ReadonlyMap<string, string>): void {
    const source = 'event';
    const before = this.#state;
    const status = properties.get('ConnectionStatus');
    const address = properties.get('ExternalIPAddress');
    const entries = properties.get('PortMappingNumberOfEntries');
    if (before !== null) {
      const after: ConnectionState = {
        ...before,
        ...(status === undefined ? {} : { status, connected: /^(connected|up)$/i.test(status) }),
        ...(address === undefined
          ? {}
          : { externalAddress: knownAddress(address), externalAddressClass: classifyAddress(address) }),
      };
      this.#compare(before, after, source);
      this.#state = after;
    }
    if (entries !== undefined || properties.has('SystemUpdateID')) {
      const count = Number(entries);
      this.#emit({ kind: 'mappings', entries: Number.isInteger(count) ? count : null, source });
    }
  }

  async #hear(announcement: Announcement): Promise<void> {
    const source = 'announcement';
    if (announcement.kind === 'byebye') {
      // Anybody can send one.
      const { transport, description } = this.#gateway;
      const answer = await fetchDescription(transport, description.location, PROBE);
      if (answer.isErr()) this.#emit({ kind: 'gone', source });
      return;
    }
    const bootId = announcement.kind === 'update' ? announcement.nextBootId : announcement.bootId;
    const isRestarted =
      this.#bootId !== null && bootId !== null && bootId !== this.#bootId && announcement.kind === 'alive';
    this.#bootId = bootId ?? this.#bootId;
    const hasMoved = announcement.location !== this.#gateway.description.location;
    // A device of another kind on the same host has a description of its own.
    const isGateway = /:(InternetGatewayDevice|WANDevice|WANConnectionDevice|WANIPConnection|WANPPPConnection):/;
    if (isRestarted || (hasMoved && isGateway.test(announcement.target))) this.#emit({ kind: 'restarted', source });
  }

  async #poll(): Promise<void> {
    this.#pollAt = this.#now() + this.#pollMs * (this.#events === null ? 1 : 5);
    const interfaces = await this.#interfacesNow();
    if (this.#interfaces !== null && interfaces !== this.#interfaces) this.#emit({ kind: 'network', source: 'poll' });
    this.#interfaces = interfaces;
    const before = this.#state;
    const state = await connectionState(this.#gateway);
    if (state.errors.filter(({ kind }) => kind === 'transport').length === 2) {
      this.#missed += 1;
      if (this.#missed >= PATIENCE) this.#emit({ kind: 'gone', source: 'poll' });
      else this.#pollAt = this.#now() + SECOND_LOOK_MS;
      return;
    }
    this.#missed = 0;
    if (before !== null) {
      if (this.#isRestarted(before.uptimeSeconds, state.uptimeSeconds))
        this.#emit({ kind: 'restarted', source: 'poll' });
      this.#compare(before, state, 'poll');
    }
    this.#state = state;
    this.#stateAt = this.#now();
  }

  /** Some gateways give the same number for ever: only one that has been seen to run can fall behind. */
  #isRestarted(before: number | null, uptime: number | null): boolean {
    if (before === null || uptime === null) return false;
    const elapsed = (this.#now() - this.#stateAt) / 1000;
    const isBehind = this.#isUptimeRunning && uptime < before + elapsed - UPTIME_TOLERANCE;
    this.#isUptimeRunning ||= uptime - before > elapsed / 2;
    return uptime < before || isBehind;
  }

  #compare(before: ConnectionState, after: ConnectionState, source: GatewayChange['source']): void {
    const { externalAddress: address, externalAddressClass: addressClass, status, connected } = after;
    if (address !== before.externalAddress) this.#emit({ kind: 'externalAddress', address, addressClass, source });
    if (status !== before.status) this.#emit({ kind: 'connection', status, connected, source });
  }

  /** What this host's addresses are; a change means that the network is another one. Null where that can't be told. */
  async #interfacesNow(): Promise<string | null> {
    const listed = (await this.#gateway.transport.interfaces.list()).unwrapOr(null);
    const own = listed?.filter(({ family, internal }) => family === 'ipv4' && !internal);
    return own?.map(({ name, address }) => `${name} ${address}`).join() ?? null;
  }
}

/**
 * Watches a gateway. Events and announcements tell at once, and what they do not tell is seen at the next look; the
 * changes are the same, whichever way they came.
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
