import type { ServiceKind } from './service-kind.ts';
import { LAYER3_FORWARDING } from './layer3-forwarding.ts';
import { defineService, DIALECT_2001 } from './service-definition.ts';
import type { Action, ServiceDefinition } from '../gateway/model.ts';
import { WAN_COMMON_INTERFACE_CONFIG } from './wan-common-interface-config.ts';
import { WAN_IP_CONNECTION_1, WAN_IP_CONNECTION_1_PLUS, WAN_IP_CONNECTION_2 } from './wan-ip-connection.ts';
import { WAN_IPV6_FIREWALL_CONTROL } from './wan-ipv6-firewall-control.ts';
import { WAN_PPP_CONNECTION, WAN_PPP_CONNECTION_2, WAN_PPP_CONNECTION_PLUS } from './wan-ppp-connection.ts';

const SERVICES: Readonly<Record<ServiceKind, ServiceDefinition>> = {
  'Layer3Forwarding:1': LAYER3_FORWARDING,
  'WANCommonInterfaceConfig:1': WAN_COMMON_INTERFACE_CONFIG,
  'WANIPConnection:1': WAN_IP_CONNECTION_1,
  'WANIPConnection:1+': WAN_IP_CONNECTION_1_PLUS,
  'WANIPConnection:2': WAN_IP_CONNECTION_2,
  'WANIPv6FirewallControl:1': WAN_IPV6_FIREWALL_CONTROL,
  'WANPPPConnection:1': WAN_PPP_CONNECTION,
  'WANPPPConnection:1+': WAN_PPP_CONNECTION_PLUS,
  'WANPPPConnection:2': WAN_PPP_CONNECTION_2,
};

const VENDOR_SERVICE: ServiceDefinition = defineService({
  type: 'urn:schemas-upnp-org:service:Vendor',
  version: 1,
  dialect: DIALECT_2001,
  errors: {},
  variables: [],
  actions: [],
});

/** What a service of this kind does; any other does nothing. */
export function serviceOfKind(kind: string, vendorActions: readonly Action[] = []): ServiceDefinition {
  const definition = isServiceKind(kind) ? SERVICES[kind] : VENDOR_SERVICE;
  if (vendorActions.length === 0) return definition;
  return {
    ...definition,
    actions: new Map([...definition.actions, ...vendorActions.map((action) => [action.name, action] as const)]),
  };
}

/** Whether a service of this kind is one that ports are mapped with. */
export function isConnectionService(kind: string): boolean {
  return /^WAN(?:IP|PPP)Connection:/.test(kind);
}

function isServiceKind(kind: string): kind is ServiceKind {
  return Object.hasOwn(SERVICES, kind);
}
