/**
 * The composition root: decides which network a run uses. The application must import reflect-metadata, before tsyringe.
 * `lite` leaves out its polyfills.
 */
import 'reflect-metadata/lite';
import { DATAGRAM_PORT, type DatagramPort } from '@portwright/core';
import { nodeDatagram, type NodeTransportOptions } from '@portwright/transport-node';
import { registerNodeTransport } from '@portwright/transport-node/tsyringe';
import { container, type DependencyContainer } from 'tsyringe';
import type { EarlySearch } from './early-search.ts';

export interface Composition extends NodeTransportOptions {
  /** A simulated gateway in this process's memory, in place of the network. It is gone when the process ends. */
  readonly simulate: boolean;
  readonly earlySearch?: EarlySearch | undefined;
}

/** A container for one run, with core's TRANSPORT and the five ports. */
export async function createContainer({
  simulate,
  earlySearch,
  ...options
}: Composition): Promise<DependencyContainer> {
  const run = container.createChildContainer();
  if (simulate) {
    (await import('./simulated-transport.ts')).registerSimulation(run);
  } else {
    registerNodeTransport(run, options);
    // The later registration wins.
    if (earlySearch !== undefined) {
      run.register<DatagramPort>(DATAGRAM_PORT, { useValue: earlySearch.join(nodeDatagram()) });
    }
  }
  return run;
}
