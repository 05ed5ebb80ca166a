import type { ConnectionState } from '../../client/connection-state.ts';
import type { AbortSignalLike } from '../../ports.ts';
import type { OnThrown } from '../internal/event-stream.ts';
import type { MonitorOptions } from '../port-mapper.ts';

export interface WatchOptions extends MonitorOptions {
  /**
   * Whether the mappings of this host are still on the gateway. Called when an announcement may be the first one after a
   * restart; `false` confirms the restart. The signal aborts when the watch is closed.
   */
  readonly isStillMapped?: ((signal: AbortSignalLike) => Promise<boolean>) | undefined;
  /** The gateway's state, if it is known; default: the watch asks for it first. */
  readonly state?: ConnectionState | null | undefined;
  /**
   * Called with an error that a listener has thrown; the other listeners are called, and the watch goes on. Default: an
   * unhandled rejection, so that the runtime reports it.
   */
  readonly onThrown?: OnThrown | undefined;
}
