/** Mappings are given back one after another, so that most are gone where a process is ended meanwhile. */
import { err, ok, type Result } from '../../result.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { CallError } from '../../errors.ts';
import { LEFT_MAPPING } from '../../hints.ts';
import type { ClockPort } from '../../ports.ts';
import { timeBudget } from '../internal/budget.ts';
import { placeOf } from '../keeper/gateway-identity.ts';
import type { Stand } from '../keeper/managed-lease.ts';
import { isRefusal } from '../igd/read-mapping.ts';
import { giveBack } from '../igd/ownership.ts';

/** For each, where the gateway answers; from the first on that is not answered, a little more for each further one. */
const CLOSE_MS = 5_000;
const ONE_MORE_MS = 200;

/** What became of one: an error where it may still stand. */
export interface Given {
  readonly stand: Stand;
  readonly result: Result<unknown, CallError>;
}

export class GivingBack {
  readonly #clock: ClockPort;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;
  /** Of the one that was not answered; null while all are. */
  #end: number | null = null;

  constructor(clock: ClockPort) {
    this.#clock = clock;
  }

  /**
   * When it is its turn, looks where each stands and deletes it there.
   *
   * @param standing - what stands, or may stand, once nothing is done about it any more
   */
  giveBack(standing: () => Promise<readonly Stand[]>, present: () => Gateway | null): Promise<readonly Given[]> {
    const given = this.#after(this.#last, standing, present);
    this.#last = given;
    return given;
  }

  async #after(
    earlier: Promise<unknown>,
    standing: () => Promise<readonly Stand[]>,
    present: () => Gateway | null,
  ): Promise<readonly Given[]> {
    this.#count += 1;
    const stands = await standing();
    await earlier;
    const given: Given[] = [];
    for (const stand of stands) {
      const now = this.#clock.now();
      if (stand.endsAt <= now) {
        given.push({ stand, result: ok(undefined) });
        continue;
      }
      const end = this.#end === null ? now + CLOSE_MS : Math.max(this.#end, now) + ONE_MORE_MS;
      const result = await this.#delete(stand, present(), end);
      this.#end = result.isErr() && !isRefusal(result.error) ? end : null;
      given.push({ stand, result });
    }
    this.#count -= 1;
    if (this.#count === 0) this.#end = null;
    return given;
  }

  async #delete(stand: Stand, present: Gateway | null, end: number): Promise<Result<unknown, CallError>> {
    const budget = timeBudget(this.#clock, end - this.#clock.now());
    const place = await placeOf(stand, present, budget.limits);
    if (place.isErr()) return err(place.error);
    const given = await giveBack(place.value, stand.granted, budget, stand.isDisputed);
    // What could not be read may have been gone.
    return given.orElse((error) => (isNoSuchEntry(error) ? ok(undefined) : err(inTime(error, stand))));
  }
}

/** An abort here means that the time ran out. */
function inTime(error: CallError, { granted: { protocol, externalPort } }: Stand): CallError {
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

function isNoSuchEntry(error: CallError): boolean {
  return error.kind === 'upnp-fault' && error.code === 714;
}
