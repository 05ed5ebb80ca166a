import { err, ok, safeTry, type Result, type ResultAsync } from '../result.ts';
import { checkArguments, GATEWAY, OPTIONS } from '../arguments.ts';
import type { Gateway } from './gateway.ts';
import type { UnreadableMapping } from '../igd/port-listing.ts';
import { type PortMapping } from '../port-mapping.ts';
import { toPortMapping } from './mapping-arguments.ts';
import type { CallError } from '../errors.ts';
import { malformed } from '../malformed.ts';
import type { CallOptions } from '../call-options.ts';

/** A gateway's mapping table, as far as it could be read. */
export interface MappingList {
  readonly mappings: readonly PortMapping[];
  /** Rows that can't be read. They hide no others: a table with such rows can be complete. */
  readonly unreadable: readonly UnreadableMapping[];
  /** False if the gateway broke off, or never came to an end. */
  readonly complete: boolean;
  /** What broke it off. */
  readonly error: CallError | null;
}

/** Ends a table: 713 by the book, 714 on some routers, 402 on TP-Link ER and Omada. */
const END_CODES: readonly (number | null)[] = [713, 714, 402];
/** The router does not have the action: no other row fares better. */
const NOT_OFFERED: readonly (number | null)[] = [401, 602];
/** More than any router holds; some never end. */
const MAX_ENTRIES = 10_000;
/** In a row, after which the table is left: beyond its end, some routers have a doubtful row for every index. */
const MAX_DOUBTFUL = 8;

/**
 * Reads the mapping table, one entry a request. An entry that can't be right (port 0 and 0.0.0.0 at a MikroTik's index
 * 0) is listed as it is.
 *
 * @returns an error only where not even the first entry could be asked for
 * @see WANIPConnection:1, 2.4.14 (GetGenericPortMappingEntry)
 */
export function walkMappings(gateway: Gateway, options: CallOptions = {}): ResultAsync<MappingList, CallError> {
  return safeTry<MappingList, CallError>(async function* () {
    yield* checkArguments(['gateway', gateway, GATEWAY], ['options', options, OPTIONS]);
    const mappings: PortMapping[] = [];
    const unreadable: UnreadableMapping[] = [];
    const end = await readRows(
      gateway,
      (row) => {
        if (isUnreadable(row)) unreadable.push(row);
        else mappings.push(row);
        return mappings.length + unreadable.length < MAX_ENTRIES;
      },
      options,
    );
    // The rows that were one too many are none.
    if (end.isErr() && unreadableRow(end.error, 0) !== null) unreadable.splice(-MAX_DOUBTFUL);
    if (end.isErr() && mappings.length + unreadable.length === 0) yield* end;
    return ok({ mappings, unreadable, complete: end.unwrapOr(false), error: end.isErr() ? end.error : null });
  });
}

/**
 * Reads the rows of the table by their index, one request each. A row without any value, one that is refused, and an
 * unreadable one that repeats the last are doubtful: after eight of them, one after another, the table is left.
 *
 * @param visit - gets each row, and the error that came in place of an unreadable one; false: no more are wanted
 * @returns whether the table came to its end, or what broke it off: after doubtful rows, the error of the last one
 */
export async function readRows(
  { connection }: Gateway,
  visit: (row: PortMapping | UnreadableMapping, error: CallError | null) => boolean,
  options?: CallOptions,
): Promise<Result<boolean, CallError>> {
  let last = '';
  let doubtful = 0;
  for (let index = 0; ; index += 1) {
    const entry = await connection.call('GetGenericPortMappingEntry', { NewPortMappingIndex: index }, options);
    if (entry.isOk()) {
      [last, doubtful] = ['', 0];
      if (!visit(toPortMapping(entry.value), null)) return ok(false);
      continue;
    }
    const { error } = entry;
    if (error.kind === 'upnp-fault' && END_CODES.includes(error.code)) return ok(true);
    const row = unreadableRow(error, index);
    if (row === null) return err(error);
    doubtful = row.text === '' || row.text === last ? doubtful + 1 : 0;
    last = row.text || last;
    if (!visit(row, error)) return ok(false);
    if (doubtful === MAX_DOUBTFUL) return err(error);
  }
}

/** The row in place of which an error came; null if the error says nothing about a row. */
function unreadableRow(error: CallError, index: number): UnreadableMapping | null {
  if (error.kind === 'malformed') return { ...error, text: error.text ?? '' };
  if (error.kind !== 'upnp-fault' || NOT_OFFERED.includes(error.code)) return null;
  return { ...malformed('response', 'an entry', `index ${index}`, error.message), text: '' };
}

export function isUnreadable(row: PortMapping | UnreadableMapping): row is UnreadableMapping {
  return 'text' in row;
}
