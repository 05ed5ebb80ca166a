/**
 * What WANIPConnection:1, WANIPConnection:2 and WANPPPConnection:1 have in common, which is nearly all. Names and order
 * are those of WANIPConnection:2, 2.5 and its service description (section 4).
 */
import { addAnyPortMapping } from '../actions/add-any-port-mapping.ts';
import { addPortMapping } from '../actions/add-port-mapping.ts';
import {
  forceTermination,
  requestConnection,
  requestTermination,
  setConnectionType,
} from '../actions/connection-control.ts';
import {
  getAutoDisconnectTime,
  getConnectionTypeInfo,
  getExternalIPAddress,
  getIdleDisconnectTime,
  getNatRsipStatus,
  getStatusInfo,
  getWarnDisconnectDelay,
  setAutoDisconnectTime,
  setIdleDisconnectTime,
  setWarnDisconnectDelay,
} from '../actions/connection-status.ts';
import { deletePortMapping, deletePortMappingRange } from '../actions/delete-port-mapping.ts';
import {
  getGenericPortMappingEntry,
  getListOfPortMappings,
  getSpecificPortMappingEntry,
} from '../actions/get-port-mappings.ts';
import type { ActionRow, ArgumentRow, ServiceTable, VariableRow } from './service-definition.ts';

const MAPPING_KEY: readonly ArgumentRow[] = [
  ['NewRemoteHost', 'RemoteHost'],
  ['NewExternalPort', 'ExternalPort'],
  ['NewProtocol', 'PortMappingProtocol'],
];

const MAPPING_VALUE: readonly ArgumentRow[] = [
  ['NewInternalPort', 'InternalPort'],
  ['NewInternalClient', 'InternalClient'],
  ['NewEnabled', 'PortMappingEnabled'],
  ['NewPortMappingDescription', 'PortMappingDescription'],
  ['NewLeaseDuration', 'PortMappingLeaseDuration'],
];

const PORT_RANGE: readonly ArgumentRow[] = [
  ['NewStartPort', 'ExternalPort'],
  ['NewEndPort', 'ExternalPort'],
  ['NewProtocol', 'PortMappingProtocol'],
  ['NewManage', 'A_ARG_TYPE_Manage'],
];

export const CONNECTION_TYPE_ACTIONS: readonly ActionRow[] = [
  { name: 'SetConnectionType', in: [['NewConnectionType', 'ConnectionType']], handle: setConnectionType },
  {
    name: 'GetConnectionTypeInfo',
    out: [
      ['NewConnectionType', 'ConnectionType'],
      ['NewPossibleConnectionTypes', 'PossibleConnectionTypes'],
    ],
    handle: getConnectionTypeInfo,
  },
];

export const CONNECTION_CONTROL_ACTIONS: readonly ActionRow[] = [
  { name: 'RequestConnection', handle: requestConnection },
  { name: 'RequestTermination', optional: true, handle: requestTermination },
  { name: 'ForceTermination', handle: forceTermination },
  {
    name: 'SetAutoDisconnectTime',
    in: [['NewAutoDisconnectTime', 'AutoDisconnectTime']],
    optional: true,
    handle: setAutoDisconnectTime,
  },
  {
    name: 'SetIdleDisconnectTime',
    in: [['NewIdleDisconnectTime', 'IdleDisconnectTime']],
    optional: true,
    handle: setIdleDisconnectTime,
  },
  {
    name: 'SetWarnDisconnectDelay',
    in: [['NewWarnDisconnectDelay', 'WarnDisconnectDelay']],
    optional: true,
    handle: setWarnDisconnectDelay,
  },
  {
    name: 'GetStatusInfo',
    out: [
      ['NewConnectionStatus', 'ConnectionStatus'],
      ['NewLastConnectionError', 'LastConnectionError'],
      ['NewUptime', 'Uptime'],
    ],
    handle: getStatusInfo,
  },
];

