import { ok } from 'neverthrow';
import {
  type ActionCall,
  type ActionHandler,
  type ActionOutput,
  booleanArgument,
  numberArgument,
  refuse,
} from '../gateway/action.ts';
import { secondsLeft } from '../gateway/leases.ts';
import type { Mapping } from '../gateway/mapping-table.ts';
import { textElement } from '../xml/xml-writer.ts';
import { connectionOf, namedMapping, protocolArgument } from './mapping-arguments.ts';

/** WANIPConnection:2, 2.5.14: by index, from 0 without gaps; past the end 713. */
export const getGenericPortMappingEntry: ActionHandler = (call) => {
  const mapping = connectionOf(call).mappings.at(numberArgument(call.args, 'NewPortMappingIndex'));
  if (mapping === undefined) return refuse(713);
  if (!isVisible(call, mapping)) return refuse(606);
  return ok({
    NewRemoteHost: mapping.remoteHost,
    NewExternalPort: mapping.externalPort,
    NewProtocol: mapping.protocol,
    ...describe(call, mapping),
  });
};

/** WANIPConnection:2, 2.5.15: an empty remote host names only the mapping for any host. */
export const getSpecificPortMappingEntry: ActionHandler = (call) => {
  const mapping = namedMapping(call);
  if (mapping === undefined) return refuse(714);
  return isVisible(call, mapping) ? ok(describe(call, mapping)) : refuse(606);
};

/** WANIPConnection:2, 2.5.21. */
export const getListOfPortMappings: ActionHandler = (call) => {
  const from = numberArgument(call.args, 'NewStartPort');
  const to = numberArgument(call.args, 'NewEndPort');
  if (from > to) return refuse(733);
  const manages = booleanArgument(call.args, 'NewManage');
  const limit = numberArgument(call.args, 'NewNumberOfPorts');
  const found = connectionOf(call)
    .mappings.inRange(from, to, protocolArgument(call))
    .filter((mapping) => (manages ? isVisible(call, mapping) : mapping.internalClient === call.caller));
  if (found.length === 0) return refuse(730);
  const listed = limit === 0 ? found : found.slice(0, limit);
  return ok({ NewPortListing: portListing(listed, call.gateway.now()) });
};

function isVisible({ gateway, caller }: ActionCall, mapping: Mapping): boolean {
  return gateway.config.showsForeignMappings || mapping.internalClient === caller;
}

/** 2.4.6: "the remaining time on a port-mapping lease is returned". */
function describe({ gateway }: ActionCall, mapping: Mapping): ActionOutput {
  return {
    NewInternalPort: mapping.internalPort,
    NewInternalClient: mapping.internalClient,
    NewEnabled: mapping.isEnabled,
    NewPortMappingDescription: mapping.description,
    NewLeaseDuration: secondsLeft(mapping, gateway.now()),
  };
}

/** 2.3.25: a document of its own, which the SOAP answer carries as text. */
function portListing(mappings: readonly Mapping[], now: number): string {
  const entries = mappings.map(
    (mapping) =>
      '<p:PortMappingEntry>' +
      textElement('p:NewRemoteHost', mapping.remoteHost) +
      textElement('p:NewExternalPort', String(mapping.externalPort)) +
      textElement('p:NewProtocol', mapping.protocol) +
      textElement('p:NewInternalPort', String(mapping.internalPort)) +
      textElement('p:NewInternalClient', mapping.internalClient) +
      textElement('p:NewEnabled', mapping.isEnabled ? '1' : '0') +
      textElement('p:NewDescription', mapping.description) +
      textElement('p:NewLeaseTime', String(secondsLeft(mapping, now))) +
      '</p:PortMappingEntry>',
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<p:PortMappingList xmlns:p="urn:schemas-upnp-org:gw:WANIPConnection"' +
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
    ' xsi:schemaLocation="urn:schemas-upnp-org:gw:WANIPConnection' +
    ' http://www.upnp.org/schemas/gw/WANIPConnection-v2.xsd">' +
    `${entries.join('')}</p:PortMappingList>`
  );
}
