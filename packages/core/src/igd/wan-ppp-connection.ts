import { connectionActions, mappingActions, rangeActions } from './connection-actions.ts';
import { connectionFaults } from './fault-codes.ts';

/** What WANPPPConnection:1 adds to an IP connection (2.4). */
export const pppActions = {
  ConfigureConnection: { in: { NewUserName: 'string', NewPassword: 'string' }, out: {} },
  /** Bits per second. */
  GetLinkLayerMaxBitRates: { in: {}, out: { NewUpstreamMaxBitRate: 'count?', NewDownstreamMaxBitRate: 'count?' } },
  GetPPPEncryptionProtocol: { in: {}, out: { NewPPPEncryptionProtocol: 'string' } },
  GetPPPCompressionProtocol: { in: {}, out: { NewPPPCompressionProtocol: 'string' } },
  GetPPPAuthenticationProtocol: { in: {}, out: { NewPPPAuthenticationProtocol: 'string' } },
  GetUserName: { in: {}, out: { NewUserName: 'string' } },
  GetPassword: { in: {}, out: { NewPassword: 'string' } },
} as const;

/**
 * WANPPPConnection:1: an Internet connection by PPP, and its port mappings. The range actions are WANIPConnection:2's;
 * a Funbox has them here, and version 2 of this service has been seen on a Livebox.
 */
export interface WanPppConnection {
  readonly name: 'WANPPPConnection';
  readonly actions: typeof connectionActions & typeof pppActions & typeof mappingActions & typeof rangeActions;
  readonly faults: typeof connectionFaults;
}

export const wanPppConnection: WanPppConnection = {
  name: 'WANPPPConnection',
  // A bundler keeps a spread that nobody needs, since it may call a getter, but drops an unneeded call marked as pure.
  actions: /* @__PURE__ */ (() => ({ ...connectionActions, ...pppActions, ...mappingActions, ...rangeActions }))(),
  faults: connectionFaults,
};
