/** What a renewal changes of a kept port. */
import { VirtualClock } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import type { Transport } from '../../ports.ts';
import { fakeMapper, leaseOf, mappedPort } from '../fake-mapper.test-support.ts';
import { droppedError, lapsedError } from './events.ts';
import { keptPort } from './keeper.test-support.ts';
import type { KeptPhase, KeptPort } from './kept-port.ts';
import { fail, lose, succeed } from './lease-state.ts';

const [LAPSED, DROPPED] = [lapsedError(leaseOf()), droppedError(leaseOf())];

const MAPPED = mappedPort(leaseOf(), fakeMapper());

interface Scene {
  readonly port: KeptPort;
  readonly emitted: unknown[];
}

function portIn(phase: KeptPhase): Scene {
  const emitted: unknown[] = [];
  const port = keptPort({ phase });
  port.emit = (event) => emitted.push(event);
  return { port, emitted };
}

function sources(): Pick<Transport, 'clock' | 'random'> {
  return { clock: new VirtualClock(), random: { fraction: () => 0.5 } };
}

describe('after a success', () => {
  it('a port is mapped, and due just before half of its lease', () => {
    const { port } = portIn('lost');
    Object.assign(port, { failures: 3, error: LAPSED });
    succeed(port, MAPPED, sources());
    expect(port).toMatchObject({ phase: 'mapped', failures: 0, error: null, lease: MAPPED.granted });
    expect(port.dueAt).toBeCloseTo(1_710_000, 3);
  });

  it('a port that was closed meanwhile keeps the lease that is to be released, and stays closed', () => {
    const { port } = portIn('closed');
    succeed(port, MAPPED, sources());
    expect(port).toMatchObject({ phase: 'closed', dueAt: 0, lease: MAPPED.granted });
  });
});

describe('after a failure', () => {
  it.each([
    ['the pause, while the lease lasts longer', 60_000, 5_000],
    ['when the lease ends', 4_000, 4_000],
  ])('a port is due after %s', (_when, endsAt, dueAt) => {
    const { port, emitted } = portIn('mapped');
    fail(port, LAPSED, endsAt, sources());
    expect(port).toMatchObject({ phase: 'mapped', failures: 1, error: null, dueAt });
    expect(emitted).toEqual([]);
  });

  it('a port whose lease has ended is lost', () => {
    const { port, emitted } = portIn('mapped');
    fail(port, LAPSED, null, sources());
    expect(port).toMatchObject({ phase: 'lost', failures: 1, dueAt: 5_000 });
    expect(emitted).toEqual([{ kind: 'lost', error: LAPSED, retryInMs: 5_000 }]);
  });
});

describe('a loss', () => {
  it.each(['waiting', 'mapped'] as const)('of a port that is %s is told', (phase) => {
    const { port, emitted } = portIn(phase);
    lose(port, DROPPED, 5);
    expect(port).toMatchObject({ phase: 'lost', error: DROPPED });
    expect(emitted).toEqual([{ kind: 'lost', error: DROPPED, retryInMs: 5 }]);
  });

  it.each(['lost', 'closed'] as const)('of a port that is %s changes its error alone', (phase) => {
    const { port, emitted } = portIn(phase);
    lose(port, DROPPED, 5);
    expect(port).toMatchObject({ phase, error: DROPPED });
    expect(emitted).toEqual([]);
  });
});
