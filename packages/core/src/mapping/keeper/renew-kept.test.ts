/** One renewal of a kept port: what it asks of the mapper, and what it emits, for each outcome. */
import { VirtualClock } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { createAbort } from '../../abort.ts';
import type { CallError } from '../../errors.ts';
import { err, ok, type Result } from '../../result.ts';
import type { FailedAttempt } from '../attempts.ts';
import { fakeMapper, leaseOf, mappedPort, type FakeMapper } from '../fake-mapper.test-support.ts';
import { LeaseStore } from '../leases/lease-store.ts';
import type { PortMapper, RenewalError } from '../port-mapper.ts';
import type { Lease, NotMappedError } from '../types.ts';
import type { KeptEvent } from './events.ts';
import { keptPort } from './keeper.test-support.ts';
import { renewKept, type RenewalParts } from './renewal.ts';

const RESET: CallError = { kind: 'transport', code: 'reset', message: 'reset' };
const FAULT: CallError = {
  kind: 'upnp-fault',
  service: 'a service',
  action: 'AddPortMapping',
  code: 501,
  name: 'Action Failed',
  description: '',
  message: 'refused',
};
const HOUR_MS = 3_600_000;

class Scene {
  readonly clock = new VirtualClock();
  readonly leases = new LeaseStore();
  readonly events: KeptEvent[] = [];
  /** Calls of the parts around it. */
  readonly calls: string[] = [];
  readonly port = keptPort();
  readonly mapper: FakeMapper;
  isGone = false;
  isBound = true;

  /** @param lease - is mapped at time 0 */
  constructor(lease: Lease | null, changes: Partial<PortMapper> = {}) {
    this.mapper = fakeMapper({ clock: this.clock, ...changes });
    this.port.emit = (event): void => {
      this.events.push(event);
    };
    if (lease === null) return;
    this.leases.transfer(lease, this.mapper, this.port);
    Object.assign(this.port, { lease, phase: 'mapped' });
  }

  /** Renews once. */
  renew(): Promise<void> {
    const { mapper, calls } = this;
    const parts: RenewalParts = {
      transport: { clock: this.clock, random: { fraction: () => 0.5 } },
      leases: this.leases,
      monitor: {
        mapper: this.isBound ? mapper : null,
        bind: (to) => calls.push(`bind ${to?.gateway.id}`),
        checkNow: () => calls.push('checkNow'),
      },
      inspector: {
        isGone: () => {
          calls.push('isGone');
          return Promise.resolve(this.isGone);
        },
        notice: () => calls.push('notice'),
      },
    };
    return renewKept(this.port, mapper, parts, createAbort().signal);
  }

  get kinds(): readonly string[] {
    return this.events.map(({ kind }) => kind);
  }
}

/** A mapper's `renew` that grants this lease. */
function granting(granted: Lease, by: PortMapper = fakeMapper()): Partial<PortMapper> {
  return { renew: () => Promise.resolve(ok(mappedPort(granted, by))) };
}

function notMapped(errors: readonly CallError[] = []): NotMappedError {
  const attempts = errors.map((error) => ({ error }) as FailedAttempt);
  return { kind: 'not-mapped', code: 'refused', message: 'refused', attempts, unknownLeases: [] };
}

function refusing(isActive: boolean, errors: readonly CallError[] = []): Partial<PortMapper> {
  const refused: Result<never, RenewalError> = err({ error: notMapped(errors), isActive });
  return { renew: () => Promise.resolve(refused) };
}

