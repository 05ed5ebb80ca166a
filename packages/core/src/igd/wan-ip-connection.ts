import { connectionActions, mappingActions, rangeActions } from './connection-actions.ts';
import { connectionFaults } from './fault-codes.ts';

/** WANIPConnection, versions 1 and 2: an Internet connection by IP, and its port mappings. */
export interface WanIpConnection {
  readonly name: 'WANIPConnection';
  readonly actions: typeof connectionActions & typeof mappingActions & typeof rangeActions;
  readonly faults: typeof connectionFaults;
}

export const wanIpConnection: WanIpConnection = {
  name: 'WANIPConnection',
  // A bundler keeps a spread that nobody needs, since it may call a getter, but drops an unneeded call marked as pure.
  actions: /* @__PURE__ */ (() => ({ ...connectionActions, ...mappingActions, ...rangeActions }))(),
  faults: connectionFaults,
};
