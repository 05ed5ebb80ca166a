import type { ClockPort, Transport } from '@portwright/core';
import { bindCases, type CaseResult } from '../check-transport.ts';
import type { PortName } from '../contract-case.ts';
import type { Peer } from '../peer.ts';

/** One transport, and its peer, for each case: a defect of one must not reach another. */
export interface Surroundings {
  readonly ports: Partial<Transport>;
  readonly peer: Peer;
  readonly clock: ClockPort;
}

/** Runs the cases of a port side by side, each in surroundings of its own. */
export function checkAll(name: PortName, make: () => Surroundings): Promise<readonly CaseResult[]> {
  const count = bindCases(name, make()).length;
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const one = bindCases(name, make())[index];
      return one === undefined ? { id: `${index}`, verdict: 'inconclusive' as const } : one.run();
    }),
  );
}

/** The cases that have found something. */
export function flagged(results: readonly CaseResult[]): readonly string[] {
  return results.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id);
}
