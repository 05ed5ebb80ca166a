import type { AbortSignalLike } from '../../ports.ts';
import type { Owner } from '../attempts.ts';
import type { PortMapper } from '../port-mapper.ts';
import type { KeepError, KeptEvent } from './events.ts';

/** What a gateway monitor tells its keeper, and asks of it. */
export interface MonitorDelegate {
  /** Who has the port of a lease that should be on a gateway: one speaks for all of them. Null where there is none. */
  ownerOn(mapper: PortMapper, signal: AbortSignalLike): Promise<Owner | null>;
  /** Something has to be done before it was due. */
  wake(): void;
  /** Whatever was active may be gone. */
  onDoubt(): void;
  /** There is no gateway; the next search is in so many milliseconds. */
  onNone(error: KeepError, retryInMs: number): void;
  onAddress(event: KeptEvent & { readonly kind: 'externalAddress' }): void;
  /** The identity of the gateway that there was. */
  lastGateway(): string | null;
}
