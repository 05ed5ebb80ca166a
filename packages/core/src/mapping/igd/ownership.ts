/** What stands in a gateway's table at one key, and whose it is. */
import { err, ok, type Result, type ResultAsync } from '../../result.ts';
import { sameHost } from '../../addresses/ip-address.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { CheckedKey, PortMapping } from '../../port-mapping.ts';
import { keyInput } from '../../client/mapping-arguments.ts';
import type { CallError } from '../../errors.ts';
import type { CallOptions } from '../../call-options.ts';
import type { Owner } from '../attempts.ts';
import { FAULTY_ROUTER } from '../../hints.ts';
import type { TimeBudget } from '../internal/budget.ts';
import { hasListed, isAbsent, isBroken, isRefusal, readMapping, readTwice } from './read-mapping.ts';
import { bindSourceAddress } from './source-address.ts';

/** The entry at a key, seen from a mapping that is, or is to be, there. */
export interface Ownership {
  readonly entry: PortMapping | null;
  readonly owner: Owner;
  /** Why the entry could not be read; else null. */
  readonly error: CallError | null;
}

/** Looks who holds a mapping's key. It never fails: a gateway that does not tell leaves it `unknown`. */
export async function ownershipAt(gateway: Gateway, mapping: PortMapping, limits: CallOptions): Promise<Ownership> {
  return standing(mapping, await readMapping(gateway, mapping, (entry) => ownerOf(entry, mapping) === 'own', limits));
}

/** The same, where a gateway that denies what stands would do harm: it is asked twice, in two ways. */
export async function ownershipSurely(gateway: Gateway, mapping: PortMapping, limits: CallOptions): Promise<Ownership> {
  return standing(mapping, await readTwice(gateway, mapping, (entry) => ownerOf(entry, mapping) === 'own', limits));
}

function standing(mapping: PortMapping, read: Result<PortMapping | null, CallError>): Ownership {
  return read.match<Ownership>(
    (entry) => ({ entry, owner: entry === null ? 'nobody' : ownerOf(entry, mapping), error: null }),
    (error) => ({ entry: null, owner: 'unknown', error }),
  );
}

/**
 * Whose an entry is, seen from a mapping of this program. Another program on the same host uses another port and another
 * description. Where the table does not spell the internal client as an address (some routers list host names), port and
 * description decide together.
 */
export function ownerOf(entry: PortMapping, mapping: PortMapping): Exclude<Owner, 'nobody'> {
  const isPort = entry.internalPort === mapping.internalPort;
  const isDescription = entry.description === mapping.description;
  switch (sameHost(entry.internalClient, mapping.internalClient)) {
    case 'same':
      return isPort || isDescription ? 'own' : 'other';
    case 'different':
      return 'other';
    case 'unknown':
      return isPort && isDescription ? 'own' : 'unknown';
  }
}

/**
 * Whether an entry leads where it was to lead. Internal port 0 stands for one that the table does not show: a build of
 * OpenWrt reads every entry back so.
 */
export function leadsTo(entry: PortMapping, { internalClient, internalPort }: PortMapping): boolean {
  const isPort = entry.internalPort === internalPort || entry.internalPort === 0;
  return sameHost(entry.internalClient, internalClient) !== 'different' && isPort && entry.enabled !== false;
}

/**
 * Deletes a mapping, unless it is gone or somebody else's by now; to be called while its lease lasts.
 *
 * A gateway that refuses to tell whose it is will never tell: there it is deleted, since the gateway has granted it to
 * this host, and has had no reason to give it to another one before the lease is over. What can't be read for another
 * reason, such as a connection that breaks, is left as it is; and so is what the gateway has spoken of as of another's.
 *
 * @param isDisputed - whether it has
 * @returns an error where it may still stand
 */
export async function releaseMapping(
  gateway: Gateway,
  mapping: PortMapping,
  { limits, settling }: TimeBudget,
  isDisputed = false,
): Promise<Result<unknown, CallError>> {
  const bound = await bindSourceAddress(gateway, mapping.internalClient);
  const { owner, error } = await ownershipSurely(bound, mapping, limits);
  if (owner === 'own' || (error !== null && isRefusal(error) && !isDisputed))
    return rollBackMapping(bound, mapping, settling);
  return error === null ? ok(undefined) : err(error);
}

/** Deletes what was granted a moment ago. That it is gone already will do. */
export async function rollBackMapping(
  gateway: Gateway,
  mapping: PortMapping,
  limits: CallOptions,
): Promise<Result<unknown, CallError>> {
  const bound = await bindSourceAddress(gateway, mapping.internalClient);
  const removed = await removeMapping(bound, mapping, limits, isReplaced(bound, mapping));
  return removed.orElse((error) => (isAbsent(error) ? ok(undefined) : err(error)));
}

/** A deletion is repeated so often after an answer that tells nothing: a bare 5xx, or a broken connection. */
const MAX_DELETIONS = 3;

/**
 * Deletes one mapping, whosever it is. Routers answer a deletion that they have carried out with an empty 200, or cut the
 * connection: after an answer that proves nothing, the table decides. A mapping that it still has is deleted again; not
 * after a timeout, since the next request may take as long.
 *
 * @param isGone - whether the mapping is gone, by the entry at its key
 */
export async function removeMapping(
  gateway: Gateway,
  mapping: CheckedKey,
  limits: CallOptions,
  isGone: (entry: PortMapping | null) => boolean,
): Promise<Result<unknown, CallError>> {
  for (let tries = 1; ; tries += 1) {
    const removed = await requestDeletion(gateway, mapping, limits);
    if (removed.isOk()) return removed;
    const { error } = removed;
    if (!isBroken(error) && error.code !== 'timeout') return removed;
    const entry = (await readTwice(gateway, mapping, (one) => !isGone(one), limits)).unwrapOr(undefined);
    if (entry !== undefined && isGone(entry)) return ok(undefined);
    if (tries < MAX_DELETIONS && isBroken(error)) continue;
    if (!entry) return removed;
    const port = `${mapping.protocol} port ${mapping.externalPort}`;
    return err({ ...error, message: `${port} is still mapped: ${error.message}`, hint: FAULTY_ROUTER });
  }
}

/** For {@link removeMapping}. A table that has never listed anything proves nothing by leaving the mapping out. */
export function isReplaced(gateway: Gateway, mapping: PortMapping): (entry: PortMapping | null) => boolean {
  return (entry) => (entry === null ? hasListed(gateway) : ownerOf(entry, mapping) === 'other');
}

/** One request, whose answer is taken as it is. */
export function requestDeletion(
  gateway: Gateway,
  mapping: CheckedKey,
  limits: CallOptions,
): ResultAsync<unknown, CallError> {
  return gateway.connection.call('DeletePortMapping', keyInput(mapping), limits);
}
