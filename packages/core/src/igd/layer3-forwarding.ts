import { forwardingFaults } from './fault-codes.ts';

const actions = {
  /** The value is `uuid:...:WANConnectionDevice:n,serviceId`. */
  SetDefaultConnectionService: { in: { NewDefaultConnectionService: 'string' }, out: {} },
  GetDefaultConnectionService: { in: {}, out: { NewDefaultConnectionService: 'string' } },
} as const;

/** Layer3Forwarding:1: which connection service is the default route (2.4). */
export interface Layer3Forwarding {
  readonly name: 'Layer3Forwarding';
  readonly actions: typeof actions;
  readonly faults: typeof forwardingFaults;
}

export const layer3Forwarding: Layer3Forwarding = { name: 'Layer3Forwarding', actions, faults: forwardingFaults };
