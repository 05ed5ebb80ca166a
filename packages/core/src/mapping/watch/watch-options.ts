import type { ConnectionState } from '../../client/connection-state.ts';
import type { AbortSignalLike } from '../../ports.ts';
import type { OnThrown } from '../internal/channel.ts';

export interface WatchOptions {
  /** Milliseconds from one poll to the next; default 120000. Five times as long while events arrive. */
  readonly pollMs?: number | undefined;
  /**
   * Whether to subscribe to events, if the transport can listen for them. Default: false, since that opens a port on this
   * host, and its firewall may ask the user about it.
   */
  readonly events?: boolean | undefined;
  /** Whether to listen for announcements; default true. */
  readonly announcements?: boolean | undefined;
  /**
   * Whether the mappings of this host are still on the gateway. Called when an announcement may be the first one after a
   * restart; `false` confirms the restart. The signal aborts when the watch is closed.
   */
  readonly stillStands?: ((signal: AbortSignalLike) => Promise<boolean>) | undefined;
  /** The gateway's state, if it is known; default: the watch asks for it first. */
  readonly state?: ConnectionState | null | undefined;
  /**
   * Called with an error that a listener has thrown; the other listeners are called, and the watch goes on. Default: an
   * unhandled rejection, so that the runtime reports it.
   */
  readonly onThrown?: OnThrown | undefined;
}
