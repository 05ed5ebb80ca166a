/** One attempt at a mapping: a look, the request, and what really came of it. */
import { err, ok, type Result } from '../../result.ts';
import { aborted } from '../../abort.ts';
import type { Gateway } from '../../client/gateway.ts';
import { type PortMapping } from '../../port-mapping.ts';
import { mappingInput } from '../../client/mapping-arguments.ts';
import type { CallError } from '../../errors.ts';
import type { CallOptions } from '../../call-options.ts';
import { malformed } from '../../malformed.ts';
import type {
  AttemptError,
  PortConflictError,
  Owner,
  MappingAttempt,
  UnconfirmedError,
  Verification,
} from '../attempts.ts';
import type { TimeBudget } from '../internal/budget.ts';
import { findInTable, hasListed, isAbsent, isRefusal } from './read-mapping.ts';
import {
  isReplaced,
  leadsTo,
  ownerOf,
  ownershipAt,
  ownershipSurely,
  removeMapping,
  requestDeletion,
  type Ownership,
} from './ownership.ts';

/** What one attempt came to. */
export type AttemptResult =
  | { readonly kind: 'mapped'; readonly granted: PortMapping; readonly verified: Verification }
  | {
      readonly kind: 'failed';
      readonly error: AttemptError;
      readonly owner: Owner;
      /** What may stand all the same, since nobody could find out, or take it back. */
      readonly left: PortMapping | null;
      /** What was granted, and may be there: the table has never listed any mapping. */
      readonly unlisted?: PortMapping;
      /** The gateway denied what it had granted, and its answer to the deletion bore that out: it tells the truth. */
      readonly isTruthful?: boolean;
    };

/** How to go about it. */
export interface AttemptOptions {
  readonly verify: boolean;
  /** False where the gateway is trusted to refuse by itself: then the look follows a conflict. */
  readonly looksFirst: boolean;
  /** Whether a "there is none" after a grant is to be checked: some say so of every port. */
  readonly doubtsDenials: boolean;
  /** Is told, and waited for, before the request is sent, and as soon as it is granted. */
  readonly onRequest: (wanted: PortMapping) => Promise<void>;
  readonly onGrant: (granted: PortMapping) => Promise<void>;
}

/** Errors after which the request was certainly not carried out: it never reached the gateway. */
const NOT_SENT: readonly string[] = ['refused', 'unreachable', 'not-permitted'];

/** Pause before a mapping that a table does not show yet is read again. */
const LATE_TABLE_MS = 1_000;

const UNSEEN: Ownership = { entry: null, owner: 'unknown', error: null };

/**
 * Looks, asks once, and reads where the answer leaves a doubt, or to verify.
 *
 * The look comes first since gateways exist that let one host overwrite another's mapping, against WANIPConnection:1,
 * 2.4.16: "If the ExternalPort and PortMappingProtocol pair is already mapped to another internal client, an error is
 * returned." That holds for AddAnyPortMapping as well, although it might choose another port. Where the look got no
 * answer, nothing is asked.
 */
