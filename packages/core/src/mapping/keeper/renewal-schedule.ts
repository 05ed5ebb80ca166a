/** When and how a mapping that stands is asked for again. Pure. */
import { checkProtocol } from '../../port-mapping.ts';
import type { MappedPort } from '../port-mapper.ts';
import type { MapPortOptions } from '../types.ts';

/** A mapping without an end is looked at as if it had this lease. */
const LEASE_OF_PERMANENT_SECONDS = 3_600;
/**
 * The least between two renewals of a lease that the router has shrunk: a second's is no use, and does no harm so. One that
 * is shorter than this has gaps.
 */
const SHORTEST_OF_SHRUNK_MS = 120_000;
/** The shortest lease that is asked for; it is renewed twice a minute then. */
const SHORTEST_LEASE_SECONDS = 60;
/** What has to be there of a lease that was granted as it was asked for, when it is read back. */
const UNALTERED = 0.75;

/**
 * Milliseconds until it is due: half of the lease, a tenth of that more or less, so that a thousand programs do not
 * renew at once. A lease counts for no longer than it was asked for: routers exist that read 86400 or 4294967295 for
 * every one.
 *
 * @param fraction - 0 to 1, at random
 */
export function renewalAfter({ requested, granted }: MappedPort, fraction: number): number {
  const wanted = requested.leaseSeconds || LEASE_OF_PERMANENT_SECONDS;
  const lease = Math.min(wanted, granted.leaseSeconds || wanted);
  // What is left of it was read back: a few seconds less than was asked for are no other lease.
  const least = lease < wanted * UNALTERED ? SHORTEST_OF_SHRUNK_MS : 0;
  return Math.max(least, lease * 500 * (0.9 + 0.1 * fraction));
}

/** With a lease that is long enough to be kept (0, without an end, is one), and the protocol as it is sent. */
export function keepable(options: MapPortOptions): MapPortOptions {
  const { leaseSeconds = 0 } = options;
  const protocol = checkProtocol(options.protocol).unwrapOr(options.protocol);
  const isShort = leaseSeconds > 0 && leaseSeconds < SHORTEST_LEASE_SECONDS;
  return { ...options, protocol, ...(isShort ? { leaseSeconds: SHORTEST_LEASE_SECONDS } : {}) };
}
