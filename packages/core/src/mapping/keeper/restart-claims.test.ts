/** What is said of a gateway, truly or not, and what a keeper does about it. */
import type { SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { occupy } from '../keep-job.test-support.ts';
import { Keeper } from './keeper.ts';
import { adds, announceStart, count, empty, follow, router, UDP } from './keeper.test-support.ts';
import type { KeptPort } from './kept-port.ts';

/** Ports from 7777 on, that have stood for ten minutes. */
async function keeping(
  gateway: SimulatedGateway,
  ports: number,
  events = false,
): Promise<[Keeper, readonly KeptPort[]]> {
  const keeper = new Keeper(gateway.transport, { watch: { events } });
  const kept = Array.from({ length: ports }, (_, index) => keeper.keep({ ...UDP, externalPort: 7777 + index }));
  for (const one of kept) expect((await one.settled()).isOk()).toBe(true);
  await gateway.clock.advance('10m');
  return [keeper, kept];
}

interface Cost {
  readonly searches: number;
  readonly requests: number;
  readonly adds: number;
}

async function costOf(gateway: SimulatedGateway, happen: () => Promise<void>): Promise<Cost> {
  const before = [count(gateway, 'search'), count(gateway, 'http'), adds(gateway)] as const;
  await happen();
  return {
    searches: count(gateway, 'search') - before[0],
    requests: count(gateway, 'http') - before[1],
    adds: adds(gateway) - before[2],
  };
}

/** The table is there, and cannot be read. */
function denyReads(gateway: SimulatedGateway): void {
  for (const on of ['GetSpecificPortMappingEntry', 'GetGenericPortMappingEntry']) {
    gateway.inject('http-500-without-fault', { on });
  }
}

describe('a claim that is false', () => {
  it('of restarts, ten times a second for five minutes, costs no search and no mapping', async () => {
    await using gateway = router();
    const [keeper] = await keeping(gateway, 20);
    const cost = await costOf(gateway, async () => {
      for (let bootId = 2; bootId < 3_000; bootId += 1) {
        announceStart(gateway, bootId);
        await gateway.clock.advance(100);
      }
    });
    expect(cost).toMatchObject({ searches: 0, adds: 0 });
    // A probe in five seconds, a look in two minutes, and a few reads.
    expect(cost.requests).toBeLessThan(100);
    await keeper.close();
  });

  it('of restarts costs no search where the mappings cannot be read: the uptime refutes it', async () => {
    await using gateway = router();
    const [keeper] = await keeping(gateway, 5);
    denyReads(gateway);
    const cost = await costOf(gateway, async () => {
      for (let bootId = 2; bootId < 720; bootId += 1) {
        announceStart(gateway, bootId);
        await gateway.clock.advance('5s');
      }
    });
    expect(cost.searches).toBe(0);
    await keeper.close();
  });

  it('that cannot be told from a true one is believed less and less often', async () => {
    await using gateway = router();
    const [keeper] = await keeping(gateway, 5, true);
    denyReads(gateway);
    const cost = await costOf(gateway, async () => {
      for (let half = 0; half < 720; half += 1) {
        gateway.setWanLink(half % 2 === 1);
        await gateway.clock.advance('5s');
      }
    });
    // At 0, 30 s, 90 s, 210 s, 450 s, and every five minutes from then on; two renewals each beside it.
    expect(cost.searches).toBeLessThanOrEqual(16);
    expect(cost.searches).toBeGreaterThan(8);
    await keeper.close();
  });

  it('of a line that comes and goes once a second', async () => {
    await using gateway = router();
    const [keeper] = await keeping(gateway, 5, true);
    const cost = await costOf(gateway, async () => {
      for (let half = 0; half < 120; half += 1) {
        gateway.setWanLink(half % 2 === 1);
        await gateway.clock.advance('500ms');
      }
    });
    expect(cost).toMatchObject({ searches: 0, adds: 0 });
    await keeper.close();
  });

  it('that the gateway has gone is no loss while it answers', async () => {
    await using gateway = router();
    const [keeper, [kept]] = await keeping(gateway, 1);
    const events = follow(kept as KeptPort);
    gateway.inject('reset-after-request', { on: 'GetStatusInfo', times: 3 });
    gateway.inject('reset-after-request', { on: 'GetExternalIPAddress', times: 3 });
    expect(await costOf(gateway, () => gateway.clock.advance('10m'))).toMatchObject({ searches: 0, adds: 0 });
    expect(events).toEqual([]);
    await keeper.close();
  });
});

it('a mapping that is lost for good does not speak for one that stands', async () => {
  await using gateway = router();
  const [keeper, [lost, standing]] = await keeping(gateway, 2);
  empty(gateway);
  occupy(gateway, [7777]);
  await gateway.clock.advance('1h');
  expect([lost?.phase, standing?.phase]).toEqual(['lost', 'mapped']);
  const cost = await costOf(gateway, async () => {
    for (let half = 0; half < 120; half += 1) {
      gateway.announce('alive');
      await gateway.clock.advance('30s');
    }
  });
  expect(cost.searches).toBe(0);
  expect(cost.adds).toBeLessThanOrEqual(3);
  expect(cost.requests).toBeLessThan(110);
  await keeper.close();
});

describe('a restart that is true', () => {
  it.each(['on the same port', 'on another port'])('%s is made good at once, and so is the next', async (where) => {
    await using gateway = router();
    const [keeper, kept] = await keeping(gateway, 3);
    const events = kept.map(follow);
    for (let restart = 0; restart < 3; restart += 1) {
      gateway.reboot(where === 'on the same port' ? { httpPort: gateway.config.httpPort } : {});
      await gateway.clock.advance('5s');
      expect(gateway.mappings()).toHaveLength(3);
      await gateway.clock.advance('3m');
    }
    expect(events).toEqual(kept.map(() => ['restored', 'restored', 'restored']));
    await keeper.close();
  });

  it('is made good within five minutes where forged ones came before', async () => {
    await using gateway = router();
    const [keeper] = await keeping(gateway, 1);
    for (let bootId = 100; bootId < 1_000; bootId += 1) {
      announceStart(gateway, bootId);
      await gateway.clock.advance('1s');
    }
    gateway.reboot({ httpPort: gateway.config.httpPort });
    await gateway.clock.advance('301s');
    expect(gateway.mappings()).toHaveLength(1);
    await keeper.close();
  });
});
