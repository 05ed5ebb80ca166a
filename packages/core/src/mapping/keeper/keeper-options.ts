import type { OnThrown } from '../internal/event-stream.ts';
import type { FindMapperOptions } from '../find-mapper.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import type { MonitorOptions, PortMapper } from '../port-mapper.ts';
import type { Find } from './find-or-give-up.ts';

export interface KeeperOptions {
  /** The first mapper; default: the one that `find` finds. */
  readonly mapper?: PortMapper | undefined;
  /**
   * Finds a mapper: the first one, and another one when the gateway is gone; default: {@link findMapper}. The signal aborts
   * when the keeper is closed; `lastVia` is the protocol of a lease that there is.
   */
  readonly find?: Find | undefined;
  /** The protocols to open ports by, the preferred one first, for the default `find`. Default: {@link FindMapperOptions.via} */
  readonly via?: FindMapperOptions['via'];
  /** The ledger of the leases, with a file for {@link cleanUpAfterCrash}; default: a ledger without a file. */
  readonly leases?: LeaseStore | undefined;
  /** How the gateway is watched; events are off by default. */
  readonly watch?: MonitorOptions | undefined;
  /**
   * Called with every exception of a listener, or of the ledger's file. The other listeners are called, and the ports are
   * kept. Default: the exception becomes an unhandled rejection, which the runtime reports; so does an exception of this
   * function. Exceptions of `find` and `policy` come as `lost` events.
   */
  readonly onThrown?: OnThrown | undefined;
}
