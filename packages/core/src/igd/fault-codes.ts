/**
 * UPnP error codes. The same number means different things in different services, so each service has its own table
 * beside the common one.
 */
import { ALLOW_CHANGES } from '../hints.ts';

/** Codes of every service (UDA 1.1, table 3-3). */
export const commonFaults: Readonly<Record<number, string>> = {
  401: 'InvalidAction',
  402: 'InvalidArgs',
  403: 'OutOfSync',
  404: 'InvalidVar',
  501: 'ActionFailed',
  600: 'ArgumentValueInvalid',
  601: 'ArgumentValueOutOfRange',
  602: 'OptionalActionNotImplemented',
  603: 'OutOfMemory',
  604: 'HumanInterventionRequired',
  605: 'StringArgumentTooLong',
  606: 'ActionNotAuthorized',
};

/** WANIPConnection:1 and :2, WANPPPConnection:1. */
export const connectionFaults: Readonly<Record<number, string>> = {
  703: 'InactiveConnectionStateRequired',
  704: 'ConnectionSetupFailed',
  705: 'ConnectionSetupInProgress',
  706: 'ConnectionNotConfigured',
  707: 'DisconnectInProgress',
  708: 'InvalidLayer2Address',
  709: 'InternetAccessDisabled',
  710: 'InvalidConnectionType',
  711: 'ConnectionAlreadyTerminated',
  713: 'SpecifiedArrayIndexInvalid',
  714: 'NoSuchEntryInArray',
  715: 'WildCardNotPermittedInSrcIP',
  716: 'WildCardNotPermittedInExtPort',
  718: 'ConflictInMappingEntry',
  // Version 1 only: a version 2 device must not send them, and some do.
  724: 'SamePortValuesRequired',
  725: 'OnlyPermanentLeasesSupported',
  726: 'RemoteHostOnlySupportsWildcard',
  727: 'ExternalPortOnlySupportsWildcard',
  // Version 2.
  728: 'NoPortMapsAvailable',
  729: 'ConflictWithOtherMechanisms',
  730: 'PortMappingNotFound',
  731: 'ReadOnly',
  732: 'WildCardNotPermittedInIntPort',
  733: 'InconsistentParameters',
};

/** WANIPv6FirewallControl:1, table 2-6. */
export const firewallFaults: Readonly<Record<number, string>> = {
  701: 'PinholeSpaceExhausted',
  702: 'FirewallDisabled',
  703: 'InboundPinholeNotAllowed',
  704: 'NoSuchEntry',
  705: 'ProtocolNotSupported',
  706: 'InternalPortWildcardingNotAllowed',
  707: 'ProtocolWildcardingNotAllowed',
  708: 'WildCardNotPermittedInSrcIP',
  709: 'NoTrafficReceived',
};

/** Layer3Forwarding:1, 2.4.1. */
export const forwardingFaults: Readonly<Record<number, string>> = {
  720: 'InvalidDeviceUUID',
  721: 'InvalidServiceID',
  723: 'InvalidConnServiceSelection',
};

const ANOTHER_PORT = 'Choose another port.';
const CLEAR_MAPPINGS = "Remove old mappings in the router's settings, or restart it.";
const NOT_OFFERED = "The router can't do this over UPnP: use its settings page.";
const REFRESH = 'The mapping does not exist: read the list of mappings again.';
const WAIT_FOR_INTERNET = "Check the router's Internet connection, then try again.";

/** The next step for a person, by the specification's name of a code. The router may be at fault for every other code. */
export const faultHints: Readonly<Record<string, string>> = {
  InvalidAction: NOT_OFFERED,
  ActionFailed: 'Try again. If that fails too, check whether the router is behind another router.',
  // WANIPConnection:2, 2.3.16; WANIPv6FirewallControl:1, 2.3.5.
  ArgumentValueOutOfRange: 'The longest lease is 604800 seconds (a week), of a pinhole 86400 seconds (a day).',
  OptionalActionNotImplemented: NOT_OFFERED,
  OutOfMemory: CLEAR_MAPPINGS,
  HumanInterventionRequired: "Confirm the change in the router's settings.",
  // TR-181, Device.NAT.PortMapping.Description: string(256).
  StringArgumentTooLong: 'Use a shorter description: routers take at most 256 characters, many fewer.',
  ActionNotAuthorized:
    "Allow UPnP port changes in the router's settings (on a FRITZ!Box, for each device). Many routers refuse ports below 1024.",
  ConnectionSetupFailed: WAIT_FOR_INTERNET,
  ConnectionSetupInProgress: WAIT_FOR_INTERNET,
  ConnectionNotConfigured: WAIT_FOR_INTERNET,
  DisconnectInProgress: WAIT_FOR_INTERNET,
  InternetAccessDisabled: WAIT_FOR_INTERNET,
  ConnectionAlreadyTerminated: WAIT_FOR_INTERNET,
  SpecifiedArrayIndexInvalid: REFRESH,
  NoSuchEntryInArray: REFRESH,
  PortMappingNotFound: REFRESH,
  ConflictInMappingEntry: ANOTHER_PORT,
  ConflictWithOtherMechanisms: ANOTHER_PORT,
  SamePortValuesRequired: 'Use the same number for the internal and the external port.',
  OnlyPermanentLeasesSupported: 'Use a lease of 0 seconds, which is permanent.',
  WildCardNotPermittedInSrcIP: 'Name one remote address, not any.',
  RemoteHostOnlySupportsWildcard: 'Leave the remote host empty.',
  NoPortMapsAvailable: CLEAR_MAPPINGS,
  ReadOnly: ALLOW_CHANGES,
  PinholeSpaceExhausted: 'Close old pinholes, or wait until they expire.',
  FirewallDisabled: 'No pinhole is needed: the IPv6 firewall of the router is off.',
  InboundPinholeNotAllowed: "Allow pinholes in the router's IPv6 firewall settings.",
  NoSuchEntry: 'The pinhole has expired: open a new one.',
  ProtocolNotSupported: 'Use TCP or UDP.',
  InternalPortWildcardingNotAllowed: 'Name one port, not any.',
  ProtocolWildcardingNotAllowed: 'Name one protocol, not any.',
  NoTrafficReceived: 'Send data to the port from outside, then check again.',
};

/** The specification's name of a service's code. */
export function faultName(faults: Readonly<Record<number, string>>, code: number | null): string {
  return code === null ? 'Unknown' : (faults[code] ?? commonFaults[code] ?? 'Unknown');
}
