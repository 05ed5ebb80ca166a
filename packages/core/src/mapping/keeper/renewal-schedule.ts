/** When an active lease is renewed. Pure. */
import { checkProtocol } from '../../port-mapping.ts';
import type { MappedPort } from '../port-mapper.ts';
import type { MapPortOptions } from '../types.ts';

/** A permanent mapping is renewed as if it had this lease. */
const LEASE_OF_PERMANENT_SECONDS = 3_600;
/**
 * The least between two renewals if the router has shortened the lease, unless the mapper says another time: a lease of one
 * second would cost a request each half second. Leases that are shorter than this have gaps.
 */
const SHORTEST_OF_SHRUNK_MS = 120_000;
/** The shortest lease that the keeper requests. It is renewed twice a minute. */
const SHORTEST_LEASE_SECONDS = 60;
/** A granted lease of at least this share of the requested one counts as unaltered: some seconds pass before the read-back. */
const UNALTERED = 0.75;

/**
 * Milliseconds until the renewal: up to half of the lease, and up to a tenth of that less at random, so that a thousand
 * programs do not renew at once. A lease counts for no longer than requested: some routers show 86400 or 4294967295 for
 * every lease.
 *
 * @param fraction - 0 to 1, at random
 */
export function renewalAfter({ requested, granted, mapper }: MappedPort, fraction: number): number {
  const wanted = requested.leaseSeconds || LEASE_OF_PERMANENT_SECONDS;
  const lease = Math.min(wanted, granted.leaseSeconds || wanted);
  const least = lease < wanted * UNALTERED ? (mapper.leastRenewalMs ?? SHORTEST_OF_SHRUNK_MS) : 0;
  return Math.max(least, lease * 500 * (0.9 + 0.1 * fraction));
}

/** The options with a lease that is long enough to be kept, and the protocol in upper case. */
export function keepable(options: MapPortOptions): MapPortOptions {
  const { leaseSeconds = 0 } = options;
  const protocol = checkProtocol(options.protocol).unwrapOr(options.protocol);
  const isShort = leaseSeconds > 0 && leaseSeconds < SHORTEST_LEASE_SECONDS;
  return { ...options, protocol, ...(isShort ? { leaseSeconds: SHORTEST_LEASE_SECONDS } : {}) };
}
