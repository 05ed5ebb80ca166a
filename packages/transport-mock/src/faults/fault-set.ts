import { milliseconds } from '../clock/duration.ts';
import type { FaultDefinition, FaultEnvironment, FaultHooks, InjectedFault, InjectOptions } from './fault.ts';

/** Something that faults can happen to: the names that `on` may say for it. */
export type Occasion = readonly string[];

interface Entry {
  readonly name: string;
  readonly hooks: FaultHooks;
  readonly options: InjectOptions;
  readonly random: FaultEnvironment['random'];
  readonly injectedAt: number;
  /** What has matched `on` since the injection. */
  seen: number;
  hits: number;
}

/** The faults that are in place, in the order of their injection, and which of them happen now. */
export class FaultSet {
  readonly #now: () => number;
  readonly #onChange: () => void;
  #entries: readonly Entry[] = [];

  /** @param onChange - is called when the options that faults ask for have changed */
  constructor(now: () => number, onChange: () => void) {
    this.#now = now;
    this.#onChange = onChange;
  }

  inject(
    name: string,
    definition: FaultDefinition,
    options: InjectOptions,
    environment: FaultEnvironment,
  ): InjectedFault & { readonly hooks: FaultHooks } {
    const entry: Entry = {
      name,
      hooks: definition.hooks(environment),
      options,
      random: environment.random,
      injectedAt: this.#now(),
      seen: 0,
      hits: 0,
    };
    this.#entries = [...this.#entries, entry];
    if (entry.hooks.options !== undefined) this.#onChange();
    return {
      name,
      hooks: entry.hooks,
      get hits() {
        return entry.hits;
      },
      remove: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
        if (entry.hooks.options !== undefined) this.#onChange();
      },
    };
  }

  /** The options that faults ask for; those of later ones count. */
  get options(): readonly NonNullable<FaultHooks['options']>[] {
    return this.#entries.flatMap(({ hooks }) => hooks.options ?? []);
  }

  /** What happens on an occasion. Each entry is counted once. */
  happening(occasion: Occasion): readonly { readonly name: string; readonly hooks: FaultHooks }[] {
    return this.#entries.filter((entry) => this.#happens(entry, occasion));
  }

  #happens(entry: Entry, occasion: Occasion): boolean {
    const { on, nth, times = nth === undefined ? Infinity : 1, after = 0, until, probability = 1 } = entry.options;
    if (on !== undefined && !occasion.includes(on)) return false;
    entry.seen += 1;
    const age = this.#now() - entry.injectedAt;
    if (age < milliseconds(after) || (until !== undefined && age >= milliseconds(until))) return false;
    if (nth !== undefined && entry.seen !== nth) return false;
    if (entry.hits >= times) return false;
    if (probability < 1 && entry.random.fraction() >= probability) return false;
    entry.hits += 1;
    return true;
  }
}
