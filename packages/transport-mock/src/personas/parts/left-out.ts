/** Getting and setting the three times: 12 of the 18 actions of WANIPConnection:1 are there without them. */
export const TIMES: readonly string[] = [
  'SetAutoDisconnectTime',
  'SetIdleDisconnectTime',
  'SetWarnDisconnectDelay',
  'GetAutoDisconnectTime',
  'GetIdleDisconnectTime',
  'GetWarnDisconnectDelay',
];

/** What miniupnpd leaves out, and with it most routers of the survey: 11 are there without them. */
export const TIMES_AND_TERMINATION: readonly string[] = ['RequestTermination', ...TIMES];

/** What only WANPPPConnection has, but for GetLinkLayerMaxBitRates, which is required. */
export const PPP_DETAILS: readonly string[] = [
  'ConfigureConnection',
  'GetPPPEncryptionProtocol',
  'GetPPPCompressionProtocol',
  'GetPPPAuthenticationProtocol',
  'GetUserName',
  'GetPassword',
];

export const VERSION_2_ACTIONS: readonly string[] = [
  'AddAnyPortMapping',
  'GetListOfPortMappings',
  'DeletePortMappingRange',
];
