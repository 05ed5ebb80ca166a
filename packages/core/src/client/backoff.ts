/**
 * Pauses between the requests to one gateway. Some routers reset a connection, or answer it with 500, if it comes within
 * 300 ms of the last one; go-ethereum and others keep 200 to 500 ms between two requests for that reason.
 */

/** What the exchanges with one gateway have shown up to now. */
export interface Backoff {
  /** Failed exchanges in a row. */
  readonly failures: number;
  /** When the last exchange ended, by ClockPort.now(). */
  readonly endedAt: number;
  /** Milliseconds between two requests after which the gateway answered where it had failed before; 0: never needed. */
  readonly spacing: number;
  /** Reads that still keep the spacing, before one is sent without it. */
  readonly spacedReads: number;
}

export const NO_BACKOFF: Backoff = { failures: 0, endedAt: -Infinity, spacing: 0, spacedReads: 0 };

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 3_200;
/** A longer silence is a router that starts, and no reason to space the requests after it. */
const LONGEST_SPACING_MS = 800;
/** One failure may be chance: after so many answers, a read is sent without a pause again. It can be repeated. */
const SPACED_READS = 8;

/** Milliseconds after that many failures in a row: none, 200, and then twice as much each time, 3200 at most. */
export function retryDelay(failures: number): number {
  return failures === 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS);
}

/**
 * Milliseconds to wait before the next request. A write keeps the spacing for good: it can't be repeated without a risk,
 * and it often follows a read at once.
 */
export function delayBefore(
  { failures, endedAt, spacing, spacedReads }: Backoff,
  now: number,
  isRead: boolean,
): number {
  const kept = isRead && failures === 0 && spacedReads === 0 ? 0 : spacing;
  return Math.max(0, endedAt + Math.max(retryDelay(failures), kept) - now);
}

/** A slow router answers within this time. */
const LEAST_TRY_MS = 5_000;

/**
 * Milliseconds for one try of a read, of those that are left for all. What was lost is asked again: TCP doubles its wait
 * before it sends again each time, so a new connection is faster.
 */
export function tryLimit(leftMs: number): number {
  return Math.min(leftMs, Math.max(LEAST_TRY_MS, leftMs / 2));
}

/** A request failed as it does on a router that needs a pause. */
export function afterFailure(backoff: Backoff, now: number): Backoff {
  return { ...backoff, failures: backoff.failures + 1, endedAt: now };
}

/** The gateway answered. After failures, the pause before this answer becomes the spacing. */
export function afterAnswer({ failures, spacing, spacedReads }: Backoff, now: number, isRead: boolean): Backoff {
  if (failures === 0) {
    return { failures, endedAt: now, spacing, spacedReads: isRead ? Math.max(0, spacedReads - 1) : spacedReads };
  }
  const needed = Math.min(Math.max(retryDelay(failures), spacing), LONGEST_SPACING_MS);
  return { failures: 0, endedAt: now, spacing: needed, spacedReads: SPACED_READS };
}

/** An exchange ended that shows nothing of the gateway's pace: no answer in time, or the caller's abort. */
export function afterSilence(backoff: Backoff, now: number): Backoff {
  return { ...backoff, endedAt: now };
}

/** No pause has helped a request: longer ones are no remedy, and the next request waits only the shortest. */
export function afterGivingUp(backoff: Backoff, now: number): Backoff {
  return { ...backoff, failures: 1, endedAt: now };
}

/** The gateway gives this answer to this request whatever the pause: the failures before it show nothing either. */
export function afterConstantAnswer(backoff: Backoff, now: number): Backoff {
  return { ...backoff, failures: 0, endedAt: now };
}
