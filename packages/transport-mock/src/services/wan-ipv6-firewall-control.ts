import {
  addPinhole,
  checkPinholeWorking,
  deletePinhole,
  getFirewallStatus,
  getOutboundPinholeTimeout,
  getPinholePackets,
  updatePinhole,
} from '../actions/ipv6-firewall.ts';
import { IPV6_FIREWALL_ERRORS } from './error-names.ts';
import { type ArgumentRow, defineService, DIALECT_2010 } from './service-definition.ts';
import type { ServiceDefinition } from '../gateway/model.ts';

const TUPLE: readonly ArgumentRow[] = [
  ['RemoteHost', 'A_ARG_TYPE_IPv6Address'],
  ['RemotePort', 'A_ARG_TYPE_Port'],
  ['InternalClient', 'A_ARG_TYPE_IPv6Address'],
  ['InternalPort', 'A_ARG_TYPE_Port'],
  ['Protocol', 'A_ARG_TYPE_Protocol'],
];

/** December 10, 2010. Its arguments have no `New`, but for UpdatePinhole's NewLeaseTime. */
export const WAN_IPV6_FIREWALL_CONTROL: ServiceDefinition = defineService({
  type: 'urn:schemas-upnp-org:service:WANIPv6FirewallControl',
  version: 1,
  dialect: DIALECT_2010,
  errors: IPV6_FIREWALL_ERRORS,
  variables: [
    { name: 'FirewallEnabled', type: 'boolean', evented: true },
    { name: 'A_ARG_TYPE_OutboundPinholeTimeout', type: 'ui4' },
    { name: 'A_ARG_TYPE_IPv6Address', type: 'string' },
    { name: 'A_ARG_TYPE_Port', type: 'ui2' },
    { name: 'A_ARG_TYPE_Protocol', type: 'ui2' },
    { name: 'InboundPinholeAllowed', type: 'boolean', evented: true },
    { name: 'A_ARG_TYPE_LeaseTime', type: 'ui4', range: [1, 86_400] },
    { name: 'A_ARG_TYPE_UniqueID', type: 'ui2' },
    { name: 'A_ARG_TYPE_PinholePackets', type: 'ui4' },
    { name: 'A_ARG_TYPE_Boolean', type: 'boolean' },
  ],
  actions: [
    {
      name: 'GetFirewallStatus',
      out: [
        ['FirewallEnabled', 'FirewallEnabled'],
        ['InboundPinholeAllowed', 'InboundPinholeAllowed'],
      ],
      handle: getFirewallStatus,
    },
    {
      name: 'GetOutboundPinholeTimeout',
      in: TUPLE,
      out: [['OutboundPinholeTimeout', 'A_ARG_TYPE_OutboundPinholeTimeout']],
      optional: true,
      handle: getOutboundPinholeTimeout,
    },
    {
      name: 'AddPinhole',
      in: [...TUPLE, ['LeaseTime', 'A_ARG_TYPE_LeaseTime']],
      out: [['UniqueID', 'A_ARG_TYPE_UniqueID']],
      handle: addPinhole,
    },
    {
      name: 'UpdatePinhole',
      in: [
        ['UniqueID', 'A_ARG_TYPE_UniqueID'],
        ['NewLeaseTime', 'A_ARG_TYPE_LeaseTime'],
      ],
      handle: updatePinhole,
    },
    { name: 'DeletePinhole', in: [['UniqueID', 'A_ARG_TYPE_UniqueID']], handle: deletePinhole },
    {
      name: 'GetPinholePackets',
      in: [['UniqueID', 'A_ARG_TYPE_UniqueID']],
      out: [['PinholePackets', 'A_ARG_TYPE_PinholePackets']],
      handle: getPinholePackets,
    },
    {
      name: 'CheckPinholeWorking',
      in: [['UniqueID', 'A_ARG_TYPE_UniqueID']],
      out: [['IsWorking', 'A_ARG_TYPE_Boolean']],
      optional: true,
      handle: checkPinholeWorking,
    },
  ],
});
