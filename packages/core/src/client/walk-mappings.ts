import { err, ok, safeTry, type Result, type ResultAsync } from '../result.ts';
import { checkArguments, GATEWAY, OPTIONS } from '../arguments.ts';
import type { Gateway } from './gateway.ts';
import type { UnreadableMapping } from '../igd/port-listing.ts';
import { type PortMapping } from '../port-mapping.ts';
import { toPortMapping } from './mapping-arguments.ts';
import type { CallError } from '../errors.ts';
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
/** More than any router holds; some never end. */
const MAX_ENTRIES = 10_000;

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
    if (end.isErr() && mappings.length + unreadable.length === 0) yield* end;
    return ok({ mappings, unreadable, complete: end.unwrapOr(false), error: end.isErr() ? end.error : null });
  });
}

/**
 * Reads the rows of the table by their index, one request each. A row without any value, and an unreadable one that repeats
 * the last row, are no rows: a router that has them for an index beyond the table would have them for every index.
 *
 * @param visit - gets each row; false: no more are wanted
 * @returns whether the table came to its end, or what broke it off
 */
export async function readRows(
  { connection }: Gateway,
  visit: (row: PortMapping | UnreadableMapping) => boolean,
  options?: CallOptions,
): Promise<Result<boolean, CallError>> {
  let last = '';
  for (let index = 0; ; index += 1) {
    const entry = await connection.call('GetGenericPortMappingEntry', { NewPortMappingIndex: index }, options);
    const row = entry.map(toPortMapping).orElse((error) => (hasText(error, last) ? ok(error) : err(error)));
    if (row.isErr()) {
      const { error } = row;
      return error.kind === 'upnp-fault' && END_CODES.includes(error.code) ? ok(true) : err(error);
    }
    last = isUnreadable(row.value) ? row.value.text : '';
    if (!visit(row.value)) return ok(false);
  }
}

/** Whether an error is that of a row, and not of the answer as a whole. */
function hasText(error: CallError, last: string): error is UnreadableMapping {
  return error.kind === 'malformed' && (error.text ?? '') !== '' && error.text !== last;
}

export function isUnreadable(row: PortMapping | UnreadableMapping): row is UnreadableMapping {
  return 'text' in row;
}
