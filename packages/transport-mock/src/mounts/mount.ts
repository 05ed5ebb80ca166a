import type { Endpoint, HttpRequest } from '@portwright/core';
import type { HttpOutcome } from '../network/network-host.ts';

/**
 * Where a simulated gateway can be reached, from the gateway's side: what it sends of its own accord goes out here. What
 * it is asked comes in through its NetworkHost.
 */
export interface Mount {
  /** An announcement, from one of the gateway's addresses to a port of a multicast group. */
  multicast(payload: Uint8Array, from: Endpoint, to: Endpoint): void;
  /**
   * A request of the gateway's own, from one of its addresses: an event for a subscriber. Null: this mount can't reach
   * that host. `delayMs` of the outcome is what is still to pass.
   */
  request(request: HttpRequest, from: string): Promise<HttpOutcome | null>;
  /** Its addresses or its port are others than before. */
  moved(): void;
}
