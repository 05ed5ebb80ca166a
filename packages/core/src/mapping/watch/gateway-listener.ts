import type { Gateway } from '../../client/gateway.ts';
import { hostIn } from '../../description/url.ts';
import type { AbortSignalLike } from '../../ports.ts';
import { listenForAnnouncements, type Announcement } from './announcements.ts';
import type { EventSource, Renewal } from './event-source.ts';
import { subscribeTo } from './subscribe-to-gateway.ts';

export interface GatewayListenerOptions {
  readonly announcements: boolean;
  readonly events: boolean;
  readonly onAnnouncement: (announcement: Announcement) => void;
  readonly onEvent: (properties: ReadonlyMap<string, string>) => void;
  /** See {@link EventSourceOptions.onMissed}. */
  readonly onMissed: () => void;
  /** Ends requests under way. */
  readonly signal: AbortSignalLike;
}

/** The announcements of a gateway, and the subscription to its events. */
export class GatewayListener {
  readonly #gateway: Gateway;
  readonly #options: GatewayListenerOptions;
  #stopListening: (() => Promise<void>) | null = null;
  #events: EventSource | null = null;

  constructor(gateway: Gateway, options: GatewayListenerOptions) {
    this.#gateway = gateway;
    this.#options = options;
  }

  get isSubscribed(): boolean {
    return this.#events !== null;
  }

  /** Whether events arrive. A subscription alone proves nothing, since a firewall may keep them out. */
  get hasEvents(): boolean {
    return this.#events?.hasReceived === true;
  }

  /** When {@link renew} is due; Infinity without a subscription. */
  get renewAt(): number {
    return this.#events?.renewAt ?? Infinity;
  }

  listen(): void {
    if (!this.#options.announcements) return;
    const host = hostIn(this.#gateway.description.location);
    this.#stopListening = listenForAnnouncements(this.#gateway.transport, host, this.#options.onAnnouncement);
  }

  async subscribe(): Promise<void> {
    const { events, signal, onEvent, onMissed } = this.#options;
    if (!events || signal.aborted) return;
    this.#events = await subscribeTo(this.#gateway, { signal, onChange: onEvent, onMissed });
  }

  async renew(): Promise<Renewal> {
    const outcome = (await this.#events?.renew()) ?? 'refused';
    if (outcome === 'refused') await this.#unsubscribe();
    return outcome;
  }

  /** Frees the ports. It can listen and subscribe again. */
  async close(): Promise<void> {
    const stop = this.#stopListening;
    this.#stopListening = null;
    await stop?.();
    await this.#unsubscribe();
  }

  async #unsubscribe(): Promise<void> {
    const events = this.#events;
    this.#events = null;
    await events?.close();
  }
}
