/** What packet loss costs a TCP connection: time. */

/** RFC 6298, 2.1: the first timeout, before a round trip was measured. */
const INITIAL_TIMEOUT_MS = 1000;
/** Linux waits no less (TCP_RTO_MIN); RFC 6298, 2.4 would have a second. */
const LEAST_TIMEOUT_MS = 200;
/** Of a segment's payload on Ethernet. */
const SEGMENT_BYTES = 1448;
/** By then every deadline is over. */
const LONGEST_MS = 3_600_000;

type Lottery = () => boolean;

/** How much later a connection is there: its SYN, or the answer to that, was lost. */
export function handshakeDelay(isLost: Lottery): number {
  return untilSent(() => isLost() || isLost(), INITIAL_TIMEOUT_MS);
}

/** How much later a message is there whole: any of its segments was lost. */
export function messageDelay(isLost: Lottery, bytes: number, roundTripMs: number): number {
  const segments = Math.max(1, Math.ceil(bytes / SEGMENT_BYTES));
  // RFC 6298, 2.2: after one measurement, the variation counts as half of it, four times.
  const timeoutMs = Math.max(LEAST_TIMEOUT_MS, 3 * roundTripMs);
  return Math.max(...Array.from({ length: segments }, () => untilSent(isLost, timeoutMs)));
}

/** RFC 6298, 5.5: each timeout is twice the last one. */
function untilSent(isLost: Lottery, firstTimeoutMs: number): number {
  let delayMs = 0;
  for (let timeoutMs = firstTimeoutMs; delayMs < LONGEST_MS && isLost(); timeoutMs *= 2) delayMs += timeoutMs;
  return delayMs;
}