export async function tryAttempt(
  gateway: Gateway,
  requested: PortMapping,
  attempt: MappingAttempt,
  { verify, looksFirst, doubtsDenials, onRequest, onGrant }: AttemptOptions,
  { limits, settling, isOver, isAborted }: TimeBudget,
): Promise<AttemptResult> {
  const { externalPort, leaseSeconds, description } = attempt;
  const wanted: PortMapping = { ...requested, externalPort, leaseSeconds, description };
  const before = looksFirst || attempt.replacing ? await ownershipAt(gateway, wanted, limits) : UNSEEN;
  const { entry, owner, error } = before;
  // An entry of nobody knows whom is not taken away either.
  if (entry !== null && owner !== 'own') return failed(portConflict(entry), owner);
  if (error?.kind === 'transport' && !isRefusal(error)) return failed(error, owner);
  if (isAborted() || isOver()) return failed(aborted('the mapping'), owner);
  if (attempt.replacing && owner === 'own') {
    const removed = await removeMapping(gateway, wanted, limits, isReplaced(gateway, wanted));
    if (removed.isErr()) return failed(removed.error, owner);
  }
  await onRequest(wanted);
  const asked = await ask(gateway, wanted, attempt, limits);
  if (asked.isErr()) {
    const isConflict = asked.error.kind === 'upnp-fault' && asked.error.code === 718;
    const seen = before === UNSEEN && isConflict ? await ownershipAt(gateway, wanted, settling) : before;
    if (seen.entry !== null && seen.owner === 'other') return failed(portConflict(seen.entry), 'other');
    return outcomeAfter(gateway, wanted, attempt, asked.error, seen, settling);
  }
  const granted = { ...wanted, externalPort: asked.value };
  await onGrant(granted);
  return verify
    ? confirm(gateway, granted, doubtsDenials, settling)
    : { kind: 'mapped', granted, verified: 'unverified' };
}

type FailedAttemptResult = Extract<AttemptResult, { readonly kind: 'failed' }>;

function failed(error: AttemptError, owner: Owner, left: PortMapping | null = null): FailedAttemptResult {
  return { kind: 'failed', error, owner, left };
}

/** Asks for it; gives the external port. */
async function ask(
  { connection }: Gateway,
  wanted: PortMapping,
  { method }: MappingAttempt,
  limits: CallOptions,
): Promise<Result<number, CallError>> {
  const entry = mappingInput({ ...wanted, leaseSeconds: wanted.leaseSeconds ?? 0 });
  if (method === 'exact') {
    return connection.call('AddPortMapping', entry, limits).map(() => wanted.externalPort);
  }
  const reserved = await connection.call('AddAnyPortMapping', entry, limits);
  return reserved.andThen(({ NewReservedPort: port }) =>
    port > 0 ? ok(port) : err(malformed('response', 'a port', 'NewReservedPort', String(port))),
  );
}

/**
 * After a success: whether the table has it. A table may be late, so an absent mapping is read again after a pause. A
 * mapping that differs from the request is deleted; and so is one that the table denies, since it may exist all the same.
 * If the table has never listed anything, the mapping is left for now. A mapping of another host is left alone.
 */
async function confirm(
  gateway: Gateway,
  wanted: PortMapping,
  doubtsDenials: boolean,
  settling: CallOptions,
): Promise<AttemptResult> {
  const look = doubtsDenials ? ownershipSurely : ownershipAt;
  const { entry, owner } = await lookAgain(gateway, () => look(gateway, wanted, settling), settling);
  if (owner === 'unknown') return { kind: 'mapped', granted: wanted, verified: 'unverifiable' };
  if (entry !== null && leadsTo(entry, wanted)) return { kind: 'mapped', ...readBack(entry, wanted) };
  const isUnlisted = owner === 'nobody' && !hasListed(gateway);
  const error = unconfirmed(wanted, entry, isUnlisted);
  if (isUnlisted) return { ...failed(error, owner), unlisted: wanted };
  if (owner === 'other' || (owner === 'nobody' && !doubtsDenials)) return failed(error, owner);
  // A table that denies what was granted decides nothing.
  const removed = await (owner === 'nobody'
    ? requestDeletion(gateway, wanted, settling)
    : removeMapping(gateway, wanted, settling, isReplaced(gateway, wanted)));
  // A gateway that shows no such mapping, and refuses to delete it, has none.
  const isTruthful = removed.isErr() && isRefusal(removed.error) && owner === 'nobody';
  const isGone = removed.isOk() || isTruthful || isAbsent(removed.error);
  return { ...failed(error, owner, isGone ? null : wanted), isTruthful };
}

