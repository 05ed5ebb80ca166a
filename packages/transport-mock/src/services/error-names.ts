/** A service's own codes, and what they are called. */
export type ErrorNames = Readonly<Record<number, string>>;

/** UDA 1.1, 3.2.2: the codes of every service. */
const COMMON: ErrorNames = {
  401: 'Invalid Action',
  402: 'Invalid Args',
  404: 'Invalid Var',
  501: 'Action Failed',
  600: 'Argument Value Invalid',
  601: 'Argument Value Out of Range',
  602: 'Optional Action Not Implemented',
  603: 'Out of Memory',
  604: 'Human Intervention Required',
  605: 'String Argument Too Long',
  606: 'Action not authorized',
};

/** WANIPConnection:2, table 2-51: the codes of version 1 are among them. */
export const WAN_CONNECTION_ERRORS: ErrorNames = {
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
  724: 'SamePortValuesRequired',
  725: 'OnlyPermanentLeasesSupported',
  726: 'RemoteHostOnlySupportsWildcard',
  727: 'ExternalPortOnlySupportsWildcard',
  728: 'NoPortMapsAvailable',
  729: 'ConflictWithOtherMechanisms',
  730: 'PortMappingNotFound',
  731: 'ReadOnly',
  732: 'WildCardNotPermittedInIntPort',
  733: 'InconsistentParameters',
};

export const IPV6_FIREWALL_ERRORS: ErrorNames = {
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

export const LAYER3_FORWARDING_ERRORS: ErrorNames = {
  720: 'InvalidDeviceUUID',
  721: 'InvalidServiceID',
  723: 'InvalidConnServiceSelection',
};

export const WAN_COMMON_INTERFACE_ERRORS: ErrorNames = { 713: 'SpecifiedArrayIndexInvalid' };

/** What a code is called in the service with these names: 701 to 709 mean different things in different ones. */
export function errorName(own: ErrorNames, code: number): string {
  return COMMON[code] ?? own[code] ?? 'Vendor-defined error';
}