describe('a first request', () => {
  it('asks for the state of the connection; a renewal does not', async () => {
    const asked: unknown[] = [];
    const scene: Scene = new Scene(null, {
      map: (request) => {
        asked.push(request.askState);
        return Promise.resolve(ok(mappedPort(leaseOf(), scene.mapper)));
      },
      renew: (lease, request) => {
        asked.push(request.askState);
        return Promise.resolve(ok(mappedPort(lease, scene.mapper)));
      },
    });
    await scene.renew();
    await scene.renew();
    expect(asked).toEqual([true, false]);
    expect(scene.kinds).toEqual(['mapped', 'renewed']);
    expect(scene.calls).toEqual(['notice', 'notice']);
  });

  it('is a loss when it is refused', async () => {
    const scene = new Scene(null, { map: () => Promise.resolve(err(notMapped([FAULT]))) });
    await scene.renew();
    expect(scene.events).toEqual([{ kind: 'lost', error: notMapped([FAULT]), retryInMs: 5_000 }]);
    expect(scene.calls).toEqual([]);
  });

  it('emits nothing when the port is closed meanwhile', async () => {
    const scene: Scene = new Scene(null, {
      map: () => {
        scene.port.phase = 'closed';
        return Promise.resolve(ok(mappedPort(leaseOf(), scene.mapper)));
      },
    });
    await scene.renew();
    expect([scene.kinds, scene.port.lease]).toEqual([[], leaseOf()]);
  });
});

describe('a grant', () => {
  it.each<[string, Partial<Lease>, string]>([
    ['of the same lease', {}, 'renewed'],
    ['of another external port', { externalPort: 7778 }, 'moved'],
    ['of another internal port', { internalPort: 7778 }, 'moved'],
    ['of another internal address', { internalClient: '192.168.1.3' }, 'moved'],
    ['of the internal address, spelled otherwise', { internalClient: '192.168.001.002' }, 'renewed'],
    ['of a host name', { internalClient: 'pc.lan' }, 'renewed'],
  ])('%s', async (_what, changes, kind) => {
    const scene = new Scene(leaseOf(), granting(leaseOf(changes)));
    await scene.renew();
    expect(scene.events).toMatchObject([{ kind }]);
    if (kind === 'moved') expect(scene.events).toMatchObject([{ from: leaseOf() }]);
    expect(scene.port.lease).toEqual(leaseOf(changes));
  });

  it('of a lost port restores it', async () => {
    const scene = new Scene(leaseOf(), granting(leaseOf()));
    scene.port.phase = 'lost';
    await scene.renew();
    expect([scene.kinds, scene.port.phase]).toEqual([['restored'], 'mapped']);
  });

  it('by another mapper changes the gateway that is watched, if it is still the one that was asked', async () => {
    const other = fakeMapper({ gateway: { id: 'uuid:home', endpoint: 'http://192.168.1.1:5001/', name: null } });
    const scene = new Scene(leaseOf(), granting(leaseOf(), other));
    await scene.renew();
    expect(scene.calls).toContain('bind uuid:home');
    scene.isBound = false;
    scene.calls.length = 0;
    await scene.renew();
    expect(scene.calls).toEqual(['notice']);
  });

  it('by the mapper that was asked changes nothing', async () => {
    const scene: Scene = new Scene(leaseOf(), {
      renew: (lease) => Promise.resolve(ok(mappedPort(lease, scene.mapper))),
    });
    await scene.renew();
    expect(scene.calls).toEqual(['notice']);
  });
});

describe('a lease of another gateway', () => {
  it('is no renewal: the port is mapped, from the same external port on', async () => {
    const asked: unknown[] = [];
    const scene: Scene = new Scene(leaseOf({ gateway: 'uuid:work', externalPort: 7900 }), {
      map: (_request, { startAt }) => {
        asked.push(startAt);
        return Promise.resolve(ok(mappedPort(leaseOf({ externalPort: 7900 }), scene.mapper)));
      },
      ...refusing(false),
    });
    await scene.renew();
    expect([asked, scene.kinds]).toEqual([[7900], ['moved']]);
  });
});

