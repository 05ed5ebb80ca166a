import type { ClockPort, HttpRequest } from '@portwright/core';
import { sleepInBackground } from '../clock/background-sleep.ts';
import type { HttpOutcome } from '../network/network-host.ts';
import { type EventMessage, nextEventKey, writeEvent } from './event-message.ts';
import type { EventedValues } from './evented-values.ts';
import type { Subscription } from './subscription-table.ts';

/** UDA 1.1, 4.3.2: without an answer "within 30 seconds, the publisher SHOULD abandon sending this message". */
const ANSWER_MS = 30_000;

/** Messages that wait for a slow subscriber; of more the oldest are lost, and the gap in SEQ tells of it. */
const CAPACITY = 32;

export interface EventQueueOptions {
  readonly subscription: Subscription;
  readonly clock: ClockPort;
  /** Ends waits when the gateway goes. */
  readonly signal: AbortSignal;
  /** Whether the subscription is still there. */
  readonly isActive: () => boolean;
  /** Null: nobody is there. */
  readonly send: (request: HttpRequest) => Promise<HttpOutcome | null>;
}

/** The events of one subscriber: one after the other, in their order. */
export class EventQueue {
  readonly #options: EventQueueOptions;
  #waiting: readonly EventMessage[] = [];
  #nextKey = 0;
  #isSending = false;

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  /** @param afterMs - what is still to pass before it may be sent */
  push(values: EventedValues, afterMs = 0): void {
    const { sid } = this.#options.subscription;
    this.#waiting = [...this.#waiting, { sid, key: this.#nextKey, values }].slice(-CAPACITY);
    this.#nextKey = nextEventKey(this.#nextKey);
    if (!this.#isSending) void this.#sendAll(afterMs);
  }

  async #sendAll(afterMs: number): Promise<void> {
    const { clock, isActive, signal } = this.#options;
    this.#isSending = true;
    await clock.sleep(afterMs, signal);
    for (;;) {
      const [message, ...others] = this.#waiting;
      if (message === undefined || !isActive() || signal.aborted) break;
      this.#waiting = others;
      await this.#deliver(message);
    }
    this.#isSending = false;
  }

  /**
   * UDA 1.1, 4.1.2: it tries the URLs "in order until one succeeds". When none does the message is lost, but the
   * publisher "MUST keep the subscription active and send future event messages" (4.3.2).
   */
  async #deliver(message: EventMessage): Promise<void> {
    const { subscription, send, clock, signal } = this.#options;
    for (const url of subscription.callbacks) {
      const outcome = await send(writeEvent(url, message));
      if (outcome === null) continue;
      if (outcome.delayMs <= ANSWER_MS) await clock.sleep(outcome.delayMs, signal);
      else await sleepInBackground(clock, ANSWER_MS, signal);
      if (outcome.kind === 'response' && outcome.delayMs <= ANSWER_MS) return;
    }
  }
}
