import type { AbortSignalLike, CallError } from '@portwright/core';
import type { Gateway, UnreadableMapping } from '@portwright/core/upnp';
import { listMappings } from '@portwright/core/upnp';
import { printable } from '@portwright/core';
import { err, ok, type Result } from '@portwright/core/result';
import { GATEWAY_OPTIONS, gatewayRequest, type GatewayRequest } from '../arguments/options.ts';
import { mappingTable } from '../output/mapping-table.ts';
import type { Outcome, CommandResult } from '../output/outcome.ts';
import { count, gatewayJson, nameOf } from '../output/phrases.ts';
import type { Terminal } from '../output/terminal.ts';
import { wrap } from '../output/width.ts';
import { defineCommand, type Context } from './command.ts';

export interface ListRequest extends GatewayRequest {
  readonly command: 'list';
}

export const command = defineCommand({
  name: 'list',
  helpOrder: 50,
  description: 'list the port mappings on the router',
  parameters: [],
  options: GATEWAY_OPTIONS,
  toRequest: (flags): ListRequest => ({ command: 'list', ...gatewayRequest(flags) }),
});

export function run(request: ListRequest, { host, network }: Context): CommandResult {
  return network.connectWithoutState(host, request).andThen(({ gateway }) => listed(gateway, host.signal));
}

/** An incomplete table is shown, and is a failure. */
function listed(gateway: Gateway, signal: AbortSignalLike): CommandResult {
  return listMappings(gateway, { signal }).andThen((list): Result<Outcome, CallError> => {
    const { mappings, unreadable, complete, error } = list;
    if (error !== null && signal.aborted) return err(error);
    const rows = mappings.length + unreadable.length;
    return ok({
      json: { mappings, unreadable, complete, gateway: gatewayJson(gateway) },
      text: (terminal) =>
        [
          ...(rows === 0 ? [`${nameOf(gateway.description.device)} maps no ports.\n`] : []),
          ...(mappings.length === 0 ? [] : [mappingTable(terminal, mappings)]),
          ...(unreadable.length === 0 ? [] : [unreadableLines(terminal, unreadable)]),
        ].join('\n'),
      warnings: complete ? [] : [`The list is incomplete: an error ended it after ${count(rows, 'entry', 'entries')}.`],
      problem: error ?? undefined,
    });
  });
}

/** The entries that are no mapping of one port, as the router has them. */
function unreadableLines(terminal: Terminal, unreadable: readonly UnreadableMapping[]): string {
  const lines = unreadable.map(({ text, message }) => `${wrap(printable(text || message), terminal.width, '  ')}\n`);
  return `Unreadable:\n${lines.join('')}`;
}
