/** Reports that this host's list of interfaces has changed. Reading it costs the network nothing. */
import { createAbort, type Abort } from '../../abort.ts';
import type { InterfaceAddress, Transport } from '../../ports.ts';
import { backgroundSleep } from '../internal/background-sleep.ts';

/** Milliseconds from one read to the next. */
const READ_MS = 10_000;

type Listener = (listed: readonly InterfaceAddress[]) => void;

/** One for each transport: its users share one timer and one read. */
const monitors = new WeakMap<Transport, InterfaceMonitor>();

class InterfaceMonitor {
  readonly #transport: Transport;
  readonly #listeners = new Set<Listener>();
  #life: Abort | null = null;
  /** Null: the next list is reported in any case. */
  #last: readonly InterfaceAddress[] | null = null;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  add(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#last = null;
    if (this.#life === null) {
      this.#life = createAbort();
      void this.#run(this.#life);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#life?.abort();
      this.#life = null;
    };
  }

  async #run({ signal }: Abort): Promise<void> {
    const { clock, interfaces } = this.#transport;
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      await backgroundSleep(clock, READ_MS, signal);
      const listed = isOver() ? null : (await interfaces.list()).unwrapOr(null);
      if (isOver() || listed === null || (this.#last !== null && sameInterfaces(listed, this.#last))) continue;
      this.#last = listed;
      for (const listener of this.#listeners) listener(listed);
    }
  }
}

/**
 * Calls the listener within ten seconds after the list of interfaces has changed, and once within ten seconds after this
 * call, so that no change goes unseen in between.
 *
 * @returns a function that ends it
 */
export function onInterfacesChange(transport: Transport, listener: Listener): () => void {
  const monitor = monitors.get(transport) ?? new InterfaceMonitor(transport);
  monitors.set(transport, monitor);
  return monitor.add(listener);
}

/** Whether two lists have the same addresses on the same interfaces, in the same order. */
export function sameInterfaces(one: readonly InterfaceAddress[], other: readonly InterfaceAddress[]): boolean {
  return (
    one.length === other.length &&
    one.every((left, index) => {
      const right = other[index];
      return left.address === right?.address && left.name === right.name && left.prefixLength === right.prefixLength;
    })
  );
}
