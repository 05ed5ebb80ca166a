import type { Transport } from '@portwright/core';
import { nodeTransport } from '@portwright/transport-node';

/** Where to do it. */
export interface OnTransport {
  /** Default: this machine's network, by {@link nodeTransport}. */
  readonly transport?: Transport | undefined;
}

/** The transport to use. What are no options is not read: the core says what is wrong with them. */
export function transportIn(
  options: (OnTransport & { readonly allowHostName?: boolean | undefined }) | null | undefined,
): Transport {
  const transport = options?.transport;
  // Null is a mistake, and no wish for the real network.
  return transport === undefined
    ? nodeTransport({ http: { allowHostNames: options?.allowHostName === true } })
    : transport;
}
