import { ok } from '@portwright/core/result';
import { done, numberArgument, refuse, textArgument } from '../gateway/action.ts';
import type { ActionCall, ActionHandler } from '../gateway/model.ts';
import type { Pinhole, PinholeTuple } from '../gateway/pinhole-table.ts';
import { canonicalAddress, isIPv6 } from '../network/ip-address.ts';

/** The IP protocol's number (A_ARG_TYPE_Protocol); 65535 stands for any. */
const TCP = 6;
const UDP = 17;
const ANY_PROTOCOL = 65_535;

/** WANIPv6FirewallControl:1, GetFirewallStatus. */
export const getFirewallStatus: ActionHandler = ({ gateway: { firewall } }) =>
  ok({ FirewallEnabled: firewall.isEnabled, InboundPinholeAllowed: firewall.arePinholesAllowed });

/** WANIPv6FirewallControl:1, GetOutboundPinholeTimeout. */
export const getOutboundPinholeTimeout: ActionHandler = ({ gateway, args }) => {
  if (!gateway.firewall.isEnabled) return refuse(702);
  const protocol = numberArgument(args, 'Protocol');
  if (protocol !== TCP && protocol !== UDP && protocol !== ANY_PROTOCOL) return refuse(705);
  return ok({ OutboundPinholeTimeout: gateway.config.outboundPinholeTimeout });
};

/**
 * WANIPv6FirewallControl:1, AddPinhole. For the same remote host, ports, client and protocol the lease of the pinhole that
 * is there begins anew, and it keeps its UniqueID.
 */
export const addPinhole: ActionHandler = (call) => {
  const { gateway, args } = call;
  const tuple: PinholeTuple = {
    remoteHost: textArgument(args, 'RemoteHost').trim(),
    remotePort: numberArgument(args, 'RemotePort'),
    internalClient: textArgument(args, 'InternalClient').trim(),
    internalPort: numberArgument(args, 'InternalPort'),
    protocol: numberArgument(args, 'Protocol'),
  };
  const code = closedCode(call) ?? mistakeIn(tuple) ?? (isForeign(call, tuple) ? 606 : null);
  if (code !== null) return refuse(code);
  const { pinholes } = gateway.firewall;
  const expiresAt = gateway.now() + numberArgument(args, 'LeaseTime') * 1000;
  const existing = pinholes.find(tuple);
  if (existing !== undefined) pinholes.renew(existing, expiresAt);
  else if (pinholes.size >= gateway.config.pinholeCapacity) return refuse(701);
  return ok({ UniqueID: (existing ?? pinholes.add(tuple, expiresAt)).uniqueId });
};

/** WANIPv6FirewallControl:1, UpdatePinhole. */
export const updatePinhole: ActionHandler = (call) => {
  const pinhole = ownPinhole(call);
  if (typeof pinhole === 'number') return refuse(pinhole);
  const { gateway, args } = call;
  gateway.firewall.pinholes.renew(pinhole, gateway.now() + numberArgument(args, 'NewLeaseTime') * 1000);
  return done();
};

/** WANIPv6FirewallControl:1, DeletePinhole. */
export const deletePinhole: ActionHandler = (call) => {
  const pinhole = ownPinhole(call);
  if (typeof pinhole === 'number') return refuse(pinhole);
  call.gateway.firewall.pinholes.remove(pinhole);
  return done();
};

/** WANIPv6FirewallControl:1, GetPinholePackets. */
export const getPinholePackets: ActionHandler = (call) => {
  const pinhole = ownPinhole(call);
  return typeof pinhole === 'number' ? refuse(pinhole) : ok({ PinholePackets: pinhole.packets });
};

/** WANIPv6FirewallControl:1, CheckPinholeWorking: without traffic nobody can tell. */
export const checkPinholeWorking: ActionHandler = (call) => {
  const pinhole = ownPinhole(call);
  if (typeof pinhole === 'number') return refuse(pinhole);
  return pinhole.packets === 0 ? refuse(709) : ok({ IsWorking: true });
};

function closedCode({ gateway: { firewall } }: ActionCall): number | null {
  if (!firewall.isEnabled) return 702;
  return firewall.arePinholesAllowed ? null : 703;
}

function mistakeIn({ remoteHost, internalClient, internalPort, protocol }: PinholeTuple): number | null {
  if (internalClient === '') return 708;
  if (!isIPv6(internalClient) || (remoteHost !== '' && !isIPv6(remoteHost))) return 600;
  if (internalPort === 0) return 706;
  if (protocol === ANY_PROTOCOL) return 707;
  return protocol === TCP || protocol === UDP ? null : 705;
}

function isForeign({ gateway, caller }: ActionCall, { internalClient }: PinholeTuple): boolean {
  return gateway.config.isSecure && canonicalAddress(internalClient) !== canonicalAddress(caller);
}

/** The pinhole that UniqueID names, or the code that refuses it. */
function ownPinhole(call: ActionCall): Pinhole | number {
  const code = closedCode(call);
  if (code !== null) return code;
  const pinhole = call.gateway.firewall.pinholes.get(numberArgument(call.args, 'UniqueID'));
  if (pinhole === undefined) return 704;
  return isForeign(call, pinhole) ? 606 : pinhole;
}
