/** What a watch does next, and when: pure functions of times in milliseconds on the transport's clock. */

/** When each step is due; Infinity: not wanted. */
export interface DueTimes {
  /** Listen and subscribe again, on the network that this host is on now. */
  readonly reconnect: number;
  /** Ask for the connection's state. */
  readonly poll: number;
  /** Fetch the description. */
  readonly probe: number;
  /** Check whether the gateway has restarted. */
  readonly verify: number;
  /** Renew the subscription. */
  readonly renew: number;
  /** Report a confirmed restart. */
  readonly report: number;
}

export type WatchStep = keyof DueTimes;

/** The first one that is due is done first. */
const ORDER: readonly WatchStep[] = ['reconnect', 'poll', 'probe', 'verify', 'renew', 'report'];

/** The step to do now; null: none is due before {@link nextDue}. */
export function nextStep(due: DueTimes, now: number): WatchStep | null {
  return ORDER.find((step) => due[step] <= now) ?? null;
}

export function nextDue(due: DueTimes): number {
  return Math.min(...ORDER.map((step) => due[step]));
}

/** Polls are rarer by this factor while events arrive. */
const EVENTS_FACTOR = 5;
/** From the first uptime to the second one, which shows that it counts. */
const SECOND_SAMPLE_MS = 10_000;

/**
 * Milliseconds from one poll to the next.
 *
 * @param hasEvents - an event has arrived: a subscription alone proves nothing, since a firewall may keep events out
 */
export function pollInterval(
  pollMs: number,
  { hasEvents, needsSecondSample }: { readonly hasEvents: boolean; readonly needsSecondSample: boolean },
): number {
  if (needsSecondSample) return Math.min(SECOND_SAMPLE_MS, pollMs);
  return hasEvents ? pollMs * EVENTS_FACTOR : pollMs;
}

/** From one probe to the next: anybody can send a thousand announcements. */
export const PROBE_PAUSE_MS = 5_000;

/** From one reported restart to the next. */
const REPORT_PAUSE_MS = 30_000;

/** When a restart may be reported, after the last one. */
export function reportTime(now: number, lastReportAt: number): number {
  return Math.max(now, lastReportAt + REPORT_PAUSE_MS);
}

/** The check for a restart that began last, and the least time from it to the next one. */
export interface Verifications {
  readonly lastAt: number;
  readonly pauseMs: number;
}

const LEAST_VERIFICATION_PAUSE_MS = 5_000;
const MOST_VERIFICATION_PAUSE_MS = 120_000;

export const NO_VERIFICATION: Verifications = { lastAt: -Infinity, pauseMs: LEAST_VERIFICATION_PAUSE_MS };

export function nextVerification({ lastAt, pauseMs }: Verifications): number {
  return lastAt + pauseMs;
}

/** After a check that began at `now`. Each claim that is not confirmed doubles the pause; a quiet time shortens it again. */
export function afterVerification(before: Verifications, now: number, isConfirmed: boolean): Verifications {
  const wasQuiet = now - before.lastAt > MOST_VERIFICATION_PAUSE_MS;
  const pauseMs = wasQuiet || isConfirmed ? LEAST_VERIFICATION_PAUSE_MS : before.pauseMs * 2;
  return { lastAt: now, pauseMs: Math.min(pauseMs, MOST_VERIFICATION_PAUSE_MS) };
}
