import { ok, type Result } from '@portwright/core/result';
import { booleanArgument, done, numberArgument, refuse } from '../gateway/action.ts';
import type { ActionCall, ActionFault, ActionHandler, ActionOutput } from '../gateway/model.ts';
import { writeCounter } from '../gateway/report-options.ts';

/** What a packet is taken to hold: a full Ethernet frame's payload. */
const BYTES_PER_PACKET = 1_500;

/** WANCommonInterfaceConfig:1, SetEnabledForInternet. */
export const setEnabledForInternet: ActionHandler = ({ gateway, args }) => {
  gateway.isEnabledForInternet = booleanArgument(args, 'NewEnabledForInternet');
  // WANIPConnection:2, 2.6.2: EnabledForInternet set to 0 ends the connection.
  if (!gateway.isEnabledForInternet && gateway.connection.isUp) {
    gateway.connection.disconnect('ERROR_NOT_ENABLED_FOR_INTERNET');
  }
  return done();
};

export const getEnabledForInternet: ActionHandler = ({ gateway }) =>
  ok({ NewEnabledForInternet: gateway.isEnabledForInternet });

/** WANCommonInterfaceConfig:1, GetCommonLinkProperties. */
export const getCommonLinkProperties: ActionHandler = ({ gateway, service }) =>
  ok({
    NewWANAccessType: 'Ethernet',
    NewLayer1UpstreamMaxBitRate: gateway.config.upstreamBitRate,
    NewLayer1DownstreamMaxBitRate: gateway.config.downstreamBitRate,
    NewPhysicalLinkStatus: service.wan.isLineUp ? 'Up' : 'Down',
  });

export const getWanAccessProvider: ActionHandler = () => ok({ NewWANAccessProvider: 'Simulated provider' });

export const getMaximumActiveConnections: ActionHandler = () => ok({ NewMaximumActiveConnections: 1 });

export const getTotalBytesSent: ActionHandler = (call) => total(call, 'sent', 'NewTotalBytesSent');

export const getTotalBytesReceived: ActionHandler = (call) => total(call, 'received', 'NewTotalBytesReceived');

export const getTotalPacketsSent: ActionHandler = (call) =>
  total(call, 'sent', 'NewTotalPacketsSent', BYTES_PER_PACKET);

export const getTotalPacketsReceived: ActionHandler = (call) =>
  total(call, 'received', 'NewTotalPacketsReceived', BYTES_PER_PACKET);

/** WANCommonInterfaceConfig:1, GetActiveConnection: the connection services in use, by index. */
export const getActiveConnection: ActionHandler = ({ gateway, service, args }) => {
  const active = gateway.connectionServiceNames(({ connection }) => connection === service.wan && service.wan.isUp);
  const name = active[numberArgument(args, 'NewActiveConnectionIndex')];
  if (name === undefined) return refuse(713);
  const [container = '', serviceId = ''] = name.split(',');
  return ok({ NewActiveConnDeviceContainer: container, NewActiveConnectionServiceID: serviceId });
};

function total(
  { gateway, service }: ActionCall,
  direction: 'sent' | 'received',
  argument: string,
  divisor = 1,
): Result<ActionOutput, ActionFault> {
  const bytes = service.wan.totalUpSeconds * gateway.config.traffic[direction];
  return ok({ [argument]: writeCounter(bytes / divisor, gateway.config.reports.counters) });
}
