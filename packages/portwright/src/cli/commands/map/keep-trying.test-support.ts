/** `map --keep` on a simulated network where the port can't be mapped at first. */
import { err } from '@portwright/core/result';
import {
  simulateGateway,
  type FaultDefinition,
  type SimulatedGateway,
  type SimulateGatewayOptions,
  type VirtualClock,
} from '@portwright/transport-mock';
import type { DependencyContainer } from 'tsyringe';
import { run, simulated, type Run, type RunOptions } from '../../host.test-support.ts';

/** A network without a router. */
export async function deserted(): Promise<{
  readonly container: DependencyContainer;
  readonly gone: SimulatedGateway;
}> {
  const { container, router } = simulated();
  await router.close();
  return { container, gone: router };
}

export function arriving(at: SimulatedGateway, options: SimulateGatewayOptions = {}): SimulatedGateway {
  return simulateGateway({ network: at.network, maxSearchDelayMs: 0, ...options });
}

/** Refuses while the line is not up. @param protocol - the only one that it refuses */
export function lineDown(isUp: () => boolean, protocol?: string): FaultDefinition & { readonly name: string } {
  return {
    name: 'line-down',
    row: 0,
    what: 'the line is not up yet',
    remedy: 'waits',
    on: ['AddPortMapping', 'AddAnyPortMapping'],
    hooks: () => ({
      action: (call, proceed) =>
        isUp() || (protocol !== undefined && call.args.get('NewProtocol') !== protocol)
          ? proceed()
          : err({ code: 501 }),
    }),
  };
}

/** Connections are refused. */
export const deaf: FaultDefinition & { readonly name: string } = {
  name: 'deaf',
  row: 0,
  what: 'connections are refused',
  remedy: 'waits',
  on: ['control', 'description'],
  hooks: () => ({ outcome: () => ({ kind: 'failure', code: 'refused', cause: 'ECONNREFUSED', delayMs: 0 }) }),
};

export interface Kept extends Run {
  /** On the clock, from the moment when it first said that it waits. */
  readonly mappedAfterMs: number | null;
  /** How often it said so. */
  readonly waitings: number;
}

/**
 * Runs `map 7777 --keep`, and presses Ctrl-C as soon as the port is kept.
 *
 * @param later - what happens, by the seconds from the moment when it first says that it waits
 */
export async function keep(
  clock: VirtualClock,
  options: RunOptions & {
    readonly argv?: readonly string[];
    readonly argvEnd?: readonly string[];
    readonly onMapped?: () => unknown;
  },
  later: Readonly<Record<number, (interrupt: () => void) => unknown>> = {},
): Promise<Kept> {
  const interrupt = new AbortController();
  const stop = (): void => {
    interrupt.abort();
  };
  let waitsSince: number | null = null;
  let mappedAfterMs: number | null = null;
  let waitings = 0;
  const onWaiting = (): void => {
    waitings += 1;
    if (waitsSince !== null) return;
    waitsSince = clock.now();
    for (const [seconds, happen] of Object.entries(later)) {
      void clock.sleep(Number(seconds) * 1000).then(() => happen(stop));
    }
  };
  const onStdout = (text: string): void => {
    if (text.includes('"event":"waiting"')) onWaiting();
    if (/Press Ctrl-C|"event":"mapped"/.test(text)) {
      mappedAfterMs = clock.now() - (waitsSince ?? 0);
      onMapped?.();
      stop();
    }
  };
  const onStderr = (text: string): void => {
    if (text.includes('Waiting')) onWaiting();
  };
  const { argv = ['map', '7777', '--keep'], argvEnd = [], onMapped, ...others } = options;
  const ended = await run([...argv, ...argvEnd], { signal: interrupt.signal, onStdout, onStderr, ...others });
  return { ...ended, mappedAfterMs, waitings };
}
