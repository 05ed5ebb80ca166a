/**
 * The ladder: what to ask for next, after what was refused. Routers give the same answer for many reasons, and many
 * answers for the same; what each has been seen to mean is the table here.
 */
import { assertArguments, LIST, OBJECT } from '../../arguments.ts';
import type { FailedAttempt, MappingAttempt, MappingDemand } from './attempt-types.ts';

/**
 * Says what to ask for next; null: give up. It is pure, so that it can be tested as a table, and replaced.
 *
 * @param failed - the attempts so far, oldest first; none at first
 */
export type MappingPolicy = (demand: MappingDemand, failed: readonly FailedAttempt[]) => MappingAttempt | null;

/** More would be hammering: what six ways have not got is not to be had. */
export const MAX_ATTEMPTS = 6;

/** Where a permanent lease is refused: the longest that a version 2 gateway gives (WANIPConnection:2, 2.3.16). */
const LONGEST_LEASE_SECONDS = 604_800;

/** A change to the last attempt; null where it can't be made. */
type Step = (last: FailedAttempt, demand: MappingDemand, failed: readonly FailedAttempt[]) => MappingAttempt | null;

const again: Step = (last) => attemptOf(last);

const byExactAction: Step = (last) => (last.method === 'any' ? { ...attemptOf(last), method: 'exact' } : null);

/** A permanent lease instead of a timed one; the caller's own clock has to end it. Once is enough, if it is in vain. */
const permanent: Step = (last, _demand, failed) =>
  last.leaseSeconds > 0 && !isSameWith(failed, last, (leaseSeconds) => leaseSeconds === 0)
    ? { ...attemptOf(last), leaseSeconds: 0 }
    : null;

/** n0-computer/net-tools#52: 0 refused, a week at most. */
const finite: Step = (last, { leaseSeconds }) => {
  if (last.leaseSeconds > 0) return null;
  return { ...attemptOf(last), leaseSeconds: leaseSeconds > 0 ? leaseSeconds : LONGEST_LEASE_SECONDS };
};

/** With the lease as it was at first, if a change to that has made no difference. */
const otherPort: Step = (last, { port, otherPorts, leaseSeconds: wanted }, failed) => {
  const externalPort = otherPorts.find((candidate) => failed.every((earlier) => earlier.externalPort !== candidate));
  if (port === 'exact' || externalPort === undefined) return null;
  const isInVain = isSameWith(failed, last, (leaseSeconds) => leaseSeconds === wanted);
  return { ...attemptOf(last), externalPort, leaseSeconds: isInVain ? wanted : last.leaseSeconds };
};

/**
 * WANIPConnection:2, 2.5.17: the gateway chooses a port that is free. It is asked for one that another host has not got,
 * all the same: gateways exist that would take it away from there.
 */
const otherPortByAnyAction: Step = (last, demand, failed) => {
  const isNew = demand.offersAny && failed.every(({ method }) => method === 'exact');
  const other = isNew ? otherPort(last, demand, failed) : null;
  return other === null ? null : { ...other, method: 'any' };
};

/** The internal port is the caller's; the external one has to follow. */
const equalPorts: Step = (last, { port, internalPort }) =>
  port === 'exact' ? null : { ...attemptOf(last), method: 'exact', externalPort: internalPort };

/** FRITZ!Box refuses quotes (fritzconnection#111), others everything but plain words. Then it was not for the lease. */
const plainDescription: Step = (last, { leaseSeconds }) => {
  const description = last.description.replace(/[^\w .-]/g, '').trim() || 'Portwright';
  return { ...attemptOf(last), description, leaseSeconds };
};

const replaceOwn: Step = (last) => (last.holder === 'own' ? { ...attemptOf(last), replacing: true } : null);

/** Steps by the code of a refusal, in the order in which they are tried. */
const STEPS: Readonly<Record<string, readonly Step[]>> = {
  // The action is not there, whatever the version says.
  401: [byExactAction],
  602: [byExactAction],
  // Arris and others mean 725 (tailscale#15223), others that 0 is too long; or they dislike the description.
  402: [permanent, finite, plainDescription],
  // An Archer AX72 means 725, libtorrent has seen it for a conflict.
  501: [permanent, otherPort],
  605: [plainDescription],
  // Ours from an earlier run (miniupnp#131); nobody's: an Askey means 725; another host's.
  718: [replaceOwn, otherPortByAnyAction, otherPort, permanent],
  724: [equalPorts],
  725: [permanent],
  729: [otherPortByAnyAction, otherPort],
  '-911': [plainDescription],
};

/** A fault without a number, or an HTTP 500 without a fault: it says nothing, and a lease is what it is mostly about. */
const UNKNOWN_FAULT: readonly Step[] = [permanent];

/** The request, or its answer, was lost; and the table does not hold the mapping. */
const LOST: readonly Step[] = [again];

/** In another's hands, as its table says. */
const HELD: readonly Step[] = [otherPortByAnyAction, otherPort];

/** A success that was none: a Linksys that is full takes no further entry, others lose some ports. */
const UNCONFIRMED: readonly Step[] = [byExactAction, otherPort, permanent];

/** The policy by default: at most {@link MAX_ATTEMPTS} attempts, and none twice, but for a request that was lost. */
export const ladder: MappingPolicy = (demand, failed) => {
  assertArguments(['demand', demand, OBJECT], ['failed', failed, LIST]);
  const last = failed.at(-1);
  if (last === undefined) {
    const { externalPort, leaseSeconds, description, port, offersAny } = demand;
    const method = port === 'any' && offersAny ? 'any' : 'exact';
    return { method, externalPort, leaseSeconds, description, replacing: false };
  }
  if (failed.length >= MAX_ATTEMPTS) return null;
  for (const step of stepsAfter(last)) {
    const next = step(last, demand, failed);
    const times = next === null ? 0 : failed.filter((earlier) => isSame(earlier, next)).length;
    if (next !== null && times < (step === again ? 2 : 1)) return next;
  }
  return null;
};

function stepsAfter({ error, holder }: FailedAttempt): readonly Step[] {
  switch (error.kind) {
    case 'upnp-fault':
      if (error.code === null) return UNKNOWN_FAULT;
      // Nobody holds it: the conflict is not about the port.
      if (error.code === 718 && holder === 'nobody') return [permanent, otherPort];
      return STEPS[error.code] ?? [];
    case 'transport':
      if (error.code === 'http-status') return error.status === 500 ? UNKNOWN_FAULT : [];
      return error.code === 'aborted' ? [] : LOST;
    case 'malformed':
      return LOST;
    case 'held':
      return HELD;
    case 'unconfirmed':
      return UNCONFIRMED;
    case 'invalid-argument':
      return [];
  }
}

/** Whether the answer was the same with a lease that is so. */
function isSameWith(
  failed: readonly FailedAttempt[],
  { error, description }: FailedAttempt,
  isSo: (leaseSeconds: number) => boolean,
): boolean {
  return failed.some(
    (earlier) =>
      isSo(earlier.leaseSeconds) &&
      earlier.description === description &&
      earlier.error.kind === error.kind &&
      earlier.error.code === error.code,
  );
}

function attemptOf({ method, externalPort, leaseSeconds, description }: FailedAttempt): MappingAttempt {
  return { method, externalPort, leaseSeconds, description, replacing: false };
}

function isSame(one: MappingAttempt, other: MappingAttempt): boolean {
  return (
    one.method === other.method &&
    one.externalPort === other.externalPort &&
    one.leaseSeconds === other.leaseSeconds &&
    one.description === other.description &&
    one.replacing === other.replacing
  );
}
