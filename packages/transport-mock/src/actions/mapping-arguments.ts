import { err, ok, type Result } from 'neverthrow';
import { type ActionCall, type ActionFault, booleanArgument, numberArgument, textArgument } from '../gateway/action.ts';
import { isPortIn } from '../gateway/gateway-options.ts';
import type { Mapping, MappingProtocol } from '../gateway/mapping-table.ts';
import type { WanConnection } from '../gateway/wan-connection.ts';
import { isIPv4 } from '../network/ip-address.ts';

/** WANIPConnection:2, table 2-6: the longest lease, and what 0 stands for. */
const MAXIMUM_LEASE = 604_800;

/** The connection that the called service controls. The tables give these handlers to connection services only. */
export function connectionOf({ service }: ActionCall): WanConnection {
  if (service.connection === null) throw new Error(`${service.serviceId} controls no connection`);
  return service.connection;
}

/** NewProtocol. Its state variable's list has left no other values. */
export function protocolArgument({ args }: ActionCall): MappingProtocol {
  return textArgument(args, 'NewProtocol') === 'TCP' ? 'TCP' : 'UDP';
}

/** The mapping that NewRemoteHost, NewExternalPort and NewProtocol name. */
export function namedMapping(call: ActionCall): Mapping | undefined {
  return connectionOf(call).mappings.find(
    textArgument(call.args, 'NewRemoteHost'),
    numberArgument(call.args, 'NewExternalPort'),
    protocolArgument(call),
  );
}

/**
 * The mapping that AddPortMapping and AddAnyPortMapping ask for, or why this gateway refuses it whatever else is
 * mapped. "If an action results in multiple errors, the most specific error SHOULD be returned" (2.5.23): so what the
 * arguments say comes before who may say it, and that before what this gateway can do.
 */
export function requestedMapping(call: ActionCall): Result<Mapping, ActionFault> {
  const { args } = call;
  const lease = numberArgument(args, 'NewLeaseDuration');
  const request: Mapping = {
    remoteHost: textArgument(args, 'NewRemoteHost'),
    externalPort: numberArgument(args, 'NewExternalPort'),
    protocol: protocolArgument(call),
    internalPort: numberArgument(args, 'NewInternalPort'),
    internalClient: textArgument(args, 'NewInternalClient').trim(),
    isEnabled: booleanArgument(args, 'NewEnabled'),
    description: textArgument(args, 'NewPortMappingDescription'),
    expiresAt: leaseEnd(call, lease),
  };
  const code = mistakeIn(call, request) ?? policyAgainst(call, request) ?? limitOf(call, request, lease);
  if (code !== null) return err({ code });
  // 2.4.6: "If NATEnabled is set to 0, other port mapping related set actions are essentially disabled."
  return connectionOf(call).isNatEnabled ? ok(request) : err({ code: 501 });
}

function leaseEnd({ gateway, service }: ActionCall, lease: number): number {
  if (lease > 0) return gateway.now() + lease * 1000;
  // 2.3.16: "the value of 0 MUST be interpreted as the maximum value"; version 1 made a static mapping of it.
  return service.definition.dialect.zeroLease === 'permanent' ? Infinity : gateway.now() + MAXIMUM_LEASE * 1000;
}

function mistakeIn({ gateway, service }: ActionCall, request: Mapping): number | null {
  const { dialect } = service.definition;
  if (request.internalClient === '') return 715;
  if (!isIPv4(request.internalClient)) return dialect.invalidValue;
  if (request.internalPort === 0) return dialect.internalPortZero;
  if (request.externalPort === 0 && !gateway.config.allowsExternalPortWildcard) return 716;
  if (request.remoteHost !== '' && !isHost(request.remoteHost)) return dialect.invalidValue;
  if (request.description.length > gateway.config.maxDescriptionLength) return 605;
  return null;
}

/** 2.5.16.2: what is RECOMMENDED for control points that are neither authenticated nor authorized. */
function policyAgainst({ gateway, service, caller }: ActionCall, request: Mapping): number | null {
  const { isSecure, allowedExternalPorts, allowedInternalPorts } = gateway.config;
  if (isSecure && request.internalClient !== caller) return service.definition.dialect.foreignClient;
  if (request.externalPort !== 0 && !isPortIn(allowedExternalPorts, request.externalPort)) return 606;
  return isPortIn(allowedInternalPorts, request.internalPort) ? null : 606;
}

function limitOf({ gateway: { config } }: ActionCall, request: Mapping, lease: number): number | null {
  if (config.requiresSamePorts && request.externalPort !== request.internalPort) return 724;
  if (config.leasePolicy === 'permanent-only' && lease !== 0) return 725;
  if (config.requiresAnyRemoteHost && request.remoteHost !== '') return 726;
  return config.requiresExternalPortWildcard && request.externalPort !== 0 ? 727 : null;
}

/** 2.3.17: "a domain name of a network host ... or a set of four decimal digit groups". */
function isHost(text: string): boolean {
  if (/^[\d.]+$/.test(text)) return isIPv4(text);
  return text.length <= 253 && /^(?!-)[a-z\d-]{1,63}(?<!-)(?:\.(?!-)[a-z\d-]{1,63}(?<!-))*$/i.test(text);
}
