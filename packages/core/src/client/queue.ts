/** The requests to one gateway: one after another, with the pauses that it needs, and reads more than once. */
import { err, type Result } from '../result.ts';
import { aborted } from '../abort.ts';
import { parseHttpUrl } from '../description/url.ts';
import type { TransportError } from '../errors.ts';
import type { CallOptions } from '../call-options.ts';
import type { ClockPort } from '../ports.ts';
import {
  afterAnswer,
  afterConstantAnswer,
  afterFailure,
  afterGivingUp,
  afterSilence,
  delayBefore,
  NO_BACKOFF,
  tryLimit,
  type Backoff,
} from './backoff.ts';

/** A request that waits for its turn. */
export interface QueuedRequest<T, E> {
  readonly url: string;
  /** For messages. With the URL, it says which requests are alike. */
  readonly name: string;
  /** Whether it changes nothing on the gateway, so that it can be repeated. */
  readonly isRead: boolean;
  readonly clock: ClockPort;
  /** Read when it is the request's turn: who shares a time with others has less of it after the wait. */
  readonly limits: CallOptions;
  readonly send: (deadlineMs: number) => PromiseLike<Result<T, E>>;
}

/** Sends requests in the order in which they came, whatever becomes of each. */
export interface Queue {
  <T, E extends ErrorLike>(request: QueuedRequest<T, E>): Promise<Result<T, E | TransportError>>;
  /** Milliseconds for each request that has no limit of its own. */
  readonly deadlineMs: number;
  /** Milliseconds that an answer may take: of the slowest one, less an eighth with each later one; 0: none has come. */
  readonly answerMs: number;
}

interface ErrorLike {
  readonly kind: string;
  readonly code: unknown;
  readonly status?: number | undefined;
}

/** For a request and its repetitions. */
export const DEFAULT_DEADLINE_MS = 8_000;
/** With pauses of 200, 400 and 800 ms between them. */
const MAX_TRIES = 4;
/** No router answers a new connection in less, and a timer may fire a moment before the end. */
const SHORTEST_TRY_MS = 50;

/** The gateway had no time for the request, or no memory: it may answer after a pause. */
const BUSY_CODES: readonly unknown[] = ['reset', 'truncated', 'refused'];
const BUSY_STATUSES: readonly unknown[] = [500, 503];

/**
 * Milliseconds for each request of a caller who gave this time to a search, or to one document. A short search says nothing
 * about how fast a router answers; a long one says that it may be slow.
 */
export function deadlineFor(timeoutMs: number | undefined): number {
  // It may come from plain JavaScript, and is checked later.
  return typeof timeoutMs === 'number' ? Math.max(DEFAULT_DEADLINE_MS, timeoutMs) : DEFAULT_DEADLINE_MS;
}

/**
 * One queue per gateway: miniupnpd serves one connection at a time with a short backlog, where each connection too many
 * costs a second, and cheaper routers break.
 *
 * After a connection that the gateway cut or a 500 without a fault, the next request waits. A read is repeated within its
 * deadline, up to three times, while 50 ms are left; so is one that got no answer in its part of the time. A write is not,
 * since the gateway may have carried it out.
 *
 * @param deadlineMs - for requests that have no limit of their own
 */
export function createQueue(deadlineMs: number = DEFAULT_DEADLINE_MS): Queue {
  let last: Promise<unknown> = Promise.resolve();
  let backoff: Backoff = NO_BACKOFF;
  let answerMs = 0;
  /** Hosts and ports that have answered: where none ever has, a refused connection is no reason for a pause. */
  const answering = new Set<string>();
  /**
   * Requests that no pause has helped. They are sent once from then on: a bare 500 is the gateway's answer to them, and a
   * connection that it cuts may be a crash. One that is answered after all is repeated again.
   */
  const hopeless = new Map<string, 'answered' | 'cut'>();

  /** Takes down how an exchange ended. @returns whether it may end otherwise after a pause */
  function settle<T, E extends ErrorLike>(request: QueuedRequest<T, E>, sentAt: number, result: Result<T, E>): boolean {
    const { url, isRead, clock } = request;
    const now = clock.now();
    const error = result.isErr() && result.error.kind === 'transport' ? result.error : null;
    const isAnswer = error === null || error.code === 'http-status';
    if (isAnswer) {
      answering.add(originOf(url));
      answerMs = Math.max((answerMs * 7) / 8, now - sentAt);
    }
    const isOpen = error?.code !== 'refused' || answering.has(originOf(url));
    const known = hopeless.get(keyOf(request));
    if (error !== null && isBusy(error) && isOpen) {
      backoff = isAnswer && known === 'answered' ? afterConstantAnswer(backoff, now) : afterFailure(backoff, now);
      return known === undefined || (known === 'answered' && !isAnswer);
    }
    if (isAnswer && known === 'cut') hopeless.delete(keyOf(request));
    backoff = isAnswer ? afterAnswer(backoff, now, isRead) : afterSilence(backoff, now);
    return error?.code === 'timeout';
  }

  function giveUp<T, E extends ErrorLike>(request: QueuedRequest<T, E>, isAnswered: boolean): void {
    const now = request.clock.now();
    hopeless.set(keyOf(request), isAnswered ? 'answered' : 'cut');
    backoff = isAnswered ? afterConstantAnswer(backoff, now) : afterGivingUp(backoff, now);
  }

  async function run<T, E extends ErrorLike>(request: QueuedRequest<T, E>): Promise<Result<T, E | TransportError>> {
    const { name, isRead, clock, limits, send } = request;
    const firstDelay = Math.min(delayBefore(backoff, clock.now(), isRead), limits.deadlineMs ?? deadlineMs);
    if (firstDelay > 0) await clock.sleep(firstDelay, limits.signal);
    const end = clock.now() + (limits.deadlineMs ?? deadlineMs);
    for (let tries = 1; ; tries += 1) {
      if (limits.signal?.aborted === true) return err(aborted(name));
      const sentAt = clock.now();
      const leftMs = end - sentAt;
      const result = await send(isRead ? tryLimit(leftMs) : leftMs);
      const mayDoBetter = settle(request, sentAt, result);
      if (!mayDoBetter || !isRead) return result;
      if (tries === MAX_TRIES) {
        // Silence says nothing about the next time.
        if (result.isErr() && result.error.code !== 'timeout') giveUp(request, result.error.code === 'http-status');
        return result;
      }
      const delay = delayBefore(backoff, clock.now(), isRead);
      if (clock.now() + delay + SHORTEST_TRY_MS > end) return result;
      await clock.sleep(delay, limits.signal);
    }
  }

  const queue = <T, E extends ErrorLike>(request: QueuedRequest<T, E>): Promise<Result<T, E | TransportError>> => {
    const done = last.then(
      () => run(request),
      () => run(request),
    );
    last = done;
    return done;
  };
  return Object.defineProperties(queue, {
    deadlineMs: { value: deadlineMs },
    answerMs: { get: () => answerMs },
  }) as Queue;
}

function keyOf<T, E>({ name, url }: QueuedRequest<T, E>): string {
  return `${name} ${url}`;
}

function isBusy({ code, status }: ErrorLike): boolean {
  return BUSY_CODES.includes(code) || (code === 'http-status' && BUSY_STATUSES.includes(status));
}

function originOf(url: string): string {
  return parseHttpUrl(url)
    .map(({ host, port }) => `${host} ${port}`)
    .unwrapOr(url);
}
