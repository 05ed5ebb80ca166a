import type { ClockPort, HttpRequest } from '@portwright/core';
import { sleepInBackground } from '../clock/background-sleep.ts';
import type { ServiceInstance } from '../gateway/model.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { HttpOutcome } from '../network/network-host.ts';
import { changedValues, eventedValues, type EventedValues } from './evented-values.ts';
import { EventQueue } from './event-queue.ts';
import type { Subscription } from './subscription-table.ts';

export interface EventPublisherOptions {
  /** The gateway of this boot. */
  readonly gateway: () => Gateway;
  readonly clock: ClockPort;
  /** Null: nobody is there. */
  readonly send: (request: HttpRequest) => Promise<HttpOutcome | null>;
}

interface Timer {
  readonly due: number;
  readonly stop: AbortController;
}

/**
 * Tells subscribers what changes (UDA 1.1, 4.3). It is told when something may have changed, compares, and sends what
 * did, all of one service in one message; what changes by the clock alone it waits for. Nothing here is moderated:
 * WANIPConnection:2, table 2-9, has NO for every variable. While nobody subscribes, it costs one comparison.
 */
export class EventPublisher {
  readonly #options: EventPublisherOptions;
  /** The boot that all below belongs to. */
  #gateway: Gateway;
  #queues = new Map<Subscription, EventQueue>();
  /** What subscribers know, by event path. */
  #told = new Map<string, EventedValues>();
  /** Ends with the boot. */
  #boot = new AbortController();
  #timer: Timer | null = null;

  constructor(options: EventPublisherOptions) {
    this.#options = options;
    this.#gateway = options.gateway();
  }

  /**
   * Something may have changed.
   *
   * @param answerDelayMs - milliseconds until the answer to a subscriber is sent, which its first event must not precede
   */
  update(answerDelayMs = 0): void {
    const gateway = this.#options.gateway();
    if (gateway !== this.#gateway) this.#forget(gateway);
    if (this.#queues.size === 0 && gateway.subscriptions.size === 0) return;
    const subscriptions = new Set(gateway.subscriptions.all());
    for (const subscription of this.#queues.keys()) {
      if (!subscriptions.has(subscription)) this.#queues.delete(subscription);
    }
    for (const path of this.#paths(subscriptions)) this.#publish(path, subscriptions, answerDelayMs);
    this.#watch();
  }

  /** The gateway goes, and every subscription with it. */
  close(): void {
    const { subscriptions } = this.#gateway;
    for (const subscription of subscriptions.all()) subscriptions.remove(subscription);
    this.#forget(this.#gateway);
  }

  #paths(subscriptions: ReadonlySet<Subscription>): ReadonlySet<string> {
    const paths = new Set([...subscriptions].map(({ eventPath }) => eventPath));
    for (const path of this.#told.keys()) if (!paths.has(path)) this.#told.delete(path);
    return paths;
  }

  #publish(path: string, subscriptions: ReadonlySet<Subscription>, answerDelayMs: number): void {
    const service = serviceAt(this.#gateway, path);
    if (service === undefined) return;
    const now = eventedValues(this.#gateway, service);
    const changes = changedValues(this.#told.get(path) ?? now, now);
    this.#told.set(path, now);
    for (const subscription of subscriptions) {
      if (subscription.eventPath !== path) continue;
      const queue = this.#queues.get(subscription);
      // UDA 1.1, 4.2: the first event has "the names and values for all evented variables".
      if (queue === undefined) this.#open(subscription).push(now, answerDelayMs);
      else if (changes.size > 0) queue.push(changes);
    }
  }

  #open(subscription: Subscription): EventQueue {
    const { clock, send } = this.#options;
    const gateway = this.#gateway;
    const isActive = (): boolean => gateway.subscriptions.has(subscription);
    const queue = new EventQueue({ subscription, clock, send, isActive, signal: this.#boot.signal });
    this.#queues.set(subscription, queue);
    return queue;
  }

  /** Waits for the next thing that happens by the clock alone: the end of a lease, of a connection. */
  #watch(): void {
    const services = [...this.#told.keys()].map((path) => serviceAt(this.#gateway, path));
    const due = Math.min(...services.map((service) => service?.connection?.nextChange ?? Infinity));
    // A timer that ends too early does no harm: it looks, and waits again.
    if (due < (this.#timer?.due ?? Infinity)) {
      this.#timer?.stop.abort();
      this.#timer = { due, stop: new AbortController() };
      void this.#wake(this.#timer);
    }
  }

  async #wake(timer: Timer): Promise<void> {
    const { clock } = this.#options;
    await sleepInBackground(clock, timer.due - clock.now(), timer.stop.signal);
    if (timer !== this.#timer) return;
    this.#timer = null;
    this.update();
  }

  /** UDA 1.1, 4.1: subscriptions don't outlive their publisher. */
  #forget(next: Gateway): void {
    this.#boot.abort();
    this.#boot = new AbortController();
    this.#timer?.stop.abort();
    this.#timer = null;
    this.#gateway = next;
    this.#queues = new Map();
    this.#told = new Map();
  }
}

function serviceAt({ services }: Gateway, eventPath: string): ServiceInstance | undefined {
  return services.find((service) => service.eventPath === eventPath);
}
