/** What mapping may cost: six attempts and one time budget, however many runs it takes, and all of them told. */
import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import { err } from '../result.ts';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../client/gateway-at.ts';
import type { Gateway } from '../client/gateway.ts';
import { occupy } from './keep-job.test-support.ts';
import { keepMapped } from './keeper/keep-mapped.ts';
import { mapPort } from './map-port.ts';
import { type MapPortOptions } from './types.ts';
import { type RenewalError } from './port-mapper.ts';
import { igdMapper } from './igd/mapper.ts';
import { DEFAULT_BUDGET_MS, timeBudget } from './internal/budget.ts';
import { LeaseStore } from './leases/lease-store.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;

async function connected(options: SimulateGatewayOptions = {}): Promise<readonly [SimulatedGateway, Gateway]> {
  const router = simulateGateway({ igdVersion: 1, maxSearchDelayMs: 0, recordedExchanges: 10_000, ...options });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  return [router, gateway];
}

function count(router: SimulatedGateway, action?: string): number {
  return router.exchanges().filter((one) => {
    if (one.kind !== 'http') return false;
    return action === undefined || one.request.headers.some(([, value]) => value.endsWith(`#${action}"`));
  }).length;
}

function slow(router: SimulatedGateway, delayMs: number): void {
  router.inject({
    name: 'slow',
    row: 12,
    what: 'answers take their time',
    remedy: 'one budget for all of it',
    on: ['control'],
    hooks: () => ({ outcome: (_context, proceed) => ({ ...proceed(), delayMs }) }),
  });
}

/** Renews a mapping that the router has forgotten. */
async function renewLost(
  router: SimulatedGateway,
  gateway: Gateway,
  options: MapPortOptions,
  trouble: () => void,
): Promise<RenewalError> {
  const mapper = igdMapper(gateway);
  const leases = new LeaseStore();
  const mapped = (await mapPort(mapper, options))._unsafeUnwrap();
  const holder = {};
  leases.transfer(mapped.granted, mapper, holder);
  const { mappings } = router.machine.gateway.connection;
  mappings.remove(mappings.all());
  trouble();
  const budget = timeBudget(router.clock, options.budgetMs ?? DEFAULT_BUDGET_MS);
  const context = { budget, ledger: leases.ledger(holder, mapper), wasSeen: true };
  return (await mapper.renew(mapped.granted, options, context))._unsafeUnwrapErr();
}

describe('one time budget', () => {
  it('is for both protocols and all rounds', async () => {
    const [router, gateway] = await connected();
    occupy(router, [7777]);
    slow(router, 900);
    const started = router.clock.now();
    await mapPort(igdMapper(gateway), { externalPort: 7777, protocol: 'both', port: 'any', budgetMs: 4_000 }).unwrapOr(
      null,
    );
    expect(router.clock.now() - started).toBeLessThanOrEqual(4_000);
    expect(router.clock.now() - started).toBeGreaterThan(2_000);
  });

  it('is for a whole turn of a keeper', async () => {
    const [router, gateway] = await connected();
    let started = 0;
    await renewLost(router, gateway, { ...UDP, port: 'any', budgetMs: 5_000 }, () => {
      slow(router, 1_900);
      router.inject('conflict-718', { on: 'AddPortMapping' });
      started = router.clock.now();
    });
    expect(router.clock.now() - started).toBeLessThanOrEqual(5_000);
  });

  it('is for the wait behind other calls of the same gateway, too', async () => {
    const [router, gateway] = await connected();
    slow(router, 4_000);
    const started = router.clock.now();
    const took = await Promise.all(
      [1111, 2222, 3333].map(async (externalPort) => {
        await mapPort(igdMapper(gateway), { ...UDP, externalPort, budgetMs: 6_000 }).unwrapOr(null);
        return router.clock.now() - started;
      }),
    );
    expect(Math.max(...took)).toBeLessThanOrEqual(6_000);
  });
});

