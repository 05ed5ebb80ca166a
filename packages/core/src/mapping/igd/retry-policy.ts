/**
 * The retry policy: what to ask for next, after what was refused. Routers give the same answer for many reasons, and many
 * answers for the same; what each has been seen to mean is the table here.
 */
import { assertArguments, LIST, OBJECT } from '../../arguments.ts';
import { DEFAULT_DESCRIPTION } from '../../port-mapping.ts';
import {
  MAX_ATTEMPTS,
  type FailedAttempt,
  type MappingAttempt,
  type MappingDemand,
  type MappingPolicy,
} from '../attempts.ts';

/** A week: the longest lease of a version 2 gateway (WANIPConnection:2, 2.3.16). */
const LONGEST_LEASE_SECONDS = 604_800;
/** The longest description that every known router accepts. */
const SHORT_DESCRIPTION_LENGTH = 32;
/** Pause before the same request is sent again after a refusal that may pass. */
const RETRY_DELAY_MS = 500;

/** A change to the last attempt; null where it can't be made. */
type Step = (last: FailedAttempt, demand: MappingDemand, failed: readonly FailedAttempt[]) => MappingAttempt | null;

const again: Step = (last) => ({ ...attemptOf(last), delayMs: RETRY_DELAY_MS });

/** A refusal that may pass is no reason to change the request, until the same request was refused twice. */
const againOnce: Step = (last, demand, failed) =>
  failed.some((one, index) => index > 0 && isSame(one, failed[index - 1] ?? null)) ? null : again(last, demand, failed);

const byExactAction: Step = (last) => (last.method === 'any' ? { ...attemptOf(last), method: 'exact' } : null);

/**
 * A permanent lease instead of a timed one, on the port that got this refusal first: the caller has to end it. One
 * refusal of it is enough.
 */
const permanent: Step = (last, _demand, failed) => {
  const isPermanent = (leaseSeconds: number): boolean => leaseSeconds === 0;
  if (isPermanent(last.leaseSeconds) || isSameWith(failed, last, isPermanent)) return null;
  const { externalPort } = failed.find((earlier) => isSameError(earlier, last)) ?? last;
  return { ...attemptOf(last), externalPort, leaseSeconds: 0 };
};

/** No longer than a week, where the router may refuse the lease for its length. */
const week: Step = (last) =>
  last.leaseSeconds > LONGEST_LEASE_SECONDS ? { ...attemptOf(last), leaseSeconds: LONGEST_LEASE_SECONDS } : null;

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

/** One other port, and no more, before the lease is made permanent. */
const oneOtherPort: Step = (last, demand, failed) =>
  failed.every(({ externalPort }) => externalPort === demand.externalPort) ? otherPort(last, demand, failed) : null;

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

/** A description that is too long: 605 says so, and some routers say 402 or 601. */
const shortDescription: Step = (last, { leaseSeconds }) =>
  last.description.length > SHORT_DESCRIPTION_LENGTH
    ? { ...attemptOf(last), description: last.description.slice(0, SHORT_DESCRIPTION_LENGTH).trim(), leaseSeconds }
    : null;

/** FRITZ!Box refuses quotes (fritzconnection#111), others everything but plain words. */
const plainDescription: Step = (last, { leaseSeconds }) => {
  const description = last.description.replace(/[^\w .-]/g, '').trim() || DEFAULT_DESCRIPTION;
  return description === last.description ? null : { ...attemptOf(last), description, leaseSeconds };
};

const defaultDescription: Step = (last, { leaseSeconds }) =>
  last.description === DEFAULT_DESCRIPTION
    ? null
    : { ...attemptOf(last), description: DEFAULT_DESCRIPTION, leaseSeconds };

const replaceOwn: Step = (last) => (last.owner === 'own' ? { ...attemptOf(last), replacing: true } : null);