export const DISCONNECT_TIME_ACTIONS: readonly ActionRow[] = [
  {
    name: 'GetAutoDisconnectTime',
    out: [['NewAutoDisconnectTime', 'AutoDisconnectTime']],
    optional: true,
    handle: getAutoDisconnectTime,
  },
  {
    name: 'GetIdleDisconnectTime',
    out: [['NewIdleDisconnectTime', 'IdleDisconnectTime']],
    optional: true,
    handle: getIdleDisconnectTime,
  },
  {
    name: 'GetWarnDisconnectDelay',
    out: [['NewWarnDisconnectDelay', 'WarnDisconnectDelay']],
    optional: true,
    handle: getWarnDisconnectDelay,
  },
];

export const MAPPING_ACTIONS: readonly ActionRow[] = [
  {
    name: 'GetNATRSIPStatus',
    out: [
      ['NewRSIPAvailable', 'RSIPAvailable'],
      ['NewNATEnabled', 'NATEnabled'],
    ],
    handle: getNatRsipStatus,
  },
  {
    name: 'GetGenericPortMappingEntry',
    in: [['NewPortMappingIndex', 'PortMappingNumberOfEntries']],
    out: [...MAPPING_KEY, ...MAPPING_VALUE],
    handle: getGenericPortMappingEntry,
  },
  { name: 'GetSpecificPortMappingEntry', in: MAPPING_KEY, out: MAPPING_VALUE, handle: getSpecificPortMappingEntry },
  { name: 'AddPortMapping', in: [...MAPPING_KEY, ...MAPPING_VALUE], handle: addPortMapping },
  { name: 'DeletePortMapping', in: MAPPING_KEY, handle: deletePortMapping },
  {
    name: 'GetExternalIPAddress',
    out: [['NewExternalIPAddress', 'ExternalIPAddress']],
    handle: getExternalIPAddress,
  },
];

/** What version 2 added. */
export const VERSION_2_ACTIONS: readonly ActionRow[] = [
  { name: 'DeletePortMappingRange', in: PORT_RANGE, since: 2, handle: deletePortMappingRange },
  {
    name: 'GetListOfPortMappings',
    in: [...PORT_RANGE, ['NewNumberOfPorts', 'PortMappingNumberOfEntries']],
    out: [['NewPortListing', 'A_ARG_TYPE_PortListing']],
    since: 2,
    handle: getListOfPortMappings,
  },
  {
    name: 'AddAnyPortMapping',
    in: [...MAPPING_KEY, ...MAPPING_VALUE],
    out: [['NewReservedPort', 'ExternalPort']],
    since: 2,
    handle: addAnyPortMapping,
  },
];

/** The state variables from Uptime to NATEnabled; the connection's type, status and errors differ by service. */
export const CONNECTION_VARIABLES: readonly VariableRow[] = [
  { name: 'Uptime', type: 'ui4' },
  { name: 'AutoDisconnectTime', type: 'ui4' },
  { name: 'IdleDisconnectTime', type: 'ui4' },
  { name: 'WarnDisconnectDelay', type: 'ui4' },
  { name: 'RSIPAvailable', type: 'boolean' },
  { name: 'NATEnabled', type: 'boolean' },
  { name: 'ExternalIPAddress', type: 'string', evented: true },
  { name: 'PortMappingNumberOfEntries', type: 'ui2', evented: true },
  { name: 'PortMappingEnabled', type: 'boolean' },
  { name: 'RemoteHost', type: 'string' },
  { name: 'ExternalPort', type: 'ui2' },
  { name: 'PortMappingProtocol', type: 'string', allowed: ['TCP', 'UDP'] },
  { name: 'InternalClient', type: 'string' },
  { name: 'PortMappingDescription', type: 'string' },
];

/** What version 2 added, for its actions. */
export const VERSION_2_VARIABLES: readonly VariableRow[] = [
  { name: 'SystemUpdateID', type: 'ui4', evented: true },
  { name: 'A_ARG_TYPE_Manage', type: 'boolean' },
  { name: 'A_ARG_TYPE_PortListing', type: 'string' },
];

/** A service of version 1 that also does what version 2 added, and says so in its description. */
export function withVersion2Actions(table: ServiceTable): ServiceTable {
  return {
    ...table,
    variables: [...table.variables, ...VERSION_2_VARIABLES],
    actions: [...table.actions, ...VERSION_2_ACTIONS.map((action) => ({ ...action, since: 1 }))],
  };
}
