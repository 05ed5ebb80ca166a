/** Mappings that a router drops without a word, and a computer that was suspended. */
import { seededRandom, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { createAbort, type Abort } from '../../abort.ts';
import type { Transport } from '../../ports.ts';
import { Keeper } from './keeper.ts';
import { withoutState } from '../keep-job.test-support.ts';
import { adds, count, empty, follow, router as simulated, UDP } from './keeper.test-support.ts';
import type { KeptPort } from './kept-port.ts';

const DAY = { ...UDP, leaseSeconds: 86_400 };

async function kept(router: SimulatedGateway, ports: readonly number[], transport: Transport = router.transport) {
  const keeper = new Keeper(transport);
  const mappings = ports.map((externalPort) => keeper.keep({ ...DAY, externalPort }));
  for (const mapping of mappings) (await mapping.settled())._unsafeUnwrap();
  return { keeper, mappings };
}

/** Milliseconds until the condition holds, looked at every second; at most an hour. */
async function until(router: SimulatedGateway, holds: () => boolean): Promise<number> {
  const started = router.clock.now();
  while (!holds() && router.clock.now() - started < 3_600_000) await router.clock.advance('1s');
  return router.clock.now() - started;
}

describe('a mapping that the router drops without a word', () => {
  it('is back within four minutes where it is the only one, and told as lost and restored', async () => {
    await using router = simulated();
    const { keeper, mappings } = await kept(router, [7777]);
    const events = follow(mappings[0] as KeptPort);
    await router.clock.advance('32m');
    empty(router);
    expect(await until(router, () => router.mappings().length === 1)).toBeLessThanOrEqual(240_000);
    await router.clock.advance('1s');
    expect(events).toEqual(['lost', 'restored']);
    await keeper.close();
  });

  it('is told why: the router no longer has it', async () => {
    await using router = simulated();
    const { keeper, mappings } = await kept(router, [7777]);
    const errors: unknown[] = [];
    mappings[0]?.on((event) => {
      if (event.kind === 'lost') errors.push({ ...event.error, retryInMs: event.retryInMs });
    });
    empty(router);
    await router.clock.advance('4m');
    expect(errors).toMatchObject([{ kind: 'lapsed', code: 'dropped', retryInMs: 0 }]);
    await keeper.close();
  });

  it('is back within twelve minutes among many', async () => {
    await using router = simulated();
    const ports = Array.from({ length: 11 }, (_, index) => 7_000 + index);
    const { keeper } = await kept(router, ports);
    const random = seededRandom(7);
    const { mappings: table } = router.machine.gateway.connection;
    for (let round = 0; round < 5; round += 1) {
      await router.clock.advance(Math.floor(random.fraction() * 600_000));
      const gone = table.all()[Math.floor(random.fraction() * ports.length)];
      if (gone !== undefined) table.remove([gone]);
      expect(await until(router, () => router.mappings().length === ports.length)).toBeLessThanOrEqual(720_000);
    }
    await keeper.close();
  });

  it('has the others checked at once', async () => {
    await using router = simulated();
    const ports = Array.from({ length: 20 }, (_, index) => 7_000 + index);
    const { keeper, mappings } = await kept(router, ports);
    const events = mappings.map(follow);
    await router.clock.advance('10m');
    empty(router);
    expect(await until(router, () => router.mappings().length === ports.length)).toBeLessThanOrEqual(130_000);
    await router.clock.advance('1s');
    expect(events).toEqual(ports.map(() => ['lost', 'restored']));
    await keeper.close();
  });

  it('is not seen where the table has never listed anything: nothing is told, and nothing is asked for again', async () => {
    await using router = simulated({ igdVersion: 1 });
    router.inject('mapping-not-made');
    const { keeper, mappings } = await kept(router, [7777]);
    const events = follow(mappings[0] as KeptPort);
    const asked = adds(router);
    await router.clock.advance('60m');
    expect(events).toEqual([]);
    expect(adds(router)).toBe(asked);
    await keeper.close();
  });

  it('costs one request every two minutes beside the look at the gateway', async () => {
    await using router = simulated();
    const { keeper } = await kept(router, [7777]);
    const before = count(router, 'http');
    await router.clock.advance('60m');
    // 30 looks of two requests each, and 30 readings.
    expect(count(router, 'http') - before).toBeLessThanOrEqual(92);
    expect(count(router, 'http') - before).toBeGreaterThanOrEqual(88);
    await keeper.close();
  });
});

it('a router that does not tell its state is not searched for, and keeps its mapping', async () => {
  await using gateway = simulated();
  const keeper = new Keeper(gateway.transport);
  const kept = keeper.keep(UDP);
  expect((await kept.settled()).isOk()).toBe(true);
  const told = follow(kept);
  withoutState(gateway, 'http-500-without-fault');
  const before = count(gateway, 'search');
  await gateway.clock.advance('20m');
  expect([count(gateway, 'search') - before, told]).toEqual([0, []]);
  expect(await keeper.close()).toEqual([]);
});

describe('a computer that was suspended', () => {
  const aborted = (abort: Abort): Promise<void> =>
    new Promise((resolve) => {
      abort.signal.addEventListener('abort', resolve);
    });

  /** The router's time goes on while this clock stands still. */
  function suspendable(router: SimulatedGateway, options: { readonly hasWallTime: boolean }) {
    let asleepMs = 0;
    let since: number | null = null;
    let wake = createAbort();
    const now = (): number => (since ?? router.clock.now()) - asleepMs;
    const clock: Transport['clock'] = {
      now,
      ...(options.hasWallTime ? { wallTime: () => router.clock.now() } : {}),
      sleep: async (ms, signal) => {
        const end = now() + ms;
        while (signal?.aborted !== true && now() < end) {
          if (since === null) await router.clock.sleep(end - now(), signal);
          else await aborted(wake);
        }
      },
    };
    const sleep = async (time: '5m' | '8h'): Promise<void> => {
      since = router.clock.now();
      wake = createAbort();
      await router.clock.advance(time);
      asleepMs += router.clock.now() - since;
      since = null;
      wake.abort();
    };
    return { transport: { ...router.transport, clock }, sleep };
  }

  it('has its mapping back within 30 seconds, told as lost and restored', async () => {
    await using router = simulated();
    const { transport, sleep } = suspendable(router, { hasWallTime: true });
    const keeper = new Keeper(transport);
    const mapping = keeper.keep({ ...UDP, leaseSeconds: 3_600 });
    (await mapping.settled())._unsafeUnwrap();
    const events = follow(mapping);
    await router.clock.advance('1m');
    await sleep('8h');
    expect(router.mappings()).toEqual([]);
    expect(await until(router, () => router.mappings().length === 1)).toBeLessThanOrEqual(30_000);
    await router.clock.advance('1s');
    expect(events).toEqual(['lost', 'restored']);
    await keeper.close();
  });

  it('reads its mapping after a short sleep, and renews it', async () => {
    await using router = simulated();
    const { transport, sleep } = suspendable(router, { hasWallTime: true });
    const keeper = new Keeper(transport);
    const mapping = keeper.keep({ ...UDP, leaseSeconds: 3_600 });
    (await mapping.settled())._unsafeUnwrap();
    const events = follow(mapping);
    await router.clock.advance('1m');
    await sleep('5m');
    await router.clock.advance('30s');
    expect(events).toEqual(['renewed']);
    await keeper.close();
  });

  it('is not noticed without the time of day: the mapping is back at its next inspection', async () => {
    await using router = simulated();
    const { transport, sleep } = suspendable(router, { hasWallTime: false });
    const keeper = new Keeper(transport);
    const mapping = keeper.keep({ ...UDP, leaseSeconds: 3_600 });
    (await mapping.settled())._unsafeUnwrap();
    await router.clock.advance('1m');
    await sleep('8h');
    const back = await until(router, () => router.mappings().length === 1);
    expect(back).toBeGreaterThan(30_000);
    expect(back).toBeLessThanOrEqual(240_000);
    await keeper.close();
  });
});
