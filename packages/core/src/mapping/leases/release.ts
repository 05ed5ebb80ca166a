/** Releases leases one after another, so that most are gone if the process is killed meanwhile. */
import { err, type Result } from '../../result.ts';
import type { CallError } from '../../errors.ts';
import { LEFT_MAPPING, transportHints } from '../../hints.ts';
import type { ClockPort } from '../../ports.ts';
import { timeBudget } from '../internal/budget.ts';
import { timeFor } from '../internal/call-limits.ts';
import type { PortMapper } from '../port-mapper.ts';
import type { LeaseEntry, LeaseStore } from './lease-store.ts';
import { isOn } from '../same-gateway.ts';

/** Milliseconds for each lease while the gateway answers; after the first silence, this little more for each further one. */
const RELEASE_MS = 5_000;
/** Of a slow gateway, for each lease: one request may take a fifth of the time, and one try of a read half of that. */
const RELEASE_ANSWERS = 12;
const ONE_MORE_MS = 200;

/** What is to be released, and where. */
export interface Release {
  /** Whose leases they are. */
  readonly holder: object;
  /** Resolves when no renewal of them is under way. */
  readonly isSettled: Promise<unknown>;
  /** The mapper of the present gateway, at the time of the release. */
  readonly present: () => PortMapper | null;
}

export class ReleaseQueue {
  readonly #clock: ClockPort;
  readonly #leases: LeaseStore;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;
  /** Of the one that was not answered; null while all are. */
  #end: number | null = null;

  constructor(clock: ClockPort, leases: LeaseStore) {
    this.#clock = clock;
    this.#leases = leases;
  }

  /**
   * Releases the holder's leases, after those of earlier calls.
   *
   * @returns the first error: that lease, and perhaps others, may still exist
   */
  release(release: Release): Promise<CallError | null> {
    const released = this.#after(this.#last, release);
    this.#last = released;
    return released;
  }

  async #after(earlier: Promise<unknown>, { holder, isSettled, present }: Release): Promise<CallError | null> {
    this.#count += 1;
    await isSettled;
    const entries = this.#leases.entriesOf(holder);
    await earlier;
    let first: CallError | null = null;
    for (const entry of entries) {
      const error = await this.#releaseOne(entry, present);
      this.#leases.endRelease(holder, entry, error);
      first ??= error;
    }
    this.#count -= 1;
    if (this.#count === 0) this.#end = null;
    return first;
  }

  async #releaseOne(entry: LeaseEntry, present: () => PortMapper | null): Promise<CallError | null> {
    const now = this.#clock.now();
    if (entry.endsAt <= now) return null;
    const mapper = present();
    const usualMs = timeFor(RELEASE_ANSWERS, RELEASE_MS, mapper ?? entry.mapper);
    const end = this.#end === null ? now + usualMs : Math.max(this.#end, now) + ONE_MORE_MS;
    const result = await this.#release(entry, mapper, end);
    this.#end = result.isErr() && isSilence(result.error) ? end : null;
    return result.isErr() ? result.error : null;
  }

  async #release(entry: LeaseEntry, present: PortMapper | null, end: number): Promise<Result<unknown, CallError>> {
    const budget = timeBudget(this.#clock, end - this.#clock.now());
    const { lease, isDisputed, mapper: last } = entry;
    // The address of the last gateway may belong to another device now.
    const mapper = present !== null && isOn(lease, present) ? present : await last.relocate(budget.limits);
    if (mapper === null || !isOn(lease, mapper)) {
      const message = `the router of ${lease.protocol} port ${lease.externalPort} does not answer`;
      return err({ kind: 'transport', code: 'unreachable', message, hint: transportHints.unreachable });
    }
    return (await mapper.release(lease, { budget, isDisputed })).mapErr((error) => inTime(error, entry));
  }
}

/** Whether the gateway did not answer, so that the next request to it may take as long. */
function isSilence(error: CallError): boolean {
  return (
    error.kind !== 'upnp-fault' &&
    error.kind !== 'refusal' &&
    !(error.kind === 'transport' && error.code === 'http-status')
  );
}

/** An abort here means that the time ran out. */
function inTime(error: CallError, { lease: { protocol, externalPort } }: LeaseEntry): CallError {
  const isOver = error.kind === 'transport' && error.code === 'aborted';
  return isOver
    ? {
        ...error,
        code: 'timeout',
        message: `deleting ${protocol} port ${externalPort} took too long`,
        hint: LEFT_MAPPING,
      }
    : error;
}
