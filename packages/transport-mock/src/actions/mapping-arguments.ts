import { err, ok, type Result } from '@portwright/core/result';
import { booleanArgument, numberArgument, textArgument } from '../gateway/action.ts';
import type { ActionCall } from '../gateway/model.ts';
import { isRefusedAddress } from '../gateway/external-address.ts';
import { isPortIn } from '../gateway/gateway-options.ts';
import { refusalFor } from '../gateway/refusals.ts';
import type { Reason, Refusal } from '../gateway/refusal-options.ts';
import type { Mapping, MappingProtocol } from '../gateway/mapping-table.ts';
import type { WanConnection } from '../gateway/wan-connection.ts';
import { isIPv4 } from '../network/ip-address.ts';

/** WANIPConnection:2, table 2-6: the longest lease, and what 0 stands for. */
const MAXIMUM_LEASE = 604_800;

/** The connection that the called service controls. The tables give these handlers to connection services only. */
export function connectionOf({ service }: ActionCall): WanConnection {
  if (service.connection === null) throw new Error(`${service.serviceId} controls no WAN connection`);
  return service.connection;
}

/** NewProtocol. Its state variable's list has left no other values. */
export function protocolArgument({ args }: ActionCall): MappingProtocol {
  return textArgument(args, 'NewProtocol') === 'TCP' ? 'TCP' : 'UDP';
}

/** How the called gateway answers what it turns down for this reason. */
export function refusalOf({ gateway, service }: ActionCall, reason: Reason): Refusal {
  return refusalFor(gateway.config.refusals, service.definition.dialect, reason);
}

/** NewRemoteHost. A gateway that has a text of its own for any host takes it back, too. */
function remoteHostArgument({ gateway: { config }, args }: ActionCall): string {
  const text = textArgument(args, 'NewRemoteHost');
  return config.dropsRemoteHost || text === config.reports.anyRemoteHost ? '' : text;
}

/**
 * miniupnpd stores no remote host, but compares the one of a request with what it has stored, so that the same request
 * is a conflict the second time (upnpredirect.c, upnp_redirect).
 */
export function namesDroppedHost({ gateway: { config }, args }: ActionCall): boolean {
  return config.dropsRemoteHost && !['', '*'].includes(textArgument(args, 'NewRemoteHost'));
}

/** The mapping that NewRemoteHost, NewExternalPort and NewProtocol name. */
export function namedMapping(call: ActionCall): Mapping | undefined {
  return connectionOf(call).mappings.find(
    remoteHostArgument(call),
    numberArgument(call.args, 'NewExternalPort'),
    protocolArgument(call),
  );
}

/**
 * The mapping that AddPortMapping and AddAnyPortMapping ask for, or why this gateway refuses it whatever else is
 * mapped. "If an action results in multiple errors, the most specific error SHOULD be returned" (2.5.23): so what the
 * arguments say comes before who may say it, and that before what this gateway can do.
 */
export function requestedMapping(call: ActionCall): Result<Mapping, Refusal> {
  const { args } = call;
  const lease = numberArgument(args, 'NewLeaseDuration');
  const request: Mapping = {
    remoteHost: remoteHostArgument(call),
    externalPort: numberArgument(args, 'NewExternalPort'),
    protocol: protocolArgument(call),
    internalPort: numberArgument(args, 'NewInternalPort'),
    internalClient: textArgument(args, 'NewInternalClient').trim(),
    isEnabled: booleanArgument(args, 'NewEnabled'),
    description: textArgument(args, 'NewPortMappingDescription'),
    expiresAt: leaseEnd(call, lease),
  };
  const code = mistakeIn(call, request);
  if (code !== null) return err(code);
  const reason = limitOf(call, request, lease);
  const refusal = policyAgainst(call, request) ?? (reason === null ? null : refusalOf(call, reason));
  if (refusal !== null) return err(refusal);
  const { isNatEnabled, externalAddress } = connectionOf(call);
  if (isRefusedAddress(call.gateway.config, externalAddress)) return err(501);
  // 2.4.6: "If NATEnabled is set to 0, other port mapping related set actions are essentially disabled."
  return isNatEnabled ? ok(request) : err(501);
}

function leaseEnd({ gateway, service }: ActionCall, lease: number): number {
  const { grantedLease } = gateway.config;
  if (grantedLease !== null) return gateway.now() + grantedLease * 1000;
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
function policyAgainst(call: ActionCall, request: Mapping): Refusal | null {
  const { isSecure, isSwitchedOff, allowedExternalPorts, allowedInternalPorts } = call.gateway.config;
  if (isSwitchedOff) return refusalOf(call, 'switchedOff');
  if (isSecure && request.internalClient !== call.caller) return refusalOf(call, 'foreignClient');
  if (request.externalPort !== 0 && !isPortIn(allowedExternalPorts, request.externalPort)) return 606;
  return isPortIn(allowedInternalPorts, request.internalPort) ? null : 606;
}

/** What this gateway can't do. */
function limitOf({ gateway: { config } }: ActionCall, request: Mapping, lease: number): Reason | null {
  const { description } = request;
  if (config.requiresSamePorts && request.externalPort !== request.internalPort) return 'differentPorts';
  if (config.leasePolicy === 'permanent-only' && lease !== 0) return 'timedLease';
  if (config.leasePolicy === 'finite-only' && lease === 0) return 'permanentLease';
  if (lease > config.longestLease) return 'longLease';
  if (config.requiresAnyRemoteHost && request.remoteHost !== '') return 'remoteHost';
  if (config.requiresExternalPortWildcard && request.externalPort !== 0) return 'externalPort';
  if (config.requiresDescription && description === '') return 'emptyDescription';
  const isForbidden = (character: string): boolean => config.forbiddenInDescriptions.includes(character);
  return Array.from(description).some(isForbidden) ? 'badDescription' : null;
}

/** 2.3.17: "a domain name of a network host ... or a set of four decimal digit groups". */
function isHost(text: string): boolean {
  if (/^[\d.]+$/.test(text)) return isIPv4(text);
  return text.length <= 253 && /^(?!-)[a-z\d-]{1,63}(?<!-)(?:\.(?!-)[a-z\d-]{1,63}(?<!-))*$/i.test(text);
}
