import { done, refuse } from '../gateway/action.ts';
import type { ActionHandler } from '../gateway/model.ts';
import { turnDown } from '../gateway/refusals.ts';
import { connectionOf, namesDroppedHost, refusalOf, requestedMapping } from './mapping-arguments.ts';

/**
 * WANIPConnection:2, 2.5.16: "creates a new port mapping or overwrites an existing mapping with the same internal
 * client. If the ExternalPort and PortMappingProtocol pair is already mapped to another internal client, an error is
 * returned." Figure 2-3 leaves it to the vendor whether one client may have a port for several remote hosts: here it
 * may.
 */
export const addPortMapping: ActionHandler = (call) => {
  const requested = requestedMapping(call);
  if (requested.isErr()) return turnDown(requested.error);
  const mapping = requested.value;
  const { config } = call.gateway;
  const { dialect } = call.service.definition;
  const { mappings } = connectionOf(call);
  if (config.reservedPorts.includes(mapping.externalPort)) return refuse(dialect.reservedPort);
  const others = mappings.ofPort(mapping.externalPort, mapping.protocol);
  if (others.some((other) => other.internalClient !== mapping.internalClient)) {
    return turnDown(refusalOf(call, 'conflict'));
  }
  const isNew = others.every((other) => other.remoteHost !== mapping.remoteHost);
  if (!isNew && namesDroppedHost(call)) return turnDown(refusalOf(call, 'conflict'));
  if (isNew && mappings.size >= config.capacity) return turnDown(refusalOf(call, 'full'));
  if (!isNew && !config.allowsRenewal) return turnDown(refusalOf(call, 'renewal'));
  mappings.put(mapping);
  return done();
};
