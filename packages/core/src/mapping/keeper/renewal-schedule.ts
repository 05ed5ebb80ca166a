/** When and how a mapping that stands is asked for again. Pure. */
import { checkProtocol, type PortMapping } from '../../port-mapping.ts';
import type { MappingAttempt } from '../igd/attempt-types.ts';
import type { Stand } from './managed-lease.ts';
import type { MappedPort, MapPortOptions } from '../types.ts';
import { ladder, type MappingPolicy } from '../igd/retry-policy.ts';

/** A mapping without an end is looked at as if it had this lease. */
const LEASE_OF_PERMANENT_SECONDS = 3_600;
/**
 * The least between two renewals of a lease that the router has shrunk: a second's is no use, and does no harm so. One that
 * is shorter than this has gaps.
 */
const SHORTEST_OF_SHRUNK_MS = 120_000;
/** The shortest lease that is asked for; it is renewed twice a minute then. */
const SHORTEST_LEASE_SECONDS = 60;
/** By how much a renewal has to lengthen what is left of a lease, which is about a half by then. */
const RENEWED = 0.75;
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

/**
 * A mapping as it stands from now on, and what to begin with at its next renewal: what has worked, on the port that was
 * granted.
 *
 * @param before - as it was granted the time before, if it has stood since
 * @param now - on the transport's clock
 */
export function standAfter(mapped: MappedPort, before: PortMapping | null, now: number): Stand {
  const { asked, granted, requested, gateway } = mapped;
  const { externalPort, leaseSeconds } = granted;
  const was = before?.externalPort === externalPort ? (before.leaseSeconds ?? 0) : 0;
  // miniupnp#131: some ignore renewals; what is left of the lease goes on running down.
  const isIgnored = leaseSeconds !== null && leaseSeconds > 0 && leaseSeconds < was * RENEWED;
  return {
    granted: lean(granted, requested),
    asked: { ...asked, method: 'exact', externalPort, replacing: isIgnored },
    udn: gateway.description.device.udn,
    gateway,
    endsAt: now + lasting(asked.leaseSeconds, leaseSeconds) * 1000,
  };
}

/** For no longer than it was asked for, unless it reads as one without an end: such a one is given back at any time. */
function lasting(asked: number, granted: number | null): number {
  return granted === 0 ? Infinity : Math.min(asked || Infinity, granted ?? Infinity);
}

/** The same, without holding on to the answers that its texts were read from. */
function lean(granted: PortMapping, requested: PortMapping): PortMapping {
  const { internalClient, description, remoteHost } = requested;
  return {
    ...granted,
    internalClient: granted.internalClient === internalClient ? internalClient : granted.internalClient,
    description: granted.description === description ? description : granted.description,
    remoteHost: granted.remoteHost === remoteHost ? remoteHost : granted.remoteHost,
  };
}

/**
 * Asks in the way that has worked before, and stays on the same port with the same lease: to climb on would make a
 * second mapping beside one that stands.
 */
export function renewing(known: MappingAttempt, policy: MappingPolicy = ladder): MappingPolicy {
  return (demand, failed) => {
    if (failed.length === 0) return known;
    const next = policy(demand, failed);
    const isSame = next?.externalPort === known.externalPort && next.leaseSeconds === known.leaseSeconds;
    return isSame ? next : null;
  };
}
