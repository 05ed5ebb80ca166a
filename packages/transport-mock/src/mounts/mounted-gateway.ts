import type { ClockPort } from '@portwright/core';
import type { GatewayMachine } from '../gateway-machine.ts';
import type { ClientNetwork } from '../network/client.ts';

/** What a mount is attached to: the part of a SimulatedGateway that it needs. */
export interface MountedGateway {
  readonly machine: GatewayMachine;
  /** On which the gateway's delays pass. */
  readonly clock: ClockPort;
  /** Where its clients are. */
  readonly network: ClientNetwork;
}