/** Reads once more, after a pause, where nothing was found. */
async function lookAgain(
  { transport: { clock } }: Gateway,
  look: () => Promise<Ownership>,
  { deadlineMs = 0 }: CallOptions,
): Promise<Ownership> {
  const first = await look();
  if (first.owner !== 'nobody' || deadlineMs < LATE_TABLE_MS) return first;
  await clock.sleep(LATE_TABLE_MS);
  return look();
}

function readBack(
  entry: PortMapping,
  { internalClient, internalPort }: PortMapping,
): { readonly granted: PortMapping; readonly verified: Verification } {
  const isWhole = entry.internalPort === internalPort;
  return { granted: { ...entry, internalClient, internalPort }, verified: isWhole ? 'verified' : 'unverifiable' };
}

/**
 * After a failure: the mapping may be there all the same. Only a refusal that the gateway spelled out proves that it is
 * not; and where no host owned the port before the request and this host owns it now, not even that.
 */
async function outcomeAfter(
  gateway: Gateway,
  wanted: PortMapping,
  { method }: MappingAttempt,
  error: CallError,
  before: Ownership,
  settling: CallOptions,
): Promise<AttemptResult> {
  if (error.kind === 'transport' && NOT_SENT.includes(error.code)) return failed(error, before.owner);
  if (isSpelledOut(error)) {
    if (before.owner !== 'nobody' || error.kind !== 'upnp-fault') return failed(error, before.owner);
    const { entry } = await ownershipAt(gateway, wanted, settling);
    return entry !== null && ownerOf(entry, wanted) === 'own' && leadsTo(entry, wanted)
      ? { kind: 'mapped', ...readBack(entry, wanted) }
      : failed(error, before.owner);
  }
  const { entry, owner } = await ownershipSurely(gateway, wanted, settling);
  if (entry !== null && owner === 'own' && leadsTo(entry, wanted))
    return { kind: 'mapped', ...readBack(entry, wanted) };
  // Another port was chosen, and the answer that was to name it is lost.
  const isElsewhere = (one: PortMapping): boolean =>
    ownerOf(one, wanted) === 'own' && leadsTo(one, wanted) && one.protocol === wanted.protocol;
  const elsewhere = method === 'any' && owner !== 'own' ? await findInTable(gateway, isElsewhere, settling) : null;
  if (elsewhere?.found != null) return { kind: 'mapped', ...readBack(elsewhere.found, wanted) };
  const mayExist = owner === 'unknown' || (owner === 'nobody' && !hasListed(gateway));
  return failed(error, owner, mayExist ? wanted : null);
}

/** Whether an answer proves a refusal: a fault, or an HTTP status below 500. A bare 5xx says nothing. */
function isSpelledOut(error: CallError): boolean {
  if (error.kind === 'transport') return error.code === 'http-status' && (error.status ?? 500) < 500;
  return error.kind === 'upnp-fault' || error.kind === 'invalid-argument';
}

function portConflict(entry: PortMapping): PortConflictError {
  const { externalPort, protocol, internalClient, internalPort } = entry;
  const message = `${protocol} port ${externalPort} is already mapped to ${internalClient}:${internalPort}`;
  return {
    kind: 'conflict',
    code: 'foreign',
    message,
    entry,
    hint: 'Choose another port, or let the router choose any free port.',
  };
}

function unconfirmed(
  { externalPort, protocol }: PortMapping,
  entry: PortMapping | null,
  isUnlisted: boolean,
): UnconfirmedError {
  const port = `${protocol} port ${externalPort}`;
  const found = entry === null ? 'has no such entry' : `maps it to ${entry.internalClient}:${entry.internalPort}`;
  return {
    kind: 'unconfirmed',
    code: isUnlisted ? 'unlisted' : entry === null ? 'absent' : 'foreign',
    message: `the router said that ${port} is mapped, but its table ${found}`,
    entry,
    hint:
      entry === null ? "The router's table may be full: remove old mappings in its settings." : 'Choose another port.',
  };
}
