import { registerMockTransport } from '@portwright/transport-mock/tsyringe';
import { nodeClock } from '@portwright/transport-node';
import type { DependencyContainer } from 'tsyringe';

/** The simulated gateway, on real time: a search takes as long as one, and Ctrl-C can end it. */
export function registerSimulation(container: DependencyContainer): void {
  registerMockTransport(container, { clock: nodeClock() });
}
