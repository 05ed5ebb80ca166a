import { ok } from '@portwright/core/result';
import { numberArgument } from '../gateway/action.ts';
import type { ActionHandler } from '../gateway/model.ts';
import { freePort } from '../gateway/free-port.ts';
import type { GatewayConfig } from '../gateway/gateway-options.ts';
import type { Mapping, MappingTable } from '../gateway/mapping-table.ts';
import { turnDown } from '../gateway/refusals.ts';
import { connectionOf, namesDroppedHost, refusalOf, requestedMapping } from './mapping-arguments.ts';

/**
 * WANIPConnection:2, 2.5.17: like AddPortMapping, but "in the case where the specified port is not free ... the gateway
 * reserves any free NewExternalPort and NewProtocol pair and returns the NewReservedPort".
 */
export const addAnyPortMapping: ActionHandler = (call) => {
  const requested = requestedMapping(call);
  const pretended = { NewReservedPort: numberArgument(call.args, 'NewExternalPort') };
  if (requested.isErr()) return turnDown(requested.error, pretended);
  const { config } = call.gateway;
  const { mappings } = connectionOf(call);
  const wanted = requested.value;
  if (isOwn(mappings, wanted) && !namesDroppedHost(call)) {
    if (!config.allowsRenewal) return turnDown(refusalOf(call, 'renewal'), pretended);
    mappings.put(wanted);
    return ok({ NewReservedPort: wanted.externalPort });
  }
  const port = mappings.size >= config.capacity ? null : reservedPort(mappings, config, wanted);
  if (port === null) return turnDown(refusalOf(call, 'full'), pretended);
  mappings.put({ ...wanted, externalPort: port });
  return ok({ NewReservedPort: port });
};

/** Figure 2-4, the last row: the same remote host, port, protocol and client is an update. */
function isOwn(mappings: MappingTable, { remoteHost, externalPort, protocol, internalClient }: Mapping): boolean {
  return mappings.find(remoteHost, externalPort, protocol)?.internalClient === internalClient;
}

/** Port 0, which stands for all, is none of the ports that are looked for. */
function reservedPort(
  mappings: MappingTable,
  config: GatewayConfig,
  { externalPort, protocol }: Mapping,
): number | null {
  if (externalPort === 0 && mappings.ofPort(0, protocol).length === 0) return 0;
  return freePort(mappings, config, protocol, externalPort);
}
