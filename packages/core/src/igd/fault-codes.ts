/**
 * UPnP error codes. The same number means different things in different services, so each service has a table of its
 * own beside the common one.
 */

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

/** The next step for a person, by the specification's name of a code. */
export const faultHints: Readonly<Record<string, string>> = {
  ActionNotAuthorized:
    "Allow UPnP port changes in the router's settings, on a FRITZ!Box for each host. Ports below 1024 are often refused.",
  // WANIPConnection:2, 2.3.16; WANIPv6FirewallControl:1, 2.3.5.
  ArgumentValueOutOfRange: 'The longest lease is 604800 seconds (a week), of a pinhole 86400 seconds (a day).',
  // TR-181, Device.NAT.PortMapping.Description: string(256).
  StringArgumentTooLong: 'Use a shorter description: routers take 256 characters at most, many fewer.',
  ConflictInMappingEntry: 'Choose another port.',
  ConflictWithOtherMechanisms: 'Choose another port.',
  NoPortMapsAvailable: "Remove old mappings in the router's settings.",
  OnlyPermanentLeasesSupported: 'Ask for a lease of 0.',
};

/** The specification's name of a service's code. */
export function faultName(faults: Readonly<Record<number, string>>, code: number | null): string {
  return code === null ? 'Unknown' : (faults[code] ?? commonFaults[code] ?? 'Unknown');
}
