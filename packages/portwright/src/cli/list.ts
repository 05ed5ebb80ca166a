import type { AbortSignalLike, CallError, Gateway, PortMapping } from '@portwright/core';
import { printable, walkMappings } from '@portwright/core';
import { err, ok, type Result } from 'neverthrow';
import type { Outcome, CommandResult } from './outcome.ts';
import { gatewayJson, lease, nameOf } from './phrases.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';

/** `list`: the gateway's mapping table. One that could be read in part is shown, and is no success. */
export function list({ gateway }: { readonly gateway: Gateway }, signal: AbortSignalLike): CommandResult {
  return walkMappings(gateway, { signal }).andThen(({ mappings, complete, error }): Result<Outcome, CallError> => {
    if (error !== null && signal.aborted) return err(error);
    return ok({
      json: { mappings, complete, gateway: gatewayJson(gateway) },
      text: (terminal) =>
        mappings.length === 0
          ? `${nameOf(gateway.description.device)} maps no ports.\n`
          : mappingTable(terminal, mappings),
      warnings: complete
        ? []
        : [`The list is not complete: the gateway broke it off after ${mappings.length} entries.`],
      problem: error ?? undefined,
    });
  });
}

/** A mapping table for a person. */
export function mappingTable(terminal: Terminal, mappings: readonly PortMapping[]): string {
  return table(
    terminal,
    [
      { title: 'PROTOCOL' },
      { title: 'EXTERNAL', side: 'right' },
      { title: 'INTERNAL' },
      { title: 'LEASE' },
      { title: 'DESCRIPTION', isFlexible: true },
    ],
    mappings.map((mapping) => [
      mapping.protocol,
      mapping.externalPort === 0 ? 'all' : String(mapping.externalPort),
      `${printable(mapping.internalClient)}:${mapping.internalPort}`,
      lease(mapping),
      remarks(mapping),
    ]),
  );
}

/** The description, and what is out of the ordinary. */
function remarks({ description, enabled, remoteHost }: PortMapping): string {
  const from = remoteHost === '' ? '' : `only from ${printable(remoteHost)}`;
  const off = enabled === false ? 'switched off' : '';
  const notes = [off, from].filter((note) => note !== '').join(', ');
  return `${printable(description ?? '')}${notes === '' ? '' : ` (${notes})`}`.trim();
}
