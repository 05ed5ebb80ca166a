/** Renews a lease on an IGD: in the way that has worked before, or in whatever way will. */
import { err, type Result } from '../../result.ts';
import type { Gateway } from '../../client/gateway.ts';
import { internalClientOf } from '../../client/internal-client.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import type { PortMapping } from '../../port-mapping.ts';
import type { AttemptError, MappingAttempt, MappingPolicy } from '../attempts.ts';
import type { RenewalContext, RenewalError } from '../port-mapper.ts';
import { attemptsOf, type Lease, type MapPortError, type MapPortOptions } from '../types.ts';
import { attemptLoop, type GrantedPort } from './attempt-loop.ts';
import { detailsOf } from './igd-lease.ts';
import { isReplaced, ownershipAt, ownershipSurely, removeMapping } from './ownership.ts';
import { isAbsent, isRefusal } from './read-mapping.ts';
import { retryPolicy } from './retry-policy.ts';

/** By how much a renewal has to lengthen what is left of a lease, which is about a half by then. */
const RENEWED = 0.75;

/**
 * At most six attempts, within one time budget. Where the lease is gone, the attempts that are left get another one.
 *
 * @param lease - of this gateway: active, gone, or unknown
 */
export async function renewMapping(
  gateway: Gateway,
  lease: Lease,
  options: MapPortOptions,
  context: RenewalContext,
): Promise<Result<GrantedPort, RenewalError>> {
  const { ledger, budget } = context;
  const startAt = lease.externalPort;
  const wasActive = ledger.isActive(lease);
  const isLeft = await leaveEarlierAddress(gateway, lease, options, context);
  const policy = renewing(detailsOf(lease).asked, options.policy);
  const renewed = await attemptLoop(gateway, { ...options, policy }, { ...context, startAt });
  if (renewed.isOk())
    return renewed.map((mapped) => (wasActive ? withReplacing(mapped, lease) : mapped)).mapErr(failed);
  const { error } = renewed;
  if (!isLeft) {
    if (await isStillActive(gateway, lease, error, context)) {
      // It has outlasted what was known of it.
      if (!wasActive) ledger.doubt(lease);
      return err({ error, isActive: wasActive });
    }
    if (wasActive && !budget.isAborted()) endActive(lease, context);
  }
  const next = await attemptLoop(gateway, options, { ...context, startAt, failed: attemptsOf(error) });
  return next.mapErr(failed);
}

function failed(error: MapPortError): RenewalError {
  return { error, isActive: false };
}

/** One that is disputed is still in the ledger, and not as active. */
function endActive(lease: Lease, { ledger }: RenewalContext): void {
  if (ledger.isActive(lease)) ledger.drop(lease);
}

/**
 * Asks in the way that has worked before, and stays on the same port with the same lease: to go on with the policy would
 * make a second mapping beside one that stands.
 */
function renewing({ externalPort, ...asked }: MappingAttempt, policy: MappingPolicy = retryPolicy): MappingPolicy {
  const known: MappingAttempt = { ...asked, externalPort };
  return (demand, earlier) => {
    if (earlier.length === 0) return known;
    const next = policy(demand, earlier);
    const isSame = next?.externalPort === known.externalPort && next.leaseSeconds === known.leaseSeconds;
    return isSame ? next : null;
  };
}

/** miniupnp#131: some ignore renewals; what is left of the lease goes on running down. The next one replaces it. */
function withReplacing(mapped: GrantedPort, before: Lease): GrantedPort {
  const { granted } = mapped;
  const was = granted.externalPort === before.externalPort ? (before.leaseSeconds ?? 0) : 0;
  const isIgnored = granted.leaseSeconds !== null && granted.leaseSeconds > 0 && granted.leaseSeconds < was * RENEWED;
  if (!isIgnored) return mapped;
  const { asked, isListed } = detailsOf(granted);
  return { ...mapped, granted: { ...granted, details: { asked: { ...asked, replacing: true }, isListed } } };
}

/**
 * After an address change, the mapping to the earlier address occupies the port. Another machine may have that address by
 * now, and run the same program: so the mapping is deleted only if it is this host's beyond doubt, and left to its lease
 * otherwise.
 *
 * @returns whether there was such a one, and there is nothing more to be done about it
 */
async function leaveEarlierAddress(
  gateway: Gateway,
  lease: Lease,
  options: MapPortOptions,
  { ledger, budget: { limits }, wasSeen }: RenewalContext,
): Promise<boolean> {
  const now = (await internalClientOf(gateway, options.internalClient)).unwrapOr(lease.internalClient);
  if (now === lease.internalClient) return false;
  const { entry, owner } = await ownershipAt(gateway, lease, limits);
  if (entry === null || owner !== 'own') {
    if (owner !== 'unknown') ledger.drop(lease);
    return owner !== 'unknown';
  }
  const isSame = entry.internalPort === lease.internalPort && entry.description === lease.description;
  const isUntouched =
    lease.leaseSeconds === 0
      ? // Without a lease to go by: it was seen to stand a while ago.
        entry.leaseSeconds === 0 && wasSeen
      : isRunningDown(entry, ledger.msLeft(lease));
  const isOurs = isSame && (isUntouched || (await isOwnAddress(gateway.transport, lease.internalClient)) === true);
  if (!isOurs) {
    ledger.drop(lease);
    return true;
  }
  const removed = await removeMapping(gateway, lease, limits, isReplaced(gateway, lease));
  if (removed.isOk() || isAbsent(removed.error)) {
    ledger.drop(lease);
    return true;
  }
  // Some let a host delete only what leads to it: the mapping is asked for anew all the same, and close names this one.
  if (isRefusal(removed.error)) ledger.dispute(lease);
  return isRefusal(removed.error);
}

/** Gateways count in whole seconds, and from the moment of the request. */
const LEASE_TOLERANCE_MS = 2_000;

/** Whether no more is left of a lease than of the one that this host has got: nobody has renewed it since. */
function isRunningDown({ leaseSeconds }: PortMapping, leftMs: number): boolean {
  return leaseSeconds !== null && leaseSeconds > 0 && leaseSeconds * 1000 <= leftMs + LEASE_TOLERANCE_MS;
}

/** A gateway that does not tell is believed until the lease is over, unless it speaks as if the mapping were another's. */
async function isStillActive(
  gateway: Gateway,
  lease: Lease,
  error: MapPortError,
  { ledger, budget: { settling } }: RenewalContext,
): Promise<boolean> {
  const { owner } = await ownershipSurely(gateway, lease, settling);
  if (owner !== 'unknown') return owner === 'own';
  const isDisputed = attemptsOf(error).some((attempt) => attempt.owner === 'unknown' && deniesIt(attempt.error));
  if (isDisputed) ledger.dispute(lease);
  return !isDisputed && ledger.msLeft(lease) > 0;
}

/** 718: it is in conflict with another host's; 606: it is not this host's to change. */
function deniesIt(error: AttemptError): boolean {
  return error.kind === 'upnp-fault' && (error.code === 718 || error.code === 606);
}
