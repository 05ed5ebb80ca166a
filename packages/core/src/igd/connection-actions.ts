/**
 * The actions that WANIPConnection and WANPPPConnection share, with the same arguments. Argument names and order are
 * those of WANIPConnection:1, 2.4, and WANIPConnection:2, 2.5.
 */

export const connectionActions = {
  SetConnectionType: { in: { NewConnectionType: 'string' }, out: {} },
  GetConnectionTypeInfo: { in: {}, out: { NewConnectionType: 'string', NewPossibleConnectionTypes: 'string?' } },
  RequestConnection: { in: {}, out: {} },
  RequestTermination: { in: {}, out: {} },
  ForceTermination: { in: {}, out: {} },
  /** Seconds. */
  SetAutoDisconnectTime: { in: { NewAutoDisconnectTime: 'ui4' }, out: {} },
  SetIdleDisconnectTime: { in: { NewIdleDisconnectTime: 'ui4' }, out: {} },
  SetWarnDisconnectDelay: { in: { NewWarnDisconnectDelay: 'ui4' }, out: {} },
  /** The status is empty on an Archer AX1800, the uptime a text on an ER605, the last error empty on a Netgear. */
  GetStatusInfo: {
    in: {},
    out: { NewConnectionStatus: 'string?', NewLastConnectionError: 'string?', NewUptime: 'count?' },
  },
  GetAutoDisconnectTime: { in: {}, out: { NewAutoDisconnectTime: 'count?' } },
  GetIdleDisconnectTime: { in: {}, out: { NewIdleDisconnectTime: 'count?' } },
  GetWarnDisconnectDelay: { in: {}, out: { NewWarnDisconnectDelay: 'count?' } },
  GetNATRSIPStatus: { in: {}, out: { NewRSIPAvailable: 'boolean?', NewNATEnabled: 'boolean?' } },
} as const;

export const mappingActions = {
  GetGenericPortMappingEntry: {
    in: { NewPortMappingIndex: 'ui2' },
    out: {
      NewRemoteHost: 'string?',
      NewExternalPort: 'ui2',
      NewProtocol: 'protocol',
      NewInternalPort: 'ui2',
      NewInternalClient: 'string',
      NewEnabled: 'boolean?',
      NewPortMappingDescription: 'string?',
      NewLeaseDuration: 'ui4?',
    },
  },
  GetSpecificPortMappingEntry: {
    in: { NewRemoteHost: 'string', NewExternalPort: 'ui2', NewProtocol: 'protocol' },
    out: {
      NewInternalPort: 'ui2',
      NewInternalClient: 'string',
      NewEnabled: 'boolean?',
      NewPortMappingDescription: 'string?',
      NewLeaseDuration: 'ui4?',
    },
  },
  AddPortMapping: {
    in: {
      NewRemoteHost: 'string',
      NewExternalPort: 'ui2',
      NewProtocol: 'protocol',
      NewInternalPort: 'ui2',
      NewInternalClient: 'string',
      NewEnabled: 'boolean',
      NewPortMappingDescription: 'string',
      NewLeaseDuration: 'ui4',
    },
    out: {},
  },
  DeletePortMapping: { in: { NewRemoteHost: 'string', NewExternalPort: 'ui2', NewProtocol: 'protocol' }, out: {} },
  GetExternalIPAddress: { in: {}, out: { NewExternalIPAddress: 'string' } },
} as const;

/** Since WANIPConnection:2. Some version 1 services have them too (OpenWrt, Neufbox, Funbox). */
export const rangeActions = {
  AddAnyPortMapping: {
    in: {
      NewRemoteHost: 'string',
      NewExternalPort: 'ui2',
      NewProtocol: 'protocol',
      NewInternalPort: 'ui2',
      NewInternalClient: 'string',
      NewEnabled: 'boolean',
      NewPortMappingDescription: 'string',
      NewLeaseDuration: 'ui4',
    },
    out: { NewReservedPort: 'ui2' },
  },
  /** miniupnpd 2.3.1 ignores NewManage here: on a shared gateway this deletes other hosts' mappings. */
  DeletePortMappingRange: {
    in: { NewStartPort: 'ui2', NewEndPort: 'ui2', NewProtocol: 'protocol', NewManage: 'boolean' },
    out: {},
  },
  GetListOfPortMappings: {
    in: {
      NewStartPort: 'ui2',
      NewEndPort: 'ui2',
      NewProtocol: 'protocol',
      NewManage: 'boolean',
      /** The most entries to list; 0 for all of them. */
      NewNumberOfPorts: 'ui2',
    },
    out: { NewPortListing: 'string' },
  },
} as const;
