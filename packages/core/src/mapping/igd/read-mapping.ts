/** Reads one mapping, from gateways that answer with another one, or not at all, too. */
import { err, ok, safeTry, type ResultAsync } from '../../result.ts';
import type { Gateway } from '../../client/gateway.ts';
import { type CheckedKey, type PortMapping, type Protocol } from '../../port-mapping.ts';
import { keyInput, toPortMapping } from '../../client/mapping-arguments.ts';
import { isUnreadable, readRows } from '../../client/walk-mappings.ts';
import type { Queue } from '../../client/queue.ts';
import type { CallError } from '../../errors.ts';
import type { CallOptions } from '../../call-options.ts';
import { malformed } from '../../malformed.ts';
import { timeFor } from '../internal/call-limits.ts';

/** The codes for "there is no such mapping": 714 by the book; 713 and 730 have been seen. */
const ABSENT: readonly (number | null)[] = [713, 714, 730];
/** For one mapping nobody reads more: listings exist that never end, and each entry costs a request. */
const MAX_ENTRIES = 128;
/** Nor does anybody wait longer for it, but for so many answers of a slow router. */
const LONGEST_SEARCH_MS = 10_000;
const SLOW_ANSWERS = 16;
/** The connection broke: another try costs little, and may fare better. */
const BROKEN: readonly string[] = ['reset', 'truncated', 'not-http', 'too-large', 'unsupported-encoding'];

/**
 * The mapping of one external port and protocol; null where there is none.
 *
 * The answer does not echo the key, and a Netgear RAX30 answers for a port that is not mapped with the entry of another
 * one. So what is not as `expected` is believed only of a gateway that does not answer for a port taken at random; on
 * others the table is read, and so it is where the question is refused, or its answer is cut off twice. A table that
 * can't be read to its end, within 128 entries and 10 s (16 answers of a slow router), leaves it open: an error.
 *
 * @see WANIPConnection:1, 2.4.15 (GetSpecificPortMappingEntry)
 */
export function readMapping(
  gateway: Gateway,
  mapping: CheckedKey,
  expected: (entry: PortMapping) => boolean,
  options?: CallOptions,
): ResultAsync<PortMapping | null, CallError> {
  return safeTry<PortMapping | null, CallError>(async function* () {
    const key = keyInput(mapping);
    const ask = () => gateway.connection.call('GetSpecificPortMappingEntry', key, options);
    const first = await ask();
    const answer = first.isErr() && isBroken(first.error) ? await ask() : first;
    if (answer.isOk()) {
      listing.add(gateway.queue);
      const entry = toPortMapping({ ...answer.value, ...key });
      if (expected(entry) || !(await answersForAnyPort(gateway, mapping.protocol, options))) return ok(entry);
    } else if (isAbsent(answer.error)) return ok(null);
    else if (!isRefusal(answer.error) && !isBroken(answer.error)) return err(answer.error);
    const { found, complete, error } = await findInTable(gateway, isAt(mapping), options);
    if (found !== null || complete) return ok(found);
    if (answer.isErr()) return err(isRefusal(answer.error) ? (error ?? answer.error) : answer.error);
    const { externalPort, protocol } = mapping;
    const port = `${protocol} port ${externalPort}`;
    const { NewInternalClient: client } = answer.value;
    return err(malformed('response', `the entry of ${port}`, 'GetSpecificPortMappingEntry', `the entry of ${client}`));
  });
}

/**
 * The same for who is about to act on a "there is none": a gateway that says so of every port is found out by its table.
 * One that does not let that be read to its end is believed.
 */
export function readTwice(
  gateway: Gateway,
  mapping: CheckedKey,
  expected: (entry: PortMapping) => boolean,
  options?: CallOptions,
): ResultAsync<PortMapping | null, CallError> {
  return readMapping(gateway, mapping, expected, options).map(async (entry) =>
    entry === null ? (await findInTable(gateway, isAt(mapping), options)).found : entry,
  );
}

/** The gateways whose table has listed a mapping, by their queue, which every client of one gateway shares. */
const listing = new WeakSet<Queue>();

/** Whether the gateway's table has ever listed a mapping: one that has not proves nothing by leaving one out. */
export function hasListed({ queue }: Gateway): boolean {
  return listing.has(queue);
}

/** Whether the gateway said that there is no such mapping. */
export function isAbsent(error: CallError): boolean {
  return error.kind === 'upnp-fault' && ABSENT.includes(error.code);
}

/** Whether the gateway answered, and said no: it will not do better the next time. */
export function isRefusal(error: CallError): boolean {
  return error.kind === 'upnp-fault' || (error.kind === 'transport' && error.code === 'http-status');
}

/** Whether the answer tells nothing: it broke off, can't be read, or is a bare 5xx. Another try may fare better. */
export function isBroken(error: CallError): boolean {
  if (error.kind !== 'transport') return error.kind === 'malformed';
  return BROKEN.includes(error.code) || isBareServerError(error);
}

/** An HTTP 5xx without a fault. */
function isBareServerError(error: CallError): boolean {
  return error.kind === 'transport' && error.code === 'http-status' && (error.status ?? 0) >= 500;
}

function isAt({ externalPort, protocol }: CheckedKey): (entry: PortMapping) => boolean {
  return (entry) => entry.externalPort === externalPort && entry.protocol === protocol;
}

/** A port that is mapped by chance costs a reading of the table, and misleads nobody. */
async function answersForAnyPort(gateway: Gateway, protocol: Protocol, options?: CallOptions): Promise<boolean> {
  const port = 49_152 + Math.floor(gateway.transport.random.fraction() * 16_384);
  const key = keyInput({ externalPort: port, protocol });
  return (await gateway.connection.call('GetSpecificPortMappingEntry', key, options)).isOk();
}

/** What was found in a table, and whether all of it was seen. */
export interface TableSearch {
  readonly found: PortMapping | null;
  /** False also where a row can't be read, which may be the one. */
  readonly complete: boolean;
  /** What broke it off, where that was the gateway, or made a row unreadable. */
  readonly error: CallError | null;
}

/** Walks the table up to the entry that is sought; no further than 128 entries, and no longer than 10 s, or 16 slow answers. */
export async function findInTable(
  gateway: Gateway,
  isIt: (entry: PortMapping) => boolean,
  options?: CallOptions,
): Promise<TableSearch> {
  const { clock } = gateway.transport;
  const end = clock.now() + timeFor(SLOW_ANSWERS, LONGEST_SEARCH_MS, gateway.queue);
  const found: PortMapping[] = [];
  const errors: CallError[] = [];
  let rows = 0;
  const read = await readRows(
    gateway,
    (row, error) => {
      rows += 1;
      if (error !== null) errors.push(error);
      if (!isUnreadable(row)) {
        listing.add(gateway.queue);
        if (isIt(row)) found.push(row);
      }
      return found.length === 0 && rows < MAX_ENTRIES && clock.now() < end;
    },
    options,
  );
  const [entry = null] = found;
  if (entry !== null) return { found: entry, complete: true, error: null };
  const [error = null] = read.isErr() ? [read.error] : errors;
  return { found: null, complete: error === null && read.unwrapOr(false), error };
}
