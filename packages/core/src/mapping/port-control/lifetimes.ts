/** Lifetimes that are asked for, and believed. Pure. */

/** A day: the longest lease of miniupnpd, and what RFC 6887, 15 recommends as a server's limit. */
const LONGEST_SECONDS = 86_400;
/** IPv6: some servers delete no pinhole that was renewed (miniupnpd 2.3.1), so it stays open until its lease ends. */
const LONGEST_IPV6_SECONDS = 3_600;
/** RFC 6887, 15: a server gives no less than two minutes. */
const SHORTEST_SECONDS = 120;

/** The lifetime to ask for. A permanent mapping (0) would be a deletion in both protocols: it becomes the longest lease. */
export function lifetimeToAsk(leaseSeconds: number, family: 'ipv4' | 'ipv6'): number {
  const longest = family === 'ipv4' ? LONGEST_SECONDS : LONGEST_IPV6_SECONDS;
  return leaseSeconds === 0 ? longest : Math.min(leaseSeconds, longest);
}

/**
 * The lifetime to count on. A server may give more than was asked for, such as the two minutes of RFC 6887; what is renewed
 * later than that needs not be believed, since a false answer could make a dead mapping last for ever.
 */
export function lifetimeToBelieve(granted: number, asked: number): number {
  return Math.min(granted, Math.max(asked, SHORTEST_SECONDS));
}

const SHORT_REFUSAL_SECONDS = 30;
const LONG_REFUSAL_SECONDS = 1_800;

/**
 * Seconds until a refused request is worth another try. The server says how long it will refuse (RFC 6887, 7.4): 0 for some
 * errors of miniupnpd, which does not mean "at once"; and nobody is locked out for years by a forged or senseless answer.
 *
 * @param isLong - whether a person has to change something first
 */
export function refusalSeconds(lifetimeSeconds: number, isLong: boolean): number {
  if (lifetimeSeconds === 0 && isLong) return LONG_REFUSAL_SECONDS;
  return Math.min(Math.max(lifetimeSeconds, SHORT_REFUSAL_SECONDS), LONG_REFUSAL_SECONDS);
}
