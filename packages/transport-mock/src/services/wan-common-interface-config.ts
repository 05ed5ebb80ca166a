import {
  getActiveConnection,
  getCommonLinkProperties,
  getEnabledForInternet,
  getMaximumActiveConnections,
  getTotalBytesReceived,
  getTotalBytesSent,
  getTotalPacketsReceived,
  getTotalPacketsSent,
  getWanAccessProvider,
  setEnabledForInternet,
} from '../actions/wan-common-interface.ts';
import { WAN_COMMON_INTERFACE_ERRORS } from './error-names.ts';
import { defineService, DIALECT_2001 } from './service-definition.ts';
import type { ServiceDefinition } from '../gateway/model.ts';

/** November 12, 2001; part of IGD:2 unchanged. */
export const WAN_COMMON_INTERFACE_CONFIG: ServiceDefinition = defineService({
  type: 'urn:schemas-upnp-org:service:WANCommonInterfaceConfig',
  version: 1,
  dialect: DIALECT_2001,
  errors: WAN_COMMON_INTERFACE_ERRORS,
  variables: [
    { name: 'WANAccessType', type: 'string', allowed: ['DSL', 'POTS', 'Cable', 'Ethernet'] },
    { name: 'Layer1UpstreamMaxBitRate', type: 'ui4' },
    { name: 'Layer1DownstreamMaxBitRate', type: 'ui4' },
    {
      name: 'PhysicalLinkStatus',
      type: 'string',
      evented: true,
      allowed: ['Up', 'Down', 'Initializing', 'Unavailable'],
    },
    { name: 'WANAccessProvider', type: 'string' },
    { name: 'MaximumActiveConnections', type: 'ui2' },
    { name: 'TotalBytesSent', type: 'ui4' },
    { name: 'TotalBytesReceived', type: 'ui4' },
    { name: 'TotalPacketsSent', type: 'ui4' },
    { name: 'TotalPacketsReceived', type: 'ui4' },
    { name: 'EnabledForInternet', type: 'boolean', evented: true },
    { name: 'NumberOfActiveConnections', type: 'ui2' },
    { name: 'ActiveConnectionDeviceContainer', type: 'string' },
    { name: 'ActiveConnectionServiceID', type: 'string' },
  ],
  actions: [
    {
      name: 'SetEnabledForInternet',
      in: [['NewEnabledForInternet', 'EnabledForInternet']],
      optional: true,
      handle: setEnabledForInternet,
    },
    {
      name: 'GetEnabledForInternet',
      out: [['NewEnabledForInternet', 'EnabledForInternet']],
      optional: true,
      handle: getEnabledForInternet,
    },
    {
      name: 'GetCommonLinkProperties',
      out: [
        ['NewWANAccessType', 'WANAccessType'],
        ['NewLayer1UpstreamMaxBitRate', 'Layer1UpstreamMaxBitRate'],
        ['NewLayer1DownstreamMaxBitRate', 'Layer1DownstreamMaxBitRate'],
        ['NewPhysicalLinkStatus', 'PhysicalLinkStatus'],
      ],
      handle: getCommonLinkProperties,
    },
    {
      name: 'GetWANAccessProvider',
      out: [['NewWANAccessProvider', 'WANAccessProvider']],
      optional: true,
      handle: getWanAccessProvider,
    },
    {
      name: 'GetMaximumActiveConnections',
      out: [['NewMaximumActiveConnections', 'MaximumActiveConnections']],
      optional: true,
      handle: getMaximumActiveConnections,
    },
    {
      name: 'GetTotalBytesSent',
      out: [['NewTotalBytesSent', 'TotalBytesSent']],
      optional: true,
      handle: getTotalBytesSent,
    },
    {
      name: 'GetTotalBytesReceived',
      out: [['NewTotalBytesReceived', 'TotalBytesReceived']],
      optional: true,
      handle: getTotalBytesReceived,
    },
    {
      name: 'GetTotalPacketsSent',
      out: [['NewTotalPacketsSent', 'TotalPacketsSent']],
      optional: true,
      handle: getTotalPacketsSent,
    },
    {
      name: 'GetTotalPacketsReceived',
      out: [['NewTotalPacketsReceived', 'TotalPacketsReceived']],
      optional: true,
      handle: getTotalPacketsReceived,
    },
    {
      name: 'GetActiveConnection',
      in: [['NewActiveConnectionIndex', 'NumberOfActiveConnections']],
      out: [
        ['NewActiveConnDeviceContainer', 'ActiveConnectionDeviceContainer'],
        ['NewActiveConnectionServiceID', 'ActiveConnectionServiceID'],
      ],
      optional: true,
      handle: getActiveConnection,
    },
  ],
});
