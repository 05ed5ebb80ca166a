/** When a watched server is asked. Pure. */

/** RFC 6887, 14.1.2: clients that hear an announcement wait for a random time, so that they do not ask all at once. */
const ANNOUNCEMENT_DELAY_MS = 5_000;
/** The least from one question to the next: anybody can send a thousand announcements. */
const ANNOUNCEMENT_PAUSE_MS = 5_000;

/**
 * When to ask after an announcement.
 *
 * @param planned - when the server will be asked about an earlier one; Infinity: there was none
 * @param askedAt - when it was asked last
 * @param fraction - 0 to 1, at random
 */
export function askAfterAnnouncement(now: number, planned: number, askedAt: number, fraction: number): number {
  if (planned < Infinity) return planned;
  return Math.max(now + fraction * ANNOUNCEMENT_DELAY_MS, askedAt + ANNOUNCEMENT_PAUSE_MS);
}
