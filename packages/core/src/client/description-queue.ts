import { ResultAsync, type Result } from '../result.ts';
import { createAbort } from '../abort.ts';
import type { Transport } from '../ports.ts';
import { fetchDescription, type DescribeError, type FetchedDescription } from './fetch-description.ts';
import type { FetchOptions } from './fetch-document.ts';
import { createQueue, deadlineFor, DEFAULT_DEADLINE_MS } from './queue.ts';
import type { SearchAnswer } from './search-types.ts';

/** Enough for a home, and a bound for the memory that hostile descriptions can take. */
const AT_ONCE = 4;

/** A fetch that takes longer gives way to one that waits. Most descriptions come within 100 ms. */
const FIRST_TURN_MS = 250;

type Fetched = Result<FetchedDescription, DescribeError>;

interface Fetch {
  readonly answer: SearchAnswer;
  /** When its deadline is over, on the transport's clock. */
  readonly end: number;
  readonly resolve: (fetched: Fetched) => void;
  turnMs: number;
}

/** Fetches the description that an answer names, when it is its turn. */
export type DescriptionQueue = (answer: SearchAnswer) => ResultAsync<FetchedDescription, DescribeError>;

/**
 * Fetches the descriptions of a search: at most four at a time, the default router's, newest first, in turns with those of
 * all other hosts. A fetch that takes long is aborted when another one waits, and begun again later with twice the time, so
 * that neither dead hosts nor forged answers keep a description from being fetched.
 *
 * @param options - the deadline of each, waiting included; default 8000 ms
 */
export function createDescriptionQueue(
  transport: Transport,
  { deadlineMs = DEFAULT_DEADLINE_MS, signal }: FetchOptions,
): DescriptionQueue {
  const { clock } = transport;
  /** The newest first. */
  const ofRouter: Fetch[] = [];
  const ofOthers: Fetch[] = [];
  let isRoutersTurn = false;
  const running = new Set<{ isExpired: boolean; readonly abort: () => void }>();

  function schedule(): void {
    while (running.size < AT_ONCE) {
      isRoutersTurn = !isRoutersTurn;
      const next = isRoutersTurn ? (ofRouter.shift() ?? ofOthers.shift()) : (ofOthers.shift() ?? ofRouter.shift());
      if (next === undefined) return;
      void run(next);
    }
    const waiting = ofRouter.length + ofOthers.length;
    for (const turn of [...running].filter(({ isExpired }) => isExpired).slice(0, waiting)) turn.abort();
  }

  async function run(fetch: Fetch): Promise<void> {
    const { answer, end, turnMs, resolve } = fetch;
    const { signal: over, abort } = createAbort(signal);
    const turn = { isExpired: false, abort };
    running.add(turn);
    void clock.sleep(turnMs, over).then(() => {
      turn.isExpired = true;
      schedule();
    });
    const limits = { deadlineMs: Math.max(end - clock.now(), 1), signal: over };
    // The time that is left of this fetch is no limit for what the device is asked afterwards.
    const known = { named: answer.named, queue: createQueue(deadlineFor(deadlineMs)) };
    const fetched = await fetchDescription(transport, answer.location, limits, known);
    running.delete(turn);
    if (fetched.isErr() && over.aborted && signal?.aborted !== true) {
      fetch.turnMs *= 2;
      (answer.isDefaultGateway ? ofRouter : ofOthers).push(fetch);
    } else {
      resolve(fetched);
    }
    abort();
    schedule();
  }

  return (answer) =>
    new ResultAsync(
      new Promise((resolve) => {
        const fetch = { answer, end: clock.now() + deadlineMs, resolve, turnMs: FIRST_TURN_MS };
        if (answer.isDefaultGateway) ofRouter.unshift(fetch);
        else ofOthers.push(fetch);
        schedule();
      }),
    );
}
