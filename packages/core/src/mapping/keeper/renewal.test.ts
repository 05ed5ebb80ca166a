/** The keeper on a mapper without a protocol: what it asks of the mapper, and what it makes of the answers. */
import { simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { err, okAsync } from '../../result.ts';
import { fakeMapper, type FakeMapper } from '../fake-mapper.test-support.ts';
import type { PortMapper, RenewalError } from '../port-mapper.ts';
import { follow, UDP } from './keeper.test-support.ts';
import { Keeper } from './keeper.ts';

const REFUSED: RenewalError['error'] = {
  kind: 'not-mapped',
  code: 'refused',
  message: 'refused',
  attempts: [],
  unknownLeases: [],
};

interface Scene {
  readonly router: SimulatedGateway;
  readonly mapper: FakeMapper;
  readonly keeper: Keeper;
}

/** A keeper on this network, whose only mapper is a fake one. */
function scene(changes: Partial<PortMapper> = {}): Scene {
  const router = simulateGateway({ maxSearchDelayMs: 0 });
  const { clock, transport } = router;
  const mapper = fakeMapper({ clock, ...changes });
  const keeper = new Keeper(transport, { mapper, find: () => okAsync({ mapper, state: null }) });
  return { router, mapper, keeper };
}

describe('a renewal that is refused', () => {
  it('is no loss while the mapping is seen to exist, not even after its lease has ended', async () => {
    const { router, keeper } = scene({
      renew: () => Promise.resolve(err({ error: REFUSED, isActive: true })),
    });
    const kept = keeper.keep({ ...UDP, leaseSeconds: 120 });
    expect((await kept.settled()).isOk()).toBe(true);
    const events = follow(kept);
    await router.clock.advance('20m');
    expect([kept.phase, events]).toEqual(['mapped', []]);
    await keeper.close();
  });

  it('is a loss where the mapping is gone', async () => {
    const { router, keeper } = scene({
      renew: (lease, _request, { ledger }) => {
        ledger.drop(lease);
        return Promise.resolve(err({ error: REFUSED, isActive: false }));
      },
    });
    const kept = keeper.keep({ ...UDP, leaseSeconds: 120 });
    expect((await kept.settled()).isOk()).toBe(true);
    const events = follow(kept);
    await router.clock.advance('20m');
    expect([kept.phase, events]).toEqual(['lost', ['lost']]);
    await keeper.close();
  });

  it('says to the next one that the mapping was not seen since', async () => {
    const seen: boolean[] = [];
    const { router, keeper } = scene({
      renew: (_lease, _request, { wasSeen }) => {
        seen.push(wasSeen);
        return Promise.resolve(err({ error: REFUSED, isActive: true }));
      },
    });
    const kept = keeper.keep(UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    await router.clock.advance('31m');
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual([true, ...seen.slice(1).map(() => false)]);
    await keeper.close();
  });
});

describe('an inspection', () => {
  it.each([
    ['own', 2],
    ['unknown', 1],
  ] as const)('of two mappings where the first is %s reads %i', async (owner, expected) => {
    let reads = 0;
    const { router, keeper } = scene({
      inspect: () => {
        reads += 1;
        return Promise.resolve(owner);
      },
    });
    const kept = Array.from({ length: 10 }, (_, index) => keeper.keep({ ...UDP, externalPort: 7000 + index }));
    for (const one of kept) expect((await one.settled()).isOk()).toBe(true);
    await router.clock.advance('2m');
    expect(reads).toBe(expected);
    await keeper.close();
  });
});

describe('a search that finds the same gateway at the same place', () => {
  async function searched(endpoint: string): Promise<FakeMapper> {
    const router = simulateGateway({ maxSearchDelayMs: 0 });
    const { clock, transport } = router;
    const mapper = fakeMapper({ clock, inspect: () => Promise.resolve('unknown') });
    const found = fakeMapper({ clock, gateway: { ...mapper.gateway, endpoint } });
    const keeper = new Keeper(transport, { mapper, find: () => okAsync({ mapper: found, state: null }) });
    const kept = keeper.keep(UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    await clock.advance('1s');
    const [watch] = mapper.watches;
    const looks = watch?.looks ?? 0;
    watch?.tell({ kind: 'restarted', source: 'announcement' });
    await clock.advance('1m');
    await keeper.close();
    return Object.assign(mapper, { looksSince: (watch?.looks ?? 0) - looks, watchesOfFound: found.watches.length });
  }

  it('goes on with its watch, which looks at once', async () => {
    expect(await searched('http://192.168.1.1/')).toMatchObject({ looksSince: 1, watchesOfFound: 0 });
  });

  it('elsewhere is watched anew', async () => {
    expect(await searched('http://192.168.1.1:5001/')).toMatchObject({ looksSince: 0, watchesOfFound: 1 });
  });
});
