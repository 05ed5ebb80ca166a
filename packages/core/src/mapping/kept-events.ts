/** What happens to a mapping that is kept, for programs to follow. */
import type { AddressClass } from '../description/address-class.ts';
import type { PortMapping } from '../client/port-mapping.ts';
import type { FindGatewayError } from '../client/find-gateway.ts';
import type { MapPortError, MappedPort } from './map-port.ts';

export type KeptEvent =
  /** It stands for the first time. */
  | { readonly kind: 'mapped'; readonly mapping: MappedPort }
  | { readonly kind: 'renewed'; readonly mapping: PortMapping }
  /** It has another external port, another internal client, or is on another gateway than before. */
  | { readonly kind: 'moved'; readonly mapping: MappedPort; readonly from: PortMapping }
  /** It is gone, and could not be had again; the next try follows by itself. */
  | { readonly kind: 'lost'; readonly error: KeepError; readonly retryInMs: number }
  /** It was gone, and stands again as it was. */
  | { readonly kind: 'restored'; readonly mapping: MappedPort }
  /** The gateway is reached from outside at another address; null: at none that it knows. */
  | { readonly kind: 'externalAddress'; readonly address: string | null; readonly addressClass: AddressClass };

export type KeepError = MapPortError | FindGatewayError;

/** Events that a reader has not fetched yet; of more, the oldest go. */
const MAX_UNREAD = 64;

/** A channel from one mapping to whoever listens. It costs nothing until somebody does. */
export class KeptEvents implements AsyncIterable<KeptEvent> {
  #listeners: readonly ((event: KeptEvent) => void)[] = [];
  #ended: readonly (() => void)[] = [];
  #isOver = false;

  emit(event: KeptEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** @returns a function that ends the listening */
  on(listener: (event: KeptEvent) => void): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  /** Ends every iteration, after what it has not read yet. */
  end(): void {
    this.#isOver = true;
    this.#listeners = [];
    for (const ended of this.#ended) ended();
    this.#ended = [];
  }

  /** From now on, until the mapping is closed. */
  [Symbol.asyncIterator](): AsyncIterator<KeptEvent, undefined> {
    const unread: KeptEvent[] = [];
    let isOver = this.#isOver;
    let wake = (): void => undefined;
    const off = this.on((event) => {
      unread.push(event);
      if (unread.length > MAX_UNREAD) unread.shift();
      wake();
    });
    this.#ended = [
      ...this.#ended,
      () => {
        isOver = true;
        wake();
      },
    ];
    return {
      next: async () => {
        while (unread.length === 0 && !isOver) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        const event = unread.shift();
        return event === undefined ? { done: true, value: undefined } : { done: false, value: event };
      },
      return: () => {
        off();
        isOver = true;
        wake();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}
