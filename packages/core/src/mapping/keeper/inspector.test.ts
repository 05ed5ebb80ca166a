import { VirtualClock } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { createAbort } from '../../abort.ts';
import type { Owner } from '../attempts.ts';
import { fakeMapper, leaseOf } from '../fake-mapper.test-support.ts';
import type { PortMapper } from '../port-mapper.ts';
import type { Lease } from '../types.ts';
import { Inspector } from './inspector.ts';
import { keptPort } from './keeper.test-support.ts';
import type { KeptPhase, KeptPort } from './kept-port.ts';

function kept(changes: Partial<Lease> = {}, phase: KeptPhase = 'mapped'): KeptPort {
  return keptPort({ phase, lease: leaseOf(changes) });
}

/** Ten mapped ports. Each inspection reads two of them. */
function ten(): readonly KeptPort[] {
  return Array.from({ length: 10 }, (_, index) => kept({ externalPort: 7000 + index }));
}

interface Reader {
  readonly clock: VirtualClock;
  readonly mapper: PortMapper;
  readonly inspector: Inspector;
  /** The external ports that were read. */
  readonly read: number[];
}

/** @param owners - the answers, in turn; the last one is repeated */
function reader(ports: readonly KeptPort[], owners: readonly Owner[], onRead?: (count: number) => void): Reader {
  const [clock, read] = [new VirtualClock(), [] as number[]];
  const mapper = fakeMapper({
    inspect: ({ externalPort }) => {
      read.push(externalPort);
      onRead?.(read.length);
      return Promise.resolve(owners[Math.min(read.length, owners.length) - 1] ?? 'unknown');
    },
  });
  return { clock, mapper, inspector: new Inspector(clock, new Set(ports)), read };
}

const GOING_ON = createAbort().signal;

describe('an inspection', () => {
  it('without a gateway reads nothing, and finds nothing gone', async () => {
    const { inspector, read } = reader(ten(), ['nobody']);
    expect(await inspector.inspect(null, GOING_ON)).toBe(false);
    expect(read).toEqual([]);
  });

  it('is due again two minutes later, also without a gateway', async () => {
    const { clock, inspector } = reader([], []);
    expect(inspector.dueAt).toBe(Infinity);
    await clock.advance(1_000);
    await inspector.inspect(null, GOING_ON);
    expect(inspector.dueAt).toBe(121_000);
  });

  it('reads a fifth of the ports, and the others at the next ones', async () => {
    const { clock, mapper, inspector, read } = reader(ten(), ['own']);
    for (let round = 0; round < 5; round += 1) {
      await clock.advance(1);
      expect(await inspector.inspect(mapper, GOING_ON)).toBe(false);
      expect(read).toHaveLength(2 * (round + 1));
    }
    expect(new Set(read).size).toBe(10);
  });

  it.each<[Owner, boolean, number]>([
    ['own', false, 2],
    ['nobody', true, 1],
    ['other', true, 1],
    ['unknown', false, 1],
  ])('that reads %s finds one gone: %s, after %i readings', async (owner, isGone, count) => {
    const { mapper, inspector, read } = reader(ten(), [owner]);
    expect(await inspector.inspect(mapper, GOING_ON)).toBe(isGone);
    expect(read).toHaveLength(count);
  });

  it('reads no port that is not mapped, and none of another gateway', async () => {
    const ports = [kept({ externalPort: 1 }, 'lost'), kept({ externalPort: 2, gateway: 'uuid:work' }), kept()];
    const { mapper, inspector, read } = reader(ports, ['own']);
    await inspector.inspect(mapper, GOING_ON);
    expect(read).toEqual([7777]);
  });

  it('reads no port that is lost meanwhile', async () => {
    const ports = ten();
    const { mapper, inspector, read } = reader(ports, ['own'], () => {
      for (const port of ports) port.phase = 'lost';
    });
    await inspector.inspect(mapper, GOING_ON);
    expect(read).toHaveLength(1);
  });

  it('ends when it is aborted', async () => {
    const abort = createAbort();
    const { mapper, inspector, read } = reader(ten(), ['own'], () => {
      abort.abort();
    });
    expect(await inspector.inspect(mapper, abort.signal)).toBe(false);
    expect(read).toHaveLength(1);
  });

  it('is due two minutes after the first port that was seen', async () => {
    const [port] = [kept()];
    const { clock, inspector } = reader([port], ['own']);
    inspector.notice(port);
    await clock.advance(1_000);
    inspector.notice(port);
    expect([inspector.dueAt, port.inspectedAt]).toEqual([120_000, 1_000]);
  });
});

describe('the owner of one port stands for all', () => {
  it.each<Owner>(['own', 'other', 'nobody', 'unknown'])('%s', async (owner) => {
    const { mapper, inspector, read } = reader(ten(), [owner]);
    expect(await inspector.ownerOn(mapper, GOING_ON)).toBe(owner);
    expect(read).toEqual([7000]);
  });

  it.each([
    ['no port is kept', []],
    ['none is mapped', [kept({}, 'lost')]],
    ['none is on this gateway', [kept({ gateway: 'uuid:work' })]],
  ])('and is not known where %s', async (_where, ports) => {
    const { mapper, inspector, read } = reader(ports, ['own']);
    expect(await inspector.ownerOn(mapper, GOING_ON)).toBeNull();
    expect(read).toEqual([]);
  });
});

it.each<[Owner, boolean]>([
  ['own', false],
  ['nobody', true],
  ['other', true],
  ['unknown', false],
])('a lease whose owner is %s is gone: %s', async (owner, isGone) => {
  const { mapper, inspector } = reader([], [owner]);
  expect(await inspector.isGone(mapper, leaseOf(), GOING_ON)).toBe(isGone);
});
