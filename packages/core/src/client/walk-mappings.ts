import { ok, safeTry, type ResultAsync } from '../result.ts';
import { checkArguments, GATEWAY, OPTIONS } from '../arguments.ts';
import type { Gateway } from './gateway.ts';
import { type PortMapping } from '../port-mapping.ts';
import { toPortMapping } from './mapping-arguments.ts';
import type { CallError } from '../errors.ts';
import type { CallOptions } from '../call-options.ts';

/** A gateway's mapping table, as far as it could be read. */
export interface MappingList {
  readonly mappings: readonly PortMapping[];
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
    while (mappings.length < MAX_ENTRIES) {
      const index = { NewPortMappingIndex: mappings.length };
      const entry = await gateway.connection.call('GetGenericPortMappingEntry', index, options);
      if (entry.isOk()) {
        mappings.push(toPortMapping(entry.value));
        continue;
      }
      const { error } = entry;
      const complete = error.kind === 'upnp-fault' && END_CODES.includes(error.code);
      if (!complete && mappings.length === 0) yield* entry;
      return ok({ mappings, complete, error: complete ? null : error });
    }
    return ok({ mappings, complete: false, error: null });
  });
}
