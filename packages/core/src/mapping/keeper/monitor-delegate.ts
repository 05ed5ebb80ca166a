import type { AbortSignalLike } from '../../ports.ts';
import type { Owner } from '../attempts.ts';
import type { PortMapper } from '../port-mapper.ts';
import type { Lease } from '../types.ts';
import type { KeepError, KeptEvent } from './events.ts';

/** The keeper of a gateway monitor. */
export interface MonitorDelegate {
  /** Reads the owner of one lease that should be on a gateway: it stands for all of them. Null if there is none. */
  ownerOn(mapper: PortMapper, signal: AbortSignalLike): Promise<Owner | null>;
  /** A task is due earlier than planned. */
  wake(): void;
  /** Every active lease may be gone. */
  onDoubt(): void;
  /** There is no gateway; the next search is in so many milliseconds. */
  onNone(error: KeepError, retryInMs: number): void;
  onAddress(event: KeptEvent & { readonly kind: 'externalAddress' }): void;
  /** A lease on the gateway that there is, or was. */
  lastLease(): Lease | null;
}
