import type { PortName } from './contract-case.ts';
import { assertArguments, TEXT, withFunctions } from '@portwright/core/internal';
import {
  assertSubject,
  bindCases,
  type CaseResult,
  PORT_NAMES,
  strayExcuses,
  type TransportSubject,
} from './check-transport.ts';

/** What is used of Vitest, of Jest or of node:test. */
export interface TestFramework {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: ((name: string, body: () => Promise<void>) => unknown) & {
    readonly skip: (name: string, body: () => Promise<void>) => unknown;
  };
}

/**
 * Checks a transport as tests: one for each case of each port that the subject has. What the subject or its peer can't do
 * is skipped, and the reason stands in the test's name.
 *
 * @example
 * ```ts
 * import { describe, test } from 'vitest';
 *
 * describeTransport({ describe, test }, 'my transport', { ports: myTransport(), peer: nodePeer(), clock: nodeClock() });
 * ```
 */
export function describeTransport(framework: TestFramework, name: string, subject: TransportSubject): void {
  const isFramework = withFunctions('a test framework: { describe, test }', 'describe', 'test', 'test.skip');
  assertArguments(['framework', framework, isFramework], ['name', name, TEXT]);
  assertSubject(subject);
  const { describe, test } = framework;
  describe(`the contract of ${name}`, () => {
    test('every excuse is for a case', () => reject(strayExcuses(subject).join(', ')));
    for (const port of PORT_NAMES) {
      describe(port, () => {
        describePort({ describe, test }, port, subject);
      });
    }
  });
}

function describePort({ test }: TestFramework, port: PortName, subject: TransportSubject): void {
  const cases = bindCases(port, subject);
  if (cases.length === 0) test.skip(`${port}: this transport has no such port`, () => Promise.resolve());
  for (const { id, what, clause, skipped, run } of cases) {
    const title = `${id}: ${what}`;
    if (skipped === null) test(title, async () => reject(complaint(await run(), clause)));
    else test.skip(`${title} (skipped: ${skipped})`, () => Promise.resolve());
  }
}

/** What test frameworks understand: an exception. */
function reject(message: string): Promise<void> {
  return message === '' ? Promise.resolve() : Promise.reject(new Error(message));
}

function complaint({ id, verdict, expected = '', actual = '' }: CaseResult, clause: string): string {
  return verdict === 'passed'
    ? ''
    : `${id} ${verdict}\n  expected: ${expected}\n  actual:   ${actual}\n  clause:   ${clause}`;
}
