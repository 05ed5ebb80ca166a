const actions = {
  SetEnabledForInternet: { in: { NewEnabledForInternet: 'boolean' }, out: {} },
  GetEnabledForInternet: { in: {}, out: { NewEnabledForInternet: 'boolean' } },
  /** Bits per second. */
  GetCommonLinkProperties: {
    in: {},
    out: {
      NewWANAccessType: 'string?',
      NewLayer1UpstreamMaxBitRate: 'ui4?',
      NewLayer1DownstreamMaxBitRate: 'ui4?',
      NewPhysicalLinkStatus: 'string?',
    },
  },
  GetWANAccessProvider: { in: {}, out: { NewWANAccessProvider: 'string' } },
  GetMaximumActiveConnections: { in: {}, out: { NewMaximumActiveConnections: 'ui2' } },
  /** The four counters are 32 bits wide and wrap around. */
  GetTotalBytesSent: { in: {}, out: { NewTotalBytesSent: 'ui4' } },
  GetTotalBytesReceived: { in: {}, out: { NewTotalBytesReceived: 'ui4' } },
  GetTotalPacketsSent: { in: {}, out: { NewTotalPacketsSent: 'ui4' } },
  GetTotalPacketsReceived: { in: {}, out: { NewTotalPacketsReceived: 'ui4' } },
  GetActiveConnection: {
    in: { NewActiveConnectionIndex: 'ui2' },
    out: { NewActiveConnDeviceContainer: 'string', NewActiveConnectionServiceID: 'string' },
  },
} as const;

/** WANCommonInterfaceConfig:1: the physical link and its counters (2.4). */
export interface WanCommonInterfaceConfig {
  readonly name: 'WANCommonInterfaceConfig';
  readonly actions: typeof actions;
  readonly faults: Readonly<Record<number, string>>;
}

export const wanCommonInterfaceConfig: WanCommonInterfaceConfig = {
  name: 'WANCommonInterfaceConfig',
  actions,
  // GetActiveConnection is the only action with a code of its own.
  faults: { 713: 'SpecifiedArrayIndexInvalid' },
};
