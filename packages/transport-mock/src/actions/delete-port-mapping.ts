import { booleanArgument, done, numberArgument, refuse } from '../gateway/action.ts';
import type { ActionHandler } from '../gateway/model.ts';
import { turnDown } from '../gateway/refusals.ts';
import { connectionOf, namedMapping, protocolArgument, refusalOf } from './mapping-arguments.ts';

/** WANIPConnection:2, 2.5.18. */
export const deletePortMapping: ActionHandler = (call) => {
  const { config } = call.gateway;
  if (config.isSwitchedOff) return turnDown(refusalOf(call, 'switchedOff'));
  const mapping = namedMapping(call);
  if (mapping === undefined) return turnDown(refusalOf(call, 'nothingToDelete'));
  if (config.isSecure && mapping.internalClient !== call.caller) return refuse(606);
  connectionOf(call).mappings.remove([mapping]);
  return done();
};

/**
 * WANIPConnection:2, 2.5.19. "If the control point does not have the necessary permission to delete a port mapping
 * entry in the specified range, the device SHOULD skip it"; and "if no port mapping entries are found in the specified
 * range, the device MUST return the 730". All at once: "MUST be done as atomic operation".
 */
export const deletePortMappingRange: ActionHandler = (call) => {
  const from = numberArgument(call.args, 'NewStartPort');
  const to = numberArgument(call.args, 'NewEndPort');
  if (from > to) return refuse(733);
  const { config } = call.gateway;
  if (config.isSwitchedOff) return turnDown(refusalOf(call, 'switchedOff'));
  const { mappings } = connectionOf(call);
  // Table 2-11: NewManage "does not supersede access control based on control points IP address".
  const onlyOwn = config.isSecure || !booleanArgument(call.args, 'NewManage');
  const doomed = mappings
    .inRange(from, to, protocolArgument(call))
    .filter((mapping) => !onlyOwn || mapping.internalClient === call.caller);
  if (doomed.length === 0) return refuse(730);
  mappings.remove(doomed);
  return done();
};
