import type { AbortSignalLike, CallError } from '@portwright/core';
import type { Gateway } from '@portwright/core/upnp';
import { listMappings } from '@portwright/core/upnp';
import { err, ok, type Result } from '@portwright/core/result';
import { GATEWAY_OPTIONS, gatewayRequest, type GatewayRequest } from '../arguments/options.ts';
import { mappingTable } from '../output/mapping-table.ts';
import type { Outcome, CommandResult } from '../output/outcome.ts';
import { count, gatewayJson, nameOf } from '../output/phrases.ts';
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
