import { WAN_CONNECTION_ERRORS } from './error-names.ts';
import {
  defineService,
  DIALECT_2001,
  DIALECT_2010,
  type ServiceTable,
  type VariableRow,
} from './service-definition.ts';
import type { ServiceDefinition } from '../gateway/model.ts';
import {
  CONNECTION_CONTROL_ACTIONS,
  CONNECTION_TYPE_ACTIONS,
  CONNECTION_VARIABLES,
  DISCONNECT_TIME_ACTIONS,
  MAPPING_ACTIONS,
  VERSION_2_ACTIONS,
  VERSION_2_VARIABLES,
  withVersion2Actions,
} from './wan-connection-tables.ts';

const TYPE = 'urn:schemas-upnp-org:service:WANIPConnection';

/** WANIPConnection:2, tables 2-3 to 2-5 and 2-9. */
const STATUS_VARIABLES: readonly VariableRow[] = [
  {
    name: 'ConnectionType',
    type: 'string',
    defaultValue: 'IP_Routed',
    allowed: ['Unconfigured', 'IP_Routed', 'IP_Bridged'],
  },
  { name: 'PossibleConnectionTypes', type: 'string', evented: true },
  {
    name: 'ConnectionStatus',
    type: 'string',
    evented: true,
    allowed: ['Unconfigured', 'Connecting', 'Connected', 'PendingDisconnect', 'Disconnecting', 'Disconnected'],
  },
  {
    name: 'LastConnectionError',
    type: 'string',
    allowed: [
      'ERROR_NONE',
      'ERROR_COMMAND_ABORTED',
      'ERROR_NOT_ENABLED_FOR_INTERNET',
      'ERROR_USER_DISCONNECT',
      'ERROR_ISP_DISCONNECT',
      'ERROR_IDLE_DISCONNECT',
      'ERROR_FORCED_DISCONNECT',
      'ERROR_NO_CARRIER',
      'ERROR_IP_CONFIGURATION',
      'ERROR_UNKNOWN',
    ],
  },
];

const VERSION_1_ACTIONS = [
  ...CONNECTION_TYPE_ACTIONS,
  ...CONNECTION_CONTROL_ACTIONS,
  ...DISCONNECT_TIME_ACTIONS,
  ...MAPPING_ACTIONS,
];

const VERSION_1: ServiceTable = {
  type: TYPE,
  version: 1,
  dialect: DIALECT_2001,
  errors: WAN_CONNECTION_ERRORS,
  variables: [
    ...STATUS_VARIABLES,
    ...CONNECTION_VARIABLES,
    { name: 'PortMappingLeaseDuration', type: 'ui4' },
    { name: 'InternalPort', type: 'ui2' },
  ],
  actions: VERSION_1_ACTIONS,
};

/** November 12, 2001. */
export const WAN_IP_CONNECTION_1: ServiceDefinition = defineService(VERSION_1);

/** Version 1 by its name, with the actions of version 2, as some routers have it. */
export const WAN_IP_CONNECTION_1_PLUS: ServiceDefinition = defineService(withVersion2Actions(VERSION_1));

/** September 10, 2010. */
export const WAN_IP_CONNECTION_2: ServiceDefinition = defineService({
  type: TYPE,
  version: 2,
  dialect: DIALECT_2010,
  errors: WAN_CONNECTION_ERRORS,
  variables: [
    ...STATUS_VARIABLES,
    ...CONNECTION_VARIABLES,
    { name: 'PortMappingLeaseDuration', type: 'ui4', defaultValue: '3600', range: [0, 604_800] },
    // Table 2-7; an internal port of 0 has a code of its own.
    { name: 'InternalPort', type: 'ui2', range: [1, 65_535], outsideCode: 732 },
    ...VERSION_2_VARIABLES,
  ],
  actions: [...VERSION_1_ACTIONS, ...VERSION_2_ACTIONS],
});
