import { done, refuse, textArgument } from '../gateway/action.ts';
import type { ActionCall, ActionHandler } from '../gateway/model.ts';
import { connectionOf } from './mapping-arguments.ts';

/** WANIPConnection:2, 2.5.1. */
export const setConnectionType: ActionHandler = (call) => {
  const connection = connectionOf(call);
  if (call.gateway.config.isConnectionTypeFixed) return refuse(call.service.definition.dialect.readOnly);
  if (connection.status !== 'Disconnected' && connection.status !== 'Unconfigured') return refuse(703);
  connection.connectionType = textArgument(call.args, 'NewConnectionType');
  if (connection.connectionType === 'Unconfigured') connection.unconfigure();
  else connection.configure();
  return done();
};

/** WANIPConnection:2, 2.5.3. */
export const requestConnection: ActionHandler = (call) => {
  const connection = connectionOf(call);
  if (connection.status === 'Unconfigured') return refuse(706);
  if (!call.gateway.isEnabledForInternet) return refuse(709);
  if (!isRouted(call)) return refuse(710);
  return connection.connect() ? done() : refuse(704);
};

/** WANIPConnection:2, 2.5.4: by way of PendingDisconnect, for as long as WarnDisconnectDelay says. */
export const requestTermination: ActionHandler = (call) => {
  const connection = connectionOf(call);
  if (connection.status === 'PendingDisconnect') return refuse(707);
  const code = terminationError(call);
  if (code !== null) return refuse(code);
  connection.disconnect('ERROR_USER_DISCONNECT');
  return done();
};

/** WANIPConnection:2, 2.5.5: "irrespective of the setting of WarnDisconnectDelay". */
export const forceTermination: ActionHandler = (call) => {
  const code = terminationError(call);
  if (code !== null) return refuse(code);
  connectionOf(call).disconnect('ERROR_FORCED_DISCONNECT');
  return done();
};

/** WANPPPConnection:1, ConfigureConnection: takes the connection out of Unconfigured. */
export const configureConnection: ActionHandler = (call) => {
  const connection = connectionOf(call);
  if (call.gateway.config.isConnectionTypeFixed) return refuse(call.service.definition.dialect.readOnly);
  if (connection.status !== 'Disconnected' && connection.status !== 'Unconfigured') return refuse(703);
  connection.userName = textArgument(call.args, 'NewUserName');
  connection.connectionType = 'IP_Routed';
  connection.configure();
  return done();
};

function terminationError(call: ActionCall): number | null {
  const { status } = connectionOf(call);
  if (status === 'Unconfigured') return 706;
  if (!isRouted(call)) return 710;
  return status === 'Disconnected' ? 711 : null;
}

function isRouted(call: ActionCall): boolean {
  return connectionOf(call).connectionType === 'IP_Routed';
}