/** Steps by the code of a refusal, in the order in which they are tried. A permanent lease is the last resort. */
const STEPS: Readonly<Record<string, readonly Step[]>> = {
  // The action is not there, whatever the version says.
  401: [byExactAction],
  602: [byExactAction],
  // The router dislikes the lease or the description. Arris and others mean 725 (tailscale#15223).
  402: [week, shortDescription, plainDescription, permanent, finite],
  601: [week, shortDescription, plainDescription, defaultDescription],
  // It may pass. An Archer AX72 means 725, libtorrent has seen it for a conflict.
  501: [againOnce, oneOtherPort, permanent, otherPort],
  605: [shortDescription, plainDescription, defaultDescription, week],
  // Ours from an earlier run (miniupnp#131); nobody's: an Askey means 725; another host's.
  718: [replaceOwn, otherPortByAnyAction, otherPort, permanent],
  724: [equalPorts],
  725: [permanent],
  729: [otherPortByAnyAction, otherPort],
  '-911': [plainDescription, defaultDescription],
};

/** A fault without a number, or a 5xx without a fault: it may pass; else it is mostly about the lease. */
const UNKNOWN_FAULT: readonly Step[] = [againOnce, oneOtherPort, permanent];

/** The router reports a conflict that its table does not show: an Askey means 725. */
const CONFLICT_WITH_NOBODY: readonly Step[] = [oneOtherPort, permanent, otherPort];

/** The request, or its answer, was lost; and the table does not hold the mapping. */
const LOST: readonly Step[] = [again];

/** Another host owns the port, by the router's table. */
const HELD: readonly Step[] = [otherPortByAnyAction, otherPort];

/** A success that was none: a Linksys that is full takes no further entry, others lose some ports. */
const UNCONFIRMED: readonly Step[] = [byExactAction, otherPort, permanent];

/** The same, where the table has never listed anything, so that no attempt can be confirmed. */
const UNLISTED: readonly Step[] = [byExactAction, oneOtherPort];

/** The policy by default: at most {@link MAX_ATTEMPTS} attempts, and none twice, but for a request that was lost. */
export const retryPolicy: MappingPolicy = (demand, failed) => {
  assertArguments(['demand', demand, OBJECT], ['failed', failed, LIST]);
  const last = failed.at(-1);
  if (last === undefined) {
    const { externalPort, leaseSeconds, description, port, offersAny } = demand;
    const method = port === 'any' && offersAny ? 'any' : 'exact';
    return { method, externalPort, leaseSeconds, description, replacing: false, delayMs: 0 };
  }
  if (failed.length >= MAX_ATTEMPTS) return null;
  for (const step of stepsAfter(last)) {
    const next = step(last, demand, failed);
    const times = next === null ? 0 : failed.filter((earlier) => isSame(earlier, next)).length;
    if (next !== null && times < (step === again || step === againOnce ? 2 : 1)) return next;
  }
  return null;
};

function stepsAfter({ error, owner }: FailedAttempt): readonly Step[] {
  switch (error.kind) {
    case 'upnp-fault':
      if (error.code === null) return UNKNOWN_FAULT;
      if (error.code === 718 && owner === 'nobody') return CONFLICT_WITH_NOBODY;
      return STEPS[error.code] ?? [];
    case 'transport':
      if (error.code === 'http-status') return (error.status ?? 0) >= 500 ? UNKNOWN_FAULT : [];
      return error.code === 'aborted' ? [] : LOST;
    case 'malformed':
      return LOST;
    case 'conflict':
      return HELD;
    case 'unconfirmed':
      return error.code === 'unlisted' ? UNLISTED : UNCONFIRMED;
    case 'refusal':
    case 'invalid-argument':
      return [];
  }
}

/** Whether the answer was the same with a lease that is so. */
function isSameWith(
  failed: readonly FailedAttempt[],
  last: FailedAttempt,
  isSo: (leaseSeconds: number) => boolean,
): boolean {
  return failed.some(
    (earlier) => isSo(earlier.leaseSeconds) && earlier.description === last.description && isSameError(earlier, last),
  );
}

function isSameError({ error: one }: FailedAttempt, { error: other }: FailedAttempt): boolean {
  return one.kind === other.kind && one.code === other.code;
}

function attemptOf({ method, externalPort, leaseSeconds, description }: FailedAttempt): MappingAttempt {
  return { method, externalPort, leaseSeconds, description, replacing: false, delayMs: 0 };
}

/** Whether two attempts send the same request. */
function isSame(one: MappingAttempt, other: MappingAttempt | null): boolean {
  return (
    one.method === other?.method &&
    one.externalPort === other.externalPort &&
    one.leaseSeconds === other.leaseSeconds &&
    one.description === other.description &&
    one.replacing === other.replacing
  );
}
