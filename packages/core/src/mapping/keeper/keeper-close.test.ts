/** How keeping ends: what is deleted, what is told of what is not, and how long it takes. */
import type { SimulatedGateway } from '@portwright/transport-mock';
import { ResultAsync } from '../../result.ts';
import { describe, expect, it } from 'vitest';
import { keepMapped } from './keep-mapped.ts';
import { Keeper } from './keeper.ts';
import { announceStart, deaf, router, slow, UDP } from './keeper.test-support.ts';
import type { KeptPort } from './kept-port.ts';

async function forEver(gateway: SimulatedGateway): Promise<[Keeper, KeptPort]> {
  const keeper = new Keeper(gateway.transport);
  const kept = keeper.keep(UDP);
  expect((await kept.settled())._unsafeUnwrap().leaseSeconds).toBe(0);
  await gateway.clock.advance('10m');
  return [keeper, kept];
}

function permanent(): SimulatedGateway {
  return router({ igdVersion: 1, leasePolicy: 'permanent-only' });
}

describe('a mapping that is closed', () => {
  it('while the gateway is looked for is deleted where it was', async () => {
    await using gateway = permanent();
    const [keeper, kept] = await forEver(gateway);
    const fault = gateway.inject(deaf());
    await gateway.clock.advance('20m');
    expect([keeper.mapper, kept.phase]).toEqual([null, 'lost']);
    fault.remove();
    expect((await kept.close()).isOk()).toBe(true);
    expect(gateway.mappings()).toEqual([]);
  });

  it('while the gateway is gone is told to be still there', async () => {
    await using gateway = permanent();
    const [keeper, kept] = await forEver(gateway);
    gateway.inject(deaf());
    await gateway.clock.advance('20m');
    const left = await keeper.close();
    expect(left).toMatchObject([{ lease: { externalPort: 7777 }, error: { kind: 'transport', code: 'unreachable' } }]);
    expect((await kept.close()).isErr()).toBe(true);
    expect(gateway.mappings()).toHaveLength(1);
  });

  it('is not sought on what is at the gateway’s address now', async () => {
    const gateway = permanent();
    const [keeper] = await forEver(gateway);
    await gateway.close();
    await gateway.clock.advance('20m');
    await using stranger = router({ network: gateway.network, uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500' });
    expect(await keeper.close()).toHaveLength(1);
    expect(stranger.exchanges().filter((one) => one.kind === 'http' && one.request.method === 'POST')).toEqual([]);
  });

  it('twice is waited for twice', async () => {
    await using gateway = router();
    const kept = keepMapped(gateway.transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    void kept[Symbol.asyncDispose]();
    await kept[Symbol.asyncDispose]();
    expect(gateway.mappings()).toEqual([]);
  });

  it('is waited for by its keeper', async () => {
    await using gateway = router();
    const keeper = new Keeper(gateway.transport);
    const kept = keeper.keep(UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    void kept[Symbol.asyncDispose]();
    expect(await keeper.close()).toEqual([]);
    expect(gateway.mappings()).toEqual([]);
  });

  it('is closed for a keeper that is', async () => {
    await using gateway = router();
    const keeper = new Keeper(gateway.transport);
    await keeper.close();
    const kept = keeper.keep(UDP);
    expect((await kept.settled())._unsafeUnwrapErr()).toMatchObject({ kind: 'closed' });
  });
});

it.each([
  [1, 0],
  [2, 0],
  [3, 1],
])('a deletion that was answered by a bare 500 %i times leaves %i mapping', async (times, left) => {
  await using gateway = router();
  const keeper = new Keeper(gateway.transport);
  expect((await keeper.keep(UDP).settled()).isOk()).toBe(true);
  gateway.inject('http-500-without-fault', { on: 'DeletePortMapping', times });
  expect(await keeper.close()).toHaveLength(left);
  expect(gateway.mappings()).toHaveLength(left);
});

it.each(['empty-answer', 'reset-after-request'] as const)(
  'a deletion that is done counts, whatever is answered: %s',
  async (fault) => {
    await using gateway = router();
    const keeper = new Keeper(gateway.transport);
    expect((await keeper.keep(UDP).settled()).isOk()).toBe(true);
    const injected = gateway.inject(fault, { on: 'DeletePortMapping' });
    expect([await keeper.close(), gateway.mappings(), injected.hits]).toEqual([[], [], 1]);
  },
);

describe('close is over within 5 seconds', () => {
  it('where a look at a mapping is under way', async () => {
    await using gateway = router();
    const keeper = new Keeper(gateway.transport);
    expect((await keeper.keep(UDP).settled()).isOk()).toBe(true);
    // A second of the five is kept for the deletion.
    gateway.inject(slow(3_900), { on: 'GetSpecificPortMappingEntry' });
    announceStart(gateway, 1);
    await gateway.clock.sleep(100);
    const before = gateway.clock.now();
    expect(await keeper.close()).toEqual([]);
    expect(gateway.clock.now() - before).toBeLessThanOrEqual(5_000);
    expect(gateway.mappings()).toEqual([]);
  });

  it('and a fifth of one for each mapping more, where nobody answers any more', async () => {
    await using gateway = router();
    const keeper = new Keeper(gateway.transport);
    for (let port = 7_000; port < 7_020; port += 1) {
      expect((await keeper.keep({ ...UDP, externalPort: port }).settled()).isOk()).toBe(true);
    }
    gateway.inject(slow(60_000));
    const before = gateway.clock.now();
    expect(await keeper.close()).toHaveLength(20);
    expect(gateway.clock.now() - before).toBeLessThanOrEqual(9_000);
  });
});

it('close does not wait for a search that does not listen to its signal', async () => {
  await using gateway = router();
  const find = () => new ResultAsync<never, never>(new Promise(() => undefined));
  const keeper = new Keeper(gateway.transport, { find });
  keeper.keep(UDP);
  await gateway.clock.advance('1s');
  let isClosed = false;
  void keeper.close().then(() => {
    isClosed = true;
  });
  await gateway.clock.advance('1s');
  expect([isClosed, gateway.clock.pending]).toEqual([true, 0]);
});

it('close takes its time where the gateway is slow, and answers', async () => {
  await using gateway = router();
  const keeper = new Keeper(gateway.transport);
  for (let port = 7_000; port < 7_020; port += 1) {
    expect((await keeper.keep({ ...UDP, externalPort: port, leaseSeconds: 0 }).settled()).isOk()).toBe(true);
  }
  gateway.inject(slow(500));
  expect(await keeper.close()).toEqual([]);
  expect(gateway.mappings()).toEqual([]);
});

describe('close of a keeper names what could not be deleted before', () => {
  it.each(['kept.close()', 'an abort'])('by %s', async (what) => {
    await using gateway = router();
    const interrupt = new AbortController();
    const keeper = new Keeper(gateway.transport);
    const kept = keeper.keep({ ...UDP, signal: interrupt.signal });
    expect((await kept.settled()).isOk()).toBe(true);
    gateway.inject(deaf());
    if (what === 'an abort') interrupt.abort();
    else expect((await kept.close()).isErr()).toBe(true);
    expect(await keeper.close()).toMatchObject([{ lease: { externalPort: 7777 }, error: { kind: 'transport' } }]);
  });

  it('unless it was mapped again, and is deleted', async () => {
    await using gateway = router();
    const keeper = new Keeper(gateway.transport);
    const kept = keeper.keep(UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    const fault = gateway.inject('not-authorized-606', { on: 'DeletePortMapping' });
    expect((await kept.close()).isErr()).toBe(true);
    fault.remove();
    expect((await keeper.keep(UDP).settled()).isOk()).toBe(true);
    expect(await keeper.close()).toEqual([]);
  });

  it('unless its lease is over', async () => {
    await using gateway = router();
    const keeper = new Keeper(gateway.transport);
    const kept = keeper.keep(UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    gateway.inject('not-authorized-606', { on: 'DeletePortMapping' });
    expect((await kept.close()).isErr()).toBe(true);
    await gateway.clock.advance('1h');
    expect(await keeper.close()).toEqual([]);
  });
});

describe('a signal', () => {
  it('closes the mapping when it aborts', async () => {
    await using gateway = router();
    const interrupt = new AbortController();
    const kept = keepMapped(gateway.transport, { ...UDP, signal: interrupt.signal });
    const reading = (async () => {
      for await (const { kind } of kept) if (kind === 'lost') return 'lost';
      return 'ended';
    })();
    expect((await kept.settled()).isOk()).toBe(true);
    interrupt.abort();
    expect(await reading).toBe('ended');
    await gateway.clock.advance('1s');
    expect([kept.phase, gateway.mappings()]).toEqual(['closed', []]);
    expect(gateway.clock.pending).toBe(0);
  });

  it('that can only be asked closes it at the next turn', async () => {
    await using gateway = router();
    const signal = { aborted: false };
    const kept = keepMapped(gateway.transport, { ...UDP, signal });
    expect((await kept.settled()).isOk()).toBe(true);
    signal.aborted = true;
    await gateway.clock.advance('31m');
    expect([kept.phase, gateway.mappings()]).toEqual(['closed', []]);
  });

  it('that has aborted before keeps nothing', async () => {
    await using gateway = router();
    const kept = keepMapped(gateway.transport, { ...UDP, signal: AbortSignal.abort() });
    expect((await kept.settled())._unsafeUnwrapErr()).toMatchObject({ kind: 'closed' });
    expect(gateway.mappings()).toEqual([]);
  });
});
