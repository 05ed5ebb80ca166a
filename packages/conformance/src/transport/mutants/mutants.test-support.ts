import type { ClockPort, Transport } from '@portwright/core';
import { expect } from 'vitest';
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

/** One case, and only that one, has found something. */
export function expectFlagged(results: readonly CaseResult[], id: string): void {
  const failed = results.filter(({ verdict }) => verdict === 'failed');
  // With what was expected and seen, so that a case that should have passed says why it did not.
  expect(failed).toMatchObject([{ id }]);
}
