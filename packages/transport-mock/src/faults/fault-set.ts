import type { RandomPort } from '@portwright/core';
import { milliseconds } from '../clock/duration.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';
import type {
  FaultDefinition,
  FaultHooks,
  InjectedFault,
  InjectOptions,
  PortControlOccasion,
  RequestPurpose,
  UnaskedOccasion,
} from './fault.ts';

/** Something that faults can happen to: the names that `on` may say for it. */
export type Occasion = readonly string[];

/** What HTTP requests are for. */
export const PURPOSES: readonly RequestPurpose[] = ['description', 'scpd', 'control', 'event', 'other'];

export const PORT_CONTROL: readonly PortControlOccasion[] = ['pcp', 'nat-pmp'];

export const UNASKED: readonly UnaskedOccasion[] = ['announcement', 'notification', 'inbound'];

/** A fault in place, as its set sees it. */
export interface PlacedFault {
  readonly injected: InjectedFault;
  readonly hooks: FaultHooks;
  /** Whether it strikes at a time of its own, and not at a request. */
  readonly isTimed: boolean;
  /** Aborted when it is taken back. */
  readonly removed: AbortSignal;
  /** Whether it strikes, now that its time has come. Asked once. */
  comesDue(): boolean;
}

/** A fault that happens. */
export interface HappeningFault {
  readonly name: string;
  readonly hooks: FaultHooks;
}

/** A fault with its hooks made. */
export interface NewFault extends HappeningFault {
  /** What it can happen to. */
  readonly reach: readonly string[];
  readonly options: InjectOptions;
  readonly random: RandomPort;
}

interface Entry extends NewFault {
  readonly injectedAt: number;
  readonly removal: AbortController;
  /** What has matched since the injection. */
  seen: number;
  hits: number;
}

/** The faults that are in place, in the order of their injection, and which of them happen now. */
export class FaultSet {
  readonly #now: () => number;
  readonly #onChange: () => void;
  #entries: readonly Entry[] = [];

  /** @param onChange - is called when the options that faults ask for may have changed */
  constructor(now: () => number, onChange: () => void) {
    this.#now = now;
    this.#onChange = onChange;
  }

  place(fault: NewFault): PlacedFault {
    const { name, hooks, reach, options } = fault;
    const isTimed = hooks.strike !== undefined && options.on === undefined && options.nth === undefined;
    const entry: Entry = {
      ...fault,
      reach: isTimed ? [] : reach,
      injectedAt: this.#now(),
      removal: new AbortController(),
      seen: 0,
      hits: 0,
    };
    this.#entries = [...this.#entries, entry];
    if (hooks.options !== undefined) this.#onChange();
    return {
      injected: {
        name,
        get hits() {
          return entry.hits;
        },
        remove: () => {
          this.#remove(entry);
        },
      },
      hooks,
      isTimed,
      removed: entry.removal.signal,
      comesDue: () => this.#entries.includes(entry) && this.#happens(entry),
    };
  }

  /** The options of the faults that hold whatever is asked, and of those that happen now; those of later ones count. */
  optionsWith(happening: readonly HappeningFault[]): readonly GatewayOptions[] {
    return this.#entries.flatMap((entry) => {
      const { options } = entry.hooks;
      return options !== undefined && (this.#isStanding(entry) || happening.includes(entry)) ? options : [];
    });
  }

  /** What happens on an occasion. Each entry is counted once. */
  happening(occasion: Occasion): readonly HappeningFault[] {
    return this.#entries.filter((entry) => matches(entry, occasion) && this.#happens(entry));
  }

  /** Takes every fault back, as the gateway goes. */
  clear(): void {
    for (const { removal } of this.#entries) removal.abort();
    this.#entries = [];
  }

  #remove(entry: Entry): void {
    entry.removal.abort();
    this.#entries = this.#entries.filter((other) => other !== entry);
    if (entry.hooks.options !== undefined) this.#onChange();
  }

  #isStanding(entry: Entry): boolean {
    const { on, nth, times, probability = 1 } = entry.options;
    return this.#isInTime(entry) && on === undefined && nth === undefined && times === undefined && probability === 1;
  }

  #isInTime({ options: { after = 0, until }, injectedAt }: Entry): boolean {
    const age = this.#now() - injectedAt;
    return age >= milliseconds(after) && (until === undefined || age < milliseconds(until));
  }

  #happens(entry: Entry): boolean {
    const { nth, probability = 1 } = entry.options;
    const { times = nth === undefined && entry.hooks.strike === undefined ? Infinity : 1 } = entry.options;
    entry.seen += 1;
    if (!this.#isInTime(entry)) return false;
    if (nth !== undefined && entry.seen !== nth) return false;
    if (entry.hits >= times) return false;
    if (probability < 1 && entry.random.fraction() >= probability) return false;
    entry.hits += 1;
    return true;
  }
}

/** What a fault can happen to: see {@link FaultDefinition.on}. */
export function reachOf({ on }: FaultDefinition, hooks: FaultHooks): readonly string[] {
  if (on !== undefined) return on;
  const { options, strike, search, portControl, outcome, response, action } = hooks;
  const isOfAll = options !== undefined || strike !== undefined;
  const isOfRequests = isOfAll || outcome !== undefined || response !== undefined;
  return [
    ...(isOfAll || search !== undefined ? ['search'] : []),
    ...(isOfAll || portControl !== undefined ? PORT_CONTROL : []),
    ...(isOfRequests ? PURPOSES : action === undefined ? [] : ['control']),
    ...UNASKED.filter((name) => hooks[name] !== undefined),
  ];
}

function matches({ reach, options: { on } }: Entry, occasion: Occasion): boolean {
  return (on === undefined || occasion.includes(on)) && occasion.some((name) => reach.includes(name));
}
