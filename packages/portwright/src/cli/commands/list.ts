import type { AbortSignalLike, CallError, Gateway } from '@portwright/core';
import { listMappings } from '@portwright/core/mapping';
import { err, ok, type Result } from '@portwright/core/result';
import { mappingTable } from '../output/mapping-table.ts';
import type { Outcome, CommandResult } from '../output/outcome.ts';
import { count, gatewayJson, nameOf } from '../output/phrases.ts';

/** `list`: the gateway's mapping table. One that could be read in part is shown, and is no success. */
export function list({ gateway }: { readonly gateway: Gateway }, signal: AbortSignalLike): CommandResult {
  return listMappings(gateway, { signal }).andThen(({ mappings, complete, error }): Result<Outcome, CallError> => {
    if (error !== null && signal.aborted) return err(error);
    return ok({
      json: { mappings, complete, gateway: gatewayJson(gateway) },
      text: (terminal) =>
        mappings.length === 0
          ? `${nameOf(gateway.description.device)} maps no ports.\n`
          : mappingTable(terminal, mappings),
      warnings: complete
        ? []
        : [`The list is incomplete: an error ended it after ${count(mappings.length, 'entry', 'entries')}.`],
      problem: error ?? undefined,
    });
  });
}
