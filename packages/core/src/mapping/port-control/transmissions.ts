/** When a request is sent again, byte for byte the same. Pure. */

/**
 * `discovery`: whether there is a server, for which a person waits. `request`: a mapping that a person waits for. `renewal`:
 * in the background.
 */
export type Purpose = 'discovery' | 'request' | 'renewal';

/** Other clients use 250 to 1000 ms, since the RFC's first 3 s are too slow for people. */
const DISCOVERY_MS = [250, 500, 1_000];
/** miniupnpd takes 2.5 s to refuse a forbidden mapping, 2.9 s by NAT-PMP: it gets two copies of such a request until then. */
const REQUEST_MS = 1_000;
/** IRT and MRT (RFC 6887, 8.1.1). */
const RENEWAL_MS = 3_000;
const LONGEST_MS = 1_024_000;

/**
 * Milliseconds to wait for an answer after a transmission; null: it was the last one, and the time is up.
 *
 * @param sent - how often the request was sent, from 1 on
 * @param lastMs - the wait before this one; 0 at first
 * @param fraction - 0 to 1, at random
 */
export function waitAfter(purpose: Purpose, sent: number, lastMs: number, fraction: number): number | null {
  switch (purpose) {
    case 'discovery':
      return DISCOVERY_MS[sent - 1] ?? null;
    case 'request':
      return Math.min(REQUEST_MS * 2 ** (sent - 1), LONGEST_MS);
    case 'renewal':
      // RT = (1 + RAND) * MIN(2 * RTprev, MRT), with RAND from -0.1 to 0.1.
      return (0.9 + 0.2 * fraction) * (sent === 1 ? RENEWAL_MS : Math.min(2 * lastMs, LONGEST_MS));
  }
}
