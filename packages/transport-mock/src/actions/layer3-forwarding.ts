import { ok } from '@portwright/core/result';
import { done, refuse, textArgument } from '../gateway/action.ts';
import type { ActionHandler } from '../gateway/model.ts';

/**
 * Layer3Forwarding:1, SetDefaultConnectionService. The value names a WANConnectionDevice by its UDN and type, and after a
 * comma a service by its id: 720 for a device that isn't there, 721 for a service that it doesn't have, 723 for one that
 * is no connection.
 */
export const setDefaultConnectionService: ActionHandler = ({ gateway, args }) => {
  const value = textArgument(args, 'NewDefaultConnectionService').trim();
  const [container = '', serviceId = ''] = value.split(',');
  const ofDevice = gateway.services.filter(
    ({ device }) => container === device.udn || container.startsWith(`${device.udn}:`),
  );
  if (ofDevice.length === 0) return refuse(720);
  const service = ofDevice.find((candidate) => candidate.serviceId === serviceId);
  if (service === undefined) return refuse(721);
  if (service.connection === null) return refuse(723);
  gateway.defaultConnectionService = value;
  return done();
};

export const getDefaultConnectionService: ActionHandler = ({ gateway }) =>
  ok({ NewDefaultConnectionService: gateway.defaultConnectionService });
