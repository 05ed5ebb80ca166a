/** Reads whether leases are still on their gateway: routers drop mappings without a word. */
import type { CallOptions } from '../../call-options.ts';
import type { AbortSignalLike, ClockPort } from '../../ports.ts';
import type { Owner } from '../attempts.ts';
import { limitsUntil, LONGEST_REQUEST_MS, timeFor } from '../internal/call-limits.ts';
import { isOn } from '../same-gateway.ts';
import type { PortMapper } from '../port-mapper.ts';
import type { Lease } from '../types.ts';
import { dueForInspection, INSPECTION_MS } from './inspection-schedule.ts';
import type { KeptPort } from './kept-port.ts';

/** Of a slow router, for one lease: its entry, and another one if it is not as expected. */
const INSPECTION_ANSWERS = 3;

export class Inspector {
  readonly #clock: ClockPort;
  readonly #mappings: ReadonlySet<KeptPort>;
  /** When the next inspection is due. */
  dueAt: number;

  /** @param mappings - those that are kept at the time */
  constructor(clock: ClockPort, mappings: ReadonlySet<KeptPort>) {
    this.#clock = clock;
    this.#mappings = mappings;
    this.dueAt = Infinity;
  }

  /** The mapping was seen just now. */
  notice(mapping: KeptPort): void {
    mapping.inspectedAt = this.#clock.now();
    this.dueAt = Math.min(this.dueAt, this.#clock.now() + INSPECTION_MS);
  }

  /**
   * Reads some of the mappings on a gateway.
   *
   * @returns whether one of them is gone
   */
  async inspect(mapper: PortMapper | null, signal: AbortSignalLike): Promise<boolean> {
    this.dueAt = this.#clock.now() + INSPECTION_MS;
    if (mapper === null) return false;
    for (const mapping of dueForInspection(this.#mappedOn(mapper))) {
      if (signal.aborted || mapping.granted === null) continue;
      mapping.inspectedAt = this.#clock.now();
      const owner = await mapper.inspect(mapping.granted, this.#limits(mapper, signal));
      if (isGone(owner)) return true;
      // If the gateway does not answer, the other mappings are not read.
      if (owner !== 'own') return false;
    }
    return false;
  }

  async isGone(mapper: PortMapper, lease: Lease, signal: AbortSignalLike): Promise<boolean> {
    return isGone(await mapper.inspect(lease, this.#limits(mapper, signal)));
  }

  /** The owner of one lease on a gateway. A gateway that restarts forgets all of them, or none. */
  async ownerOn(mapper: PortMapper, signal: AbortSignalLike): Promise<Owner | null> {
    const lease = this.#mappedOn(mapper).at(0)?.granted ?? null;
    return lease === null ? null : mapper.inspect(lease, this.#limits(mapper, signal));
  }

  #mappedOn(mapper: PortMapper): readonly KeptPort[] {
    return [...this.#mappings].filter(({ granted }) => granted !== null && isOn(granted, mapper));
  }

  #limits(mapper: PortMapper, signal: AbortSignalLike): CallOptions {
    const ms = timeFor(INSPECTION_ANSWERS, LONGEST_REQUEST_MS, mapper);
    return limitsUntil(this.#clock.now() + ms, this.#clock, signal, 1, ms);
  }
}

function isGone(owner: Owner): boolean {
  return owner === 'nobody' || owner === 'other';
}