describe('six attempts', () => {
  it('with the one that is repeated at another control URL', async () => {
    const [router, gateway] = await connected();
    router.inject('control-url-404', { on: 'AddPortMapping', nth: 1 });
    router.inject('conflict-718', { on: 'AddPortMapping' });
    const error = (await mapPort(igdMapper(gateway), { ...UDP, port: 'any' }))._unsafeUnwrapErr();
    expect(error).toMatchObject({
      attempts: { length: 6, 0: { error: { status: 404 } }, 1: { error: { code: 718 } } },
    });
    expect(count(router, 'AddPortMapping')).toBe(6);
  });

  it('with a policy that would go on', async () => {
    const [router, gateway] = await connected();
    router.inject('not-authorized-606', { on: 'AddPortMapping' });
    const policy: MapPortOptions['policy'] = ({ externalPort, leaseSeconds, description }, { length }) => {
      return {
        method: 'exact',
        externalPort: externalPort + length,
        leaseSeconds,
        description,
        replacing: false,
        delayMs: 0,
      };
    };
    expect((await mapPort(igdMapper(gateway), { ...UDP, policy }))._unsafeUnwrapErr()).toMatchObject({
      code: 'refused',
    });
    expect(count(router, 'AddPortMapping')).toBe(6);
  });

  it('in a whole turn of a keeper, all of them told', async () => {
    const [router, gateway] = await connected();
    let before = 0;
    const error = await renewLost(router, gateway, { ...UDP, port: 'any' }, () => {
      router.inject('conflict-718', { on: 'AddPortMapping' });
      before = count(router, 'AddPortMapping');
    });
    expect(error).toMatchObject({ isActive: false, error: { attempts: { length: 6 } } });
    expect(count(router, 'AddPortMapping') - before).toBe(6);
  });
});

describe('both protocols', () => {
  it('tells what was wanted at first, and what failed in every round', async () => {
    const [router, gateway] = await connected();
    occupy(router, [7777]);
    const { ports } = (
      await mapPort(igdMapper(gateway), { externalPort: 7777, protocol: 'both', port: 'any' })
    )._unsafeUnwrap();
    for (const { requested, granted, warnings } of ports) {
      expect(requested).toMatchObject({ externalPort: 7777, internalPort: 7777 });
      expect(granted.externalPort).toBe(ports[0].granted.externalPort);
      expect(warnings.map(({ code }) => code)).toEqual(['altered-port']);
    }
    expect(ports[0].attempts).toEqual([]);
    expect(ports[1].attempts).toMatchObject([{ protocol: 'UDP', externalPort: 7777, error: { kind: 'conflict' } }]);
  });

  it('makes no seventh attempt where the control URL has moved by the sixth', async () => {
    const [router, gateway] = await connected();
    router.inject('conflict-718', { on: 'AddPortMapping', times: 4 });
    router.inject('control-url-404', { on: 'AddPortMapping', nth: 6 });
    const error = (
      await mapPort(igdMapper(gateway), { externalPort: 7777, protocol: 'both', port: 'any' })
    )._unsafeUnwrapErr();
    expect(error).toMatchObject({ attempts: { length: 5, 4: { protocol: 'UDP', error: { status: 404 } } } });
    expect(count(router, 'AddPortMapping')).toBe(6);
    expect(router.mappings()).toEqual([]);
  });

  it('tells the attempts of all rounds where it fails', async () => {
    const [router, gateway] = await connected();
    router.inject({
      name: 'no-udp',
      row: 44,
      what: 'UDP is refused',
      remedy: 'maps neither',
      on: ['AddPortMapping'],
      hooks: () => ({
        action: (call, proceed) =>
          call.args.get('NewProtocol') === 'UDP' ? err({ code: 606, description: 'Action not authorized' }) : proceed(),
      }),
    });
    const error = (
      await mapPort(igdMapper(gateway), { externalPort: 7777, protocol: 'both', port: 'any' })
    )._unsafeUnwrapErr();
    expect(error).toMatchObject({ attempts: [{ protocol: 'UDP' }, { protocol: 'UDP' }, { protocol: 'UDP' }] });
    expect(router.mappings()).toEqual([]);
  });
});

describe('a listing that never ends', () => {
  async function closing(delayMs: number): Promise<{ readonly requests: number; readonly tookMs: number }> {
    const router = simulateGateway({
      igdVersion: 1,
      maxSearchDelayMs: 0,
      recordedExchanges: 10_000,
      refusals: { noSuchEntry: 'first-entry' },
    });
    occupy(router, [2001, 2002]);
    router.inject('listing-never-ends');
    const kept = keepMapped(router.transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    const { mappings } = router.machine.gateway.connection;
    mappings.remove(mappings.all());
    occupy(router, [2001, 2002]);
    if (delayMs > 0) slow(router, delayMs);
    const [before, started] = [count(router), router.clock.now()];
    expect((await kept.close()).isErr()).toBe(true);
    return { requests: count(router) - before, tookMs: router.clock.now() - started };
  }

  it('costs closing no more than 130 requests', async () => {
    expect((await closing(0)).requests).toBeLessThanOrEqual(130);
  });

  it('costs closing no more than 10 s', async () => {
    expect((await closing(1_000)).tookMs).toBeLessThanOrEqual(10_000);
  });
});