describe('a mapping in doubt', () => {
  it('is read; one that is not, is not', async () => {
    const scene = new Scene(leaseOf(), granting(leaseOf()));
    await scene.renew();
    expect(scene.calls).not.toContain('isGone');
    scene.port.doubt = 'silent-loss';
    await scene.renew();
    expect(scene.calls).toContain('isGone');
    expect([scene.kinds, scene.port.doubt]).toEqual([['renewed', 'renewed'], null]);
  });

  it.each([
    ['silent-loss', ['lost', 'restored']],
    ['restart', ['restored']],
  ] as const)('after a %s that is gone emits %s', async (doubt, expected) => {
    const scene = new Scene(leaseOf(), granting(leaseOf()));
    Object.assign(scene, { isGone: true });
    scene.port.doubt = doubt;
    await scene.renew();
    expect(scene.kinds).toEqual(expected);
    if (doubt === 'silent-loss') expect(scene.events).toMatchObject([{ error: { code: 'dropped' }, retryInMs: 0 }, {}]);
  });
});

describe('a refusal', () => {
  it('of a mapping that exists is tried again after the pause', async () => {
    const scene = new Scene(leaseOf(), refusing(true));
    await scene.renew();
    expect(scene.port).toMatchObject({ phase: 'mapped', failures: 1, dueAt: 5_000 });
    expect([scene.kinds, scene.leases.endOf(scene.port, leaseOf())]).toEqual([[], HOUR_MS]);
  });

  it('of a mapping that exists is tried again when the lease ends, if that is sooner', async () => {
    const lease = leaseOf({ leaseSeconds: 3, requestedSeconds: 3 });
    const scene = new Scene(lease, refusing(true));
    await scene.renew();
    expect([scene.port.dueAt, scene.leases.endOf(scene.port, lease)]).toEqual([3_000, 3_000]);
  });

  it('of a mapping that has outlasted its lease prolongs it until the next try', async () => {
    const scene = new Scene(leaseOf(), refusing(true));
    await scene.clock.advance(HOUR_MS);
    await scene.renew();
    expect(scene.port).toMatchObject({ phase: 'mapped', dueAt: HOUR_MS + 5_000 });
    expect(scene.leases.endOf(scene.port, leaseOf())).toBe(HOUR_MS + 5_000);
  });

  it('of a mapping that is gone is a loss, and prolongs nothing', async () => {
    const scene = new Scene(leaseOf(), refusing(false));
    await scene.clock.advance(HOUR_MS);
    await scene.renew();
    expect([scene.kinds, scene.port.dueAt]).toEqual([['lost'], HOUR_MS + 5_000]);
    expect(scene.leases.endOf(scene.port, leaseOf())).toBe(HOUR_MS);
  });

  it('changes nothing once the port is closed', async () => {
    const scene = new Scene(leaseOf(), refusing(false));
    scene.port.phase = 'closed';
    await scene.renew();
    expect(scene.port).toMatchObject({ phase: 'closed', failures: 0, error: null });
  });

  it.each<[string, readonly CallError[], readonly string[]]>([
    ['by no answer has the gateway checked', [FAULT, RESET], ['checkNow']],
    ['by an answer does not', [RESET, FAULT], []],
    ['without an attempt does not', [], []],
  ])('%s', async (_what, errors, expected) => {
    const scene = new Scene(leaseOf(), refusing(true, errors));
    await scene.renew();
    expect(scene.calls).toEqual(expected);
  });
});

describe('a mapper that throws', () => {
  const throwing = {
    renew: (): never => {
      throw new Error('a mistake');
    },
  };

  it('is no loss while the lease lasts', async () => {
    const scene = new Scene(leaseOf(), throwing);
    await scene.clock.advance(HOUR_MS - 1);
    await scene.renew();
    expect([scene.kinds, scene.port.phase, scene.port.dueAt]).toEqual([[], 'mapped', HOUR_MS]);
    expect(scene.calls).toEqual([]);
  });

  it('is a loss when the lease has ended', async () => {
    const scene = new Scene(leaseOf(), throwing);
    await scene.clock.advance(HOUR_MS);
    await scene.renew();
    expect(scene.events).toMatchObject([{ kind: 'lost', error: { kind: 'thrown', code: 'thrown' } }]);
  });
});
