/** When and how a mapping that stands is asked for again. Pure. */
import type { PortMapping } from '../client/port-mapping.ts';
import type { MappingAttempt } from './attempt.ts';
import type { Stand } from './kept-mapping.ts';
import type { MappedPort } from './map-port.ts';
import { ladder, type MappingPolicy } from './policy.ts';

/** A mapping without an end is looked at as if it had this lease. */
const LEASE_OF_PERMANENT_SECONDS = 3_600;
/** The least between two renewals: a lease that is shorter than twice this has gaps, and a router that shrinks it does no harm. */
const SHORTEST_PAUSE_MS = 120_000;
/** By how much a renewal has to lengthen what is left of a lease, which is about a half by then. */
const RENEWED = 0.75;

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
  return Math.max(SHORTEST_PAUSE_MS, lease * 500 * (0.9 + 0.1 * fraction));
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
    endsAt: now + (leaseSeconds || Infinity) * 1000,
  };
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
