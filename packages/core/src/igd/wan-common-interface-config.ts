const actions = {
  SetEnabledForInternet: { in: { NewEnabledForInternet: 'boolean' }, out: {} },
  GetEnabledForInternet: { in: {}, out: { NewEnabledForInternet: 'boolean' } },
  /** Bits per second. */
  GetCommonLinkProperties: {
    in: {},
    out: {
      NewWANAccessType: 'string?',
      NewLayer1UpstreamMaxBitRate: 'count?',
      NewLayer1DownstreamMaxBitRate: 'count?',
      NewPhysicalLinkStatus: 'string?',
    },
  },
  GetWANAccessProvider: { in: {}, out: { NewWANAccessProvider: 'string' } },
  GetMaximumActiveConnections: { in: {}, out: { NewMaximumActiveConnections: 'count?' } },
  /** By the book, the four counters are 32 bits wide and wrap around; those of stock miniupnpd have 64 bits. */
  GetTotalBytesSent: { in: {}, out: { NewTotalBytesSent: 'count?' } },
  GetTotalBytesReceived: { in: {}, out: { NewTotalBytesReceived: 'count?' } },
  GetTotalPacketsSent: { in: {}, out: { NewTotalPacketsSent: 'count?' } },
  GetTotalPacketsReceived: { in: {}, out: { NewTotalPacketsReceived: 'count?' } },
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
