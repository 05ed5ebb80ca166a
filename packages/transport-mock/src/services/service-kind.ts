/** The services that are simulated. `WANIPConnection:1+` and its like: version 1 that has the actions of version 2. */
export type ServiceKind =
  | 'Layer3Forwarding:1'
  | 'WANCommonInterfaceConfig:1'
  | 'WANIPConnection:1'
  | 'WANIPConnection:1+'
  | 'WANIPConnection:2'
  | 'WANIPv6FirewallControl:1'
  | 'WANPPPConnection:1'
  | 'WANPPPConnection:1+'
  | 'WANPPPConnection:2';
