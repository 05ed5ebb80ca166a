/** What keeping costs a router that does not play along, and how it ends. */
import { simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { occupy } from '../keep-job.test-support.ts';
import { Keeper } from './keeper.ts';

const UDP = { externalPort: 7777, protocol: 'UDP' } as const;

/** Looking after the gateway's state is counted elsewhere. */
function keeperOn(router: SimulatedGateway): Keeper {
  return new Keeper(router.transport, { watch: { pollMs: 86_400_000, events: false, announcements: false } });
}

function requests(router: SimulatedGateway): number {
  return router.exchanges().filter(({ kind }) => kind === 'http').length;
}

function searches(router: SimulatedGateway): number {
  return router.exchanges().filter(({ kind }) => kind === 'search').length;
}

/** Milliseconds on the clock until something has ended. */
async function duration(router: SimulatedGateway, ends: () => Promise<unknown>): Promise<number> {
  const before = router.clock.now();
  await ends();
  return router.clock.now() - before;
}

describe('a router that refuses for good', () => {
  it.each([
    // About 57 tries a day: 5 s, 10 s, 20 s ... and from then on two an hour. An attempt is a look, a request, and a look
    // at what it did; a bare 500 is repeated, then tried with another port and a permanent lease, and says so little that
    // the table is read after each.
    ['not-authorized-606', 180],
    ['no-port-maps-728', 180],
    ['mapping-not-made', 2_400],
    ['http-500-without-fault', 1_300],
  ] as const)('by %s gets at most so many requests in a day: %i', async (fault, most) => {
    await using router = simulateGateway({ igdVersion: 1, recordedExchanges: 100_000 });
    // A table that has listed something is believed.
    occupy(router, [2001]);
    router.inject(fault, fault === 'http-500-without-fault' ? { on: 'AddPortMapping' } : {});
    const keeper = keeperOn(router);
    const kept = keeper.keep({ ...UDP, port: 'any' });
    expect((await kept.settled()).isErr()).toBe(true);
    await router.clock.advance('24h');
    expect(requests(router)).toBeLessThanOrEqual(most);
    expect(requests(router)).toBeGreaterThan(80);
    await keeper.close();
  });

  it('is left alone by the renewals of a mapping that stands', async () => {
    await using router = simulateGateway({ igdVersion: 1, recordedExchanges: 100_000 });
    const keeper = keeperOn(router);
    const kept = keeper.keep({ ...UDP, leaseSeconds: 86_400 * 3 });
    expect((await kept.settled()).isOk()).toBe(true);
    router.inject('not-authorized-606', { on: 'AddPortMapping' });
    const before = requests(router);
    const events: string[] = [];
    kept.on(({ kind }) => events.push(kind));
    await router.clock.advance('60h');
    expect(events).toEqual([]);
    // 1,800 inspections of the mapping.
    expect(requests(router) - before).toBeLessThan(2_000);
    expect(router.mappings()).toHaveLength(1);
    await keeper.close();
  });
});

it('twenty mappings that lost their gateway share its searches', async () => {
  const router = simulateGateway({ recordedExchanges: 100_000 });
  const onlooker = simulateGateway({
    network: router.network,
    lanAddress: '192.168.1.254',
    lanAddress6: null,
    uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500',
    answeredTargets: [],
    recordedExchanges: 100_000,
  });
  const one = async (count: number): Promise<number> => {
    const keeper = new Keeper(router.transport);
    const kept = Array.from({ length: count }, (_, index) => keeper.keep({ ...UDP, externalPort: 7000 + index }));
    for (const each of kept) await each.settled().unwrapOr(null);
    const before = searches(onlooker);
    await router.clock.advance('3h');
    await keeper.close();
    return searches(onlooker) - before;
  };
  await router.close();
  expect(await one(20)).toBe(await one(1));
  await onlooker.close();
});

/** Datagrams arrive within milliseconds; what belongs to a keeper would wait for longer. */
async function expectNothingPending(router: SimulatedGateway): Promise<void> {
  await router.clock.advance(50);
  expect(router.clock.pending).toBe(0);
  await router.close();
}

describe('close ends at once, and leaves nothing', () => {
  it('during a search', async () => {
    const router = simulateGateway({ answeredTargets: [] });
    const keeper = keeperOn(router);
    keeper.keep(UDP);
    await router.clock.sleep(300);
    expect(await duration(router, () => keeper.close())).toBe(0);
    await expectNothingPending(router);
  });

  it('during a wait for the next try', async () => {
    const router = simulateGateway({ igdVersion: 1, capacity: 0 });
    const keeper = keeperOn(router);
    expect((await keeper.keep(UDP).settled()).isErr()).toBe(true);
    await router.clock.advance('1h');
    expect(await duration(router, () => keeper.close())).toBe(0);
    await expectNothingPending(router);
  });

  it('during a wait for the next search', async () => {
    const router = simulateGateway({ answeredTargets: [] });
    const keeper = keeperOn(router);
    expect((await keeper.keep(UDP).settled()).isErr()).toBe(true);
    await router.clock.advance('1h');
    expect(await duration(router, () => keeper.close())).toBe(0);
    await expectNothingPending(router);
  });

  // An answer takes 2 ms; what it grants is read and given back.
  it.each(['GetSpecificPortMappingEntry', 'AddPortMapping', 'GetStatusInfo'])('during %s', async (action) => {
    const router = simulateGateway({ igdVersion: 1 });
    const keeper = keeperOn(router);
    const reached = new Promise<void>((resolve) => {
      router.inject(
        {
          name: 'tells',
          row: 0,
          what: 'tells that it was asked',
          remedy: 'none is needed',
          on: ['control'],
          hooks: () => ({
            outcome: (_context, proceed) => {
              resolve();
              return proceed();
            },
          }),
        },
        { on: action },
      );
    });
    keeper.keep(UDP);
    await reached;
    expect(await duration(router, () => keeper.close())).toBeLessThanOrEqual(10);
    expect(router.mappings()).toEqual([]);
    await expectNothingPending(router);
  });

  it('one mapping of two leaves the other alone', async () => {
    await using router = simulateGateway();
    const keeper = keeperOn(router);
    const [one, other] = [keeper.keep(UDP), keeper.keep({ ...UDP, externalPort: 7778 })];
    expect((await one.settled()).isOk() && (await other.settled()).isOk()).toBe(true);
    expect((await one.close()).isOk()).toBe(true);
    await router.clock.advance('2h');
    expect(router.mappings()).toMatchObject([{ externalPort: 7778 }]);
    await keeper.close();
    expect(router.mappings()).toEqual([]);
  });
});
