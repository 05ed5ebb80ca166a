import { configureConnection } from '../actions/connection-control.ts';
import {
  getLinkLayerMaxBitRates,
  getPassword,
  getPppAuthenticationProtocol,
  getPppCompressionProtocol,
  getPppEncryptionProtocol,
  getUserName,
} from '../actions/connection-status.ts';
import { WAN_CONNECTION_ERRORS } from './error-names.ts';
import { type ActionRow, defineService, DIALECT_2001, type ServiceTable } from './service-definition.ts';
import type { ServiceDefinition } from '../gateway/model.ts';
import {
  CONNECTION_CONTROL_ACTIONS,
  CONNECTION_TYPE_ACTIONS,
  CONNECTION_VARIABLES,
  DISCONNECT_TIME_ACTIONS,
  MAPPING_ACTIONS,
  withVersion2Actions,
} from './wan-connection-tables.ts';

const PPP_ACTIONS: readonly ActionRow[] = [
  {
    name: 'GetLinkLayerMaxBitRates',
    out: [
      ['NewUpstreamMaxBitRate', 'UpstreamMaxBitRate'],
      ['NewDownstreamMaxBitRate', 'DownstreamMaxBitRate'],
    ],
    handle: getLinkLayerMaxBitRates,
  },
  {
    name: 'GetPPPEncryptionProtocol',
    out: [['NewPPPEncryptionProtocol', 'PPPEncryptionProtocol']],
    optional: true,
    handle: getPppEncryptionProtocol,
  },
  {
    name: 'GetPPPCompressionProtocol',
    out: [['NewPPPCompressionProtocol', 'PPPCompressionProtocol']],
    optional: true,
    handle: getPppCompressionProtocol,
  },
  {
    name: 'GetPPPAuthenticationProtocol',
    out: [['NewPPPAuthenticationProtocol', 'PPPAuthenticationProtocol']],
    optional: true,
    handle: getPppAuthenticationProtocol,
  },
  { name: 'GetUserName', out: [['NewUserName', 'UserName']], optional: true, handle: getUserName },
  { name: 'GetPassword', out: [['NewPassword', 'Password']], optional: true, handle: getPassword },
];

const VERSION_1: ServiceTable = {
  type: 'urn:schemas-upnp-org:service:WANPPPConnection',
  version: 1,
  dialect: DIALECT_2001,
  errors: WAN_CONNECTION_ERRORS,
  variables: [
    {
      name: 'ConnectionType',
      type: 'string',
      allowed: [
        'Unconfigured',
        'IP_Routed',
        'DHCP_Spoofed',
        'PPPoE_Bridged',
        'PPTP_Relay',
        'L2TP_Relay',
        'PPPoE_Relay',
      ],
    },
    { name: 'PossibleConnectionTypes', type: 'string', evented: true },
    {
      name: 'ConnectionStatus',
      type: 'string',
      evented: true,
      allowed: [
        'Unconfigured',
        'Connecting',
        'Authenticating',
        'Connected',
        'PendingDisconnect',
        'Disconnecting',
        'Disconnected',
      ],
    },
    {
      name: 'LastConnectionError',
      type: 'string',
      allowed: [
        'ERROR_NONE',
        'ERROR_ISP_TIME_OUT',
        'ERROR_COMMAND_ABORTED',
        'ERROR_NOT_ENABLED_FOR_INTERNET',
        'ERROR_BAD_PHONE_NUMBER',
        'ERROR_USER_DISCONNECT',
        'ERROR_ISP_DISCONNECT',
        'ERROR_IDLE_DISCONNECT',
        'ERROR_FORCED_DISCONNECT',
        'ERROR_SERVER_OUT_OF_RESOURCES',
        'ERROR_RESTRICTED_LOGON_HOURS',
        'ERROR_ACCOUNT_DISABLED',
        'ERROR_ACCOUNT_EXPIRED',
        'ERROR_PASSWORD_EXPIRED',
        'ERROR_AUTHENTICATION_FAILURE',
        'ERROR_NO_DIALTONE',
        'ERROR_NO_CARRIER',
        'ERROR_NO_ANSWER',
        'ERROR_LINE_BUSY',
        'ERROR_UNSUPPORTED_BITSPERSECOND',
        'ERROR_TOO_MANY_LINE_ERRORS',
        'ERROR_IP_CONFIGURATION',
        'ERROR_UNKNOWN',
      ],
    },
    ...CONNECTION_VARIABLES,
    { name: 'PortMappingLeaseDuration', type: 'ui4' },
    { name: 'InternalPort', type: 'ui2' },
    { name: 'UpstreamMaxBitRate', type: 'ui4' },
    { name: 'DownstreamMaxBitRate', type: 'ui4' },
    { name: 'PPPEncryptionProtocol', type: 'string' },
    { name: 'PPPCompressionProtocol', type: 'string' },
    { name: 'PPPAuthenticationProtocol', type: 'string' },
    { name: 'UserName', type: 'string' },
    { name: 'Password', type: 'string' },
  ],
  actions: [
    ...CONNECTION_TYPE_ACTIONS,
    {
      name: 'ConfigureConnection',
      in: [
        ['NewUserName', 'UserName'],
        ['NewPassword', 'Password'],
      ],
      optional: true,
      handle: configureConnection,
    },
    ...CONNECTION_CONTROL_ACTIONS,
    ...PPP_ACTIONS,
    ...DISCONNECT_TIME_ACTIONS,
    ...MAPPING_ACTIONS,
  ],
};

/** November 12, 2001. */
export const WAN_PPP_CONNECTION: ServiceDefinition = defineService(VERSION_1);

/** Version 1 by its name, with what WANIPConnection:2 added to its sibling. */
export const WAN_PPP_CONNECTION_PLUS: ServiceDefinition = defineService(withVersion2Actions(VERSION_1));

/** No specification has a version 2. Routers that offer it mean the sibling of WANIPConnection:2. */
export const WAN_PPP_CONNECTION_2: ServiceDefinition = defineService({ ...withVersion2Actions(VERSION_1), version: 2 });
