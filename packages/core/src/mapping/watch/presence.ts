/** Whether a gateway is where it was: pure decisions from the outcomes of polls and probes. */

/** Unanswered polls in a row after which a gateway is gone. */
export const MAX_MISSED_POLLS = 2;
/** Milliseconds from the first unanswered poll to the second. */
const RETRY_POLL_MS = 5_000;

export type Presence =
  | { readonly kind: 'present'; readonly missedPolls: number }
  | { readonly kind: 'gone' }
  /** The device describes itself at another URL of its host; the known one does not answer. */
  | { readonly kind: 'elsewhere'; readonly location: string };

export interface PresenceDecision {
  readonly presence: Presence;
  /** What to report; null: nothing has changed. */
  readonly report: 'gone' | 'restarted' | null;
}

export const PRESENT: Presence = { kind: 'present', missedPolls: 0 };

/** After a poll that was answered. A gateway that was gone has restarted, as far as can be known. */
export function afterAnsweredPoll(before: Presence): PresenceDecision {
  return { presence: PRESENT, report: before.kind === 'present' ? null : 'restarted' };
}

/** After a poll that was not answered. `retryMs`: when to poll again; null: at the usual time. */
export function afterMissedPoll(before: Presence): PresenceDecision & { readonly retryMs: number | null } {
  if (before.kind !== 'present') return { presence: before, report: null, retryMs: null };
  const missedPolls = before.missedPolls + 1;
  return missedPolls < MAX_MISSED_POLLS
    ? { presence: { kind: 'present', missedPolls }, report: null, retryMs: RETRY_POLL_MS }
    : { presence: { kind: 'gone' }, report: 'gone', retryMs: null };
}

/** After a probe: the device's description was fetched at the known URL (`isThere`), or at `newLocation`, or at neither. */
export function afterProbe(before: Presence, isThere: boolean, newLocation: string | null): PresenceDecision {
  if (isThere) return afterAnsweredPoll(before);
  if (newLocation !== null) {
    const isKnown = before.kind === 'elsewhere' && before.location === newLocation;
    return { presence: { kind: 'elsewhere', location: newLocation }, report: isKnown ? null : 'restarted' };
  }
  return { presence: { kind: 'gone' }, report: before.kind === 'gone' ? null : 'gone' };
}
