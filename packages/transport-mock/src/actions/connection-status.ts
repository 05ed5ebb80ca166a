import { ok } from '@portwright/core/result';
import { done, numberArgument, refuse } from '../gateway/action.ts';
import { isRefusedAddress } from '../gateway/external-address.ts';
import type { ActionCall, ActionHandler } from '../gateway/model.ts';
import { daysAndTime } from '../gateway/report-options.ts';
import { connectionOf } from './mapping-arguments.ts';

export const getConnectionTypeInfo: ActionHandler = (call) =>
  ok({
    NewConnectionType: connectionOf(call).connectionType,
    // Each service has types of its own to be bridged by.
    NewPossibleConnectionTypes: `IP_Routed,${isPpp(call) ? 'PPPoE_Bridged' : 'IP_Bridged'}`,
  });

function isPpp({ service }: ActionCall): boolean {
  return service.definition.type.endsWith(':WANPPPConnection');
}

export const getStatusInfo: ActionHandler = (call) => {
  const connection = connectionOf(call);
  const { connectionStatus, lastConnectionError, uptimeFormat, uptimeAhead } = call.gateway.config.reports;
  const uptime = connection.uptime + uptimeAhead;
  return ok({
    NewConnectionStatus: connectionStatus ?? connection.status,
    NewLastConnectionError: lastConnectionError ?? connection.lastError,
    NewUptime: uptimeFormat === 'seconds' ? uptime : daysAndTime(uptime),
  });
};

export const getNatRsipStatus: ActionHandler = (call) =>
  ok({ NewRSIPAvailable: false, NewNATEnabled: connectionOf(call).isNatEnabled });

export const getExternalIPAddress: ActionHandler = (call) => {
  const { externalAddress } = connectionOf(call);
  // As miniupnpd since 2.1.
  return ok({ NewExternalIPAddress: isRefusedAddress(call.gateway.config, externalAddress) ? '' : externalAddress });
};

export const setAutoDisconnectTime: ActionHandler = (call) => {
  connectionOf(call).autoDisconnectTime = numberArgument(call.args, 'NewAutoDisconnectTime');
  return done();
};

export const getAutoDisconnectTime: ActionHandler = (call) =>
  ok({ NewAutoDisconnectTime: connectionOf(call).autoDisconnectTime });

export const setIdleDisconnectTime: ActionHandler = (call) => {
  connectionOf(call).idleDisconnectTime = numberArgument(call.args, 'NewIdleDisconnectTime');
  return done();
};

export const getIdleDisconnectTime: ActionHandler = (call) =>
  ok({ NewIdleDisconnectTime: connectionOf(call).idleDisconnectTime });

export const setWarnDisconnectDelay: ActionHandler = (call) => {
  connectionOf(call).warnDisconnectDelay = numberArgument(call.args, 'NewWarnDisconnectDelay');
  return done();
};

export const getWarnDisconnectDelay: ActionHandler = (call) =>
  ok({ NewWarnDisconnectDelay: connectionOf(call).warnDisconnectDelay });

export const getLinkLayerMaxBitRates: ActionHandler = ({ gateway }) =>
  ok({
    NewUpstreamMaxBitRate: gateway.config.upstreamBitRate,
    NewDownstreamMaxBitRate: gateway.config.downstreamBitRate,
  });

export const getPppEncryptionProtocol: ActionHandler = () => ok({ NewPPPEncryptionProtocol: 'None' });

export const getPppCompressionProtocol: ActionHandler = () => ok({ NewPPPCompressionProtocol: 'None' });

export const getPppAuthenticationProtocol: ActionHandler = () => ok({ NewPPPAuthenticationProtocol: 'CHAP' });

export const getUserName: ActionHandler = (call) => ok({ NewUserName: connectionOf(call).userName });

/** A password that any host may ask for is none: no control point is authorized to see it. */
export const getPassword: ActionHandler = () => refuse(606);
