/**
 * The composition root: the one place where it is decided which network a run is on. reflect-metadata is the
 * application's to import, and has to come before tsyringe; `lite` does without its polyfills.
 */
import 'reflect-metadata/lite';
import { DATAGRAM_PORT, type DatagramPort } from '@portwright/core';
import { nodeDatagram, type NodeTransportOptions } from '@portwright/transport-node';
import { registerNodeTransport } from '@portwright/transport-node/tsyringe';
import { container, type DependencyContainer } from 'tsyringe';
import type { HeadStart } from './early-search.ts';

export interface Composition extends NodeTransportOptions {
  /** A simulated gateway in this process's memory, in place of the network. It is gone when the process ends. */
  readonly simulate: boolean;
  /** The search that has begun on the real network. */
  readonly headStart?: HeadStart | undefined;
}

/** A container of its own for one run, with core's TRANSPORT and the five ports. */
export async function compose({ simulate, headStart, ...options }: Composition): Promise<DependencyContainer> {
  const run = container.createChildContainer();
  if (simulate) {
    (await import('./simulated-transport.ts')).registerSimulation(run);
  } else {
    registerNodeTransport(run, options);
    // The later registration counts.
    if (headStart !== undefined) {
      run.register<DatagramPort>(DATAGRAM_PORT, { useValue: headStart.join(nodeDatagram()) });
    }
  }
  return run;
}
