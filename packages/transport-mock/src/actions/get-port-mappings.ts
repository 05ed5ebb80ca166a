import { ok } from '@portwright/core/result';
import { booleanArgument, numberArgument, refuse } from '../gateway/action.ts';
import type { ActionCall, ActionHandler, ActionOutput } from '../gateway/model.ts';
import { secondsLeft } from '../gateway/leases.ts';
import { turnDown } from '../gateway/refusals.ts';
import type { Mapping } from '../gateway/mapping-table.ts';
import { element, textElement } from '../xml/xml-writer.ts';
import { connectionOf, namedMapping, protocolArgument, refusalOf } from './mapping-arguments.ts';

/** WANIPConnection:2, 2.5.14: by index, from 0 without gaps; past the end 713. */
export const getGenericPortMappingEntry: ActionHandler = (call) => {
  const { reports, refusals } = call.gateway.config;
  const wanted = numberArgument(call.args, 'NewPortMappingIndex');
  const odd = reports.oddRows[wanted];
  if (odd !== undefined) return ok({ ...ODD, ...odd });
  const index = wanted - reports.oddRows.length - (reports.hasZeroRow ? 1 : 0);
  const { mappings } = connectionOf(call);
  const mapping = index < 0 ? ZEROS : mappings.at(reports.isNewestFirst ? mappings.size - 1 - index : index);
  if (mapping === undefined) return refuse(refusals.noSuchIndex ?? 713);
  if (mapping !== ZEROS && !isVisible(call, mapping)) return refuse(606);
  return ok({
    NewRemoteHost: remoteHostOf(call, mapping),
    NewExternalPort: mapping.externalPort,
    NewProtocol: mapping.protocol,
    ...describe(call, mapping),
  });
};

/** The row that `hasZeroRow` puts before the others. */
const ZEROS: Mapping = {
  remoteHost: '',
  externalPort: 0,
  protocol: 'TCP',
  internalPort: 0,
  internalClient: '0.0.0.0',
  isEnabled: false,
  description: '',
  expiresAt: Infinity,
};

/** The values of `oddRows` that are not given. */
const ODD = {
  NewRemoteHost: '',
  NewExternalPort: '27005',
  NewProtocol: 'UDP',
  NewInternalPort: '27005',
  NewInternalClient: '192.168.1.20',
  NewEnabled: '1',
  NewPortMappingDescription: 'steam',
  NewLeaseDuration: '0',
};

/** WANIPConnection:2, 2.5.15: an empty remote host names only the mapping for any host. */
export const getSpecificPortMappingEntry: ActionHandler = (call) => {
  const { noSuchEntry = 714 } = call.gateway.config.refusals;
  const mapping = namedMapping(call) ?? (noSuchEntry === 'first-entry' ? connectionOf(call).mappings.at(0) : undefined);
  if (mapping === undefined) return refuse(noSuchEntry === 'first-entry' ? 714 : noSuchEntry);
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
  const { longestListing, oddRows, isNewestFirst } = call.gateway.config.reports;
  if (found.length + oddRows.length === 0)
    return turnDown(refusalOf(call, 'emptyListing'), { NewPortListing: portListing(call, []) });
  if (isNewestFirst) found.reverse();
  const length = Math.min(limit === 0 ? Infinity : limit, longestListing === 0 ? Infinity : longestListing);
  return ok({ NewPortListing: portListing(call, found.slice(0, length)) });
};

function isVisible({ gateway, caller }: ActionCall, mapping: Mapping): boolean {
  return gateway.config.showsForeignMappings || mapping.internalClient === caller;
}

/** A mapping as it is told, but for its name. */
interface Described extends ActionOutput {
  readonly NewInternalPort: number;
  readonly NewInternalClient: string;
  readonly NewEnabled: boolean;
  readonly NewPortMappingDescription: string;
  readonly NewLeaseDuration: number;
}

/** 2.4.6: "the remaining time on a port-mapping lease is returned". */
function describe({ gateway }: ActionCall, mapping: Mapping): Described {
  const { reports } = gateway.config;
  const isPermanent = mapping.expiresAt === Infinity;
  return {
    NewInternalPort: mapping === ZEROS ? 0 : (reports.internalPort ?? mapping.internalPort),
    NewInternalClient: mapping.internalClient,
    NewEnabled: mapping !== ZEROS && (reports.isAlwaysEnabled || mapping.isEnabled),
    NewPortMappingDescription: mapping.description.replace(
      /./gu,
      (character) => reports.inDescriptions[character] ?? character,
    ),
    NewLeaseDuration: reports.lease ?? (isPermanent ? reports.permanentLease : secondsLeft(mapping, gateway.now())),
  };
}

function remoteHostOf({ gateway }: ActionCall, { remoteHost }: Mapping): string {
  return remoteHost === '' ? gateway.config.reports.anyRemoteHost : remoteHost;
}

/** 2.3.25: the names of a listing that are not those of the actions. */
const LISTED_NAMES: Readonly<Record<string, string>> = {
  NewPortMappingDescription: 'NewDescription',
  NewLeaseDuration: 'NewLeaseTime',
};

/** 2.3.25: a document of its own, which the SOAP answer carries as text. */
function portListing(call: ActionCall, mappings: readonly Mapping[]): string {
  const entries = mappings.map((mapping) => {
    const shown = describe(call, mapping);
    return element(
      'p:PortMappingEntry',
      textElement('p:NewRemoteHost', remoteHostOf(call, mapping)),
      textElement('p:NewExternalPort', String(mapping.externalPort)),
      textElement('p:NewProtocol', mapping.protocol),
      textElement('p:NewInternalPort', String(shown.NewInternalPort)),
      textElement('p:NewInternalClient', shown.NewInternalClient),
      textElement('p:NewEnabled', shown.NewEnabled ? '1' : '0'),
      textElement('p:NewDescription', shown.NewPortMappingDescription),
      textElement('p:NewLeaseTime', String(shown.NewLeaseDuration)),
    );
  });
  const odd = call.gateway.config.reports.oddRows.map((row) =>
    element(
      'p:PortMappingEntry',
      ...Object.entries({ ...ODD, ...row }).map(([name, text]) => textElement(`p:${LISTED_NAMES[name] ?? name}`, text)),
    ),
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<p:PortMappingList xmlns:p="urn:schemas-upnp-org:gw:WANIPConnection"' +
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
    ' xsi:schemaLocation="urn:schemas-upnp-org:gw:WANIPConnection' +
    ' http://www.upnp.org/schemas/gw/WANIPConnection-v2.xsd">' +
    `${[...odd, ...entries].join('')}</p:PortMappingList>`
  );
}
