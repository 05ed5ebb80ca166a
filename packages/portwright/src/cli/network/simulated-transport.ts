import { CLOCK_PORT, type AbortSignalLike, type ClockPort } from '@portwright/core';
import { registerMockTransport } from '@portwright/transport-mock/tsyringe';
import { nodeClock } from '@portwright/transport-node';
import type { DependencyContainer } from 'tsyringe';

/** The simulated gateway on real time: a search takes its usual time, and Ctrl-C can end it. */
export function registerSimulation(container: DependencyContainer): void {
  const real = nodeClock();
  const sleep: ClockPort['sleep'] = (ms, signal) =>
    ms > LONGEST_EXCHANGE_MS ? sleepInBackground(ms, signal) : real.sleep(ms, signal);
  registerMockTransport(container, { clock: { ...real, sleep } });
  // The client's own waits keep the process alive, as on a real network. The later registration wins.
  container.register<ClockPort>(CLOCK_PORT, { useFactory: () => real });
}

/** The gateway waits longer than this only for the end of a lease or of a subscription. */
const LONGEST_EXCHANGE_MS = 60_000;
/** The longest delay of setTimeout, about 25 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Does not keep the process alive: the gateway ends with it. */
function sleepInBackground(ms: number, signal: AbortSignalLike | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, Math.min(ms, MAX_TIMER_MS)).unref();
    if (signal?.aborted === true) wake();
    else signal?.addEventListener('abort', wake);
  });
}
