import type { OnThrown } from '../internal/event-stream.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import type { MonitorOptions, PortMapper } from '../port-mapper.ts';
import type { Find } from './find-or-give-up.ts';

export interface KeeperOptions {
  /** The mapper to begin with; default: the one that `find` gives. */
  readonly mapper?: PortMapper | undefined;
  /**
   * How a mapper is found, at first and when its gateway has vanished; default: {@link findMapper}. The signal aborts when
   * nobody waits for it any more.
   */
  readonly find?: Find | undefined;
  /** The ledger of what is mapped, written down in a file for {@link cleanUpAfterCrash}; default: one without a file. */
  readonly leases?: LeaseStore | undefined;
  /** How the gateway is watched meanwhile; events are off by default. */
  readonly watch?: MonitorOptions | undefined;
  /**
   * Is told what a listener, or the file of the ledger, has thrown. The other listeners are told all the same, and the
   * mappings are kept. Default: it becomes a rejection that nobody handles, so that the runtime tells of it as of any
   * mistake in a program; so does what this function throws. What `find` and `policy` throw is told by `lost`.
   */
  readonly onThrown?: OnThrown | undefined;
}
