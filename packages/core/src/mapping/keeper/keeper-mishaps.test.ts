/** Mistakes of the program around it, and leases that are short or run out: the mapping is kept, or told to be lost. */
import { okAsync } from '../../result.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FilePort } from '../../ports.ts';
import { keepMapped } from './keep-mapped.ts';
import { follow, router, UDP } from './keeper.test-support.ts';
import { retryPolicy } from '../igd/retry-policy.ts';
import { LeaseStore } from '../leases/lease-store.ts';

function mistake(): never {
  throw new Error('a mistake');
}

describe('what throws ends nothing', () => {
  it('a listener: the next one is told, and it is told itself the next time', async () => {
    await using gateway = router();
    const thrown: unknown[] = [];
    const kept = keepMapped(gateway.transport, { ...UDP, onThrown: (error) => thrown.push(error) });
    kept.on(mistake);
    const events = follow(kept);
    expect((await kept.settled()).isOk()).toBe(true);
    await gateway.clock.advance('3h');
    expect(events.length).toBeGreaterThan(5);
    expect(thrown).toEqual(events.map(() => new Error('a mistake')));
    expect([kept.phase, gateway.mappings().length]).toEqual(['mapped', 1]);
    expect((await kept.close()).isOk()).toBe(true);
    expect(gateway.mappings()).toEqual([]);
  });

  it('policy: the mapping is lost, says why, and is tried again', async () => {
    await using gateway = router();
    let times = 0;
    const policy: typeof retryPolicy = (...args) => ((times += 1) === 1 ? mistake() : retryPolicy(...args));
    const kept = keepMapped(gateway.transport, { ...UDP, policy });
    const error = (await kept.settled())._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'thrown', cause: new Error('a mistake') });
    await gateway.clock.advance('10s');
    expect([kept.phase, gateway.mappings().length]).toEqual(['mapped', 1]);
    expect((await kept.close()).isOk()).toBe(true);
    expect(gateway.mappings()).toEqual([]);
  });

  it('find', async () => {
    await using gateway = router();
    const kept = keepMapped(gateway.transport, { ...UDP, find: mistake });
    expect((await kept.settled())._unsafeUnwrapErr()).toMatchObject({ kind: 'thrown' });
    await gateway.clock.advance('1h');
    expect((await kept.close()).isOk()).toBe(true);
  });

  it('onThrown itself, for a listener and for the journal: it is a rejection that nobody handles', async () => {
    await using gateway = router();
    const rejected: unknown[] = [];
    const ours = process.listeners('unhandledRejection');
    onTestFinished(() => {
      process.removeAllListeners('unhandledRejection');
      for (const listener of ours) process.on('unhandledRejection', listener);
    });
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (error) => rejected.push(error));
    const write = (): ReturnType<FilePort['write']> => mistake();
    const read = (): ReturnType<FilePort['read']> => okAsync(null);
    const kept = keepMapped(gateway.transport, {
      ...UDP,
      leases: new LeaseStore({ file: { read, write } }),
      onThrown: mistake,
    });
    kept.on(mistake);
    expect((await kept.settled()).isOk()).toBe(true);
    await gateway.clock.advance('2h');
    expect([kept.phase, gateway.mappings().length]).toEqual(['mapped', 1]);
    expect((await kept.close()).isOk()).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(rejected.length).toBeGreaterThan(3);
    expect(new Set(rejected.map(String))).toEqual(new Set(['Error: a mistake']));
  });

  it('the file of the journal', async () => {
    await using gateway = router();
    let isBroken = false;
    const write = (): ReturnType<FilePort['write']> => (isBroken ? mistake() : okAsync(undefined));
    const read = (): ReturnType<FilePort['read']> => okAsync(null);
    const thrown: unknown[] = [];
    const options = {
      ...UDP,
      leases: new LeaseStore({ file: { read, write } }),
      onThrown: (error: unknown) => thrown.push(error),
    };
    const kept = keepMapped(gateway.transport, options);
    expect((await kept.settled()).isOk()).toBe(true);
    expect(thrown).toEqual([]);
    isBroken = true;
    await gateway.clock.advance('2h');
    expect(thrown.length).toBeGreaterThan(1);
    expect([kept.phase, gateway.mappings().length]).toEqual(['mapped', 1]);
    expect((await kept.close()).isOk()).toBe(true);
    expect(gateway.mappings()).toEqual([]);
  });
});

describe('a short lease', () => {
  it.each([
    [60, 60],
    [240, 240],
    [1, 60],
  ])('of %i s is kept without a gap, as one of %i s', async (leaseSeconds, asked) => {
    await using gateway = router();
    const kept = keepMapped(gateway.transport, { ...UDP, leaseSeconds });
    expect((await kept.settled())._unsafeUnwrap().leaseSeconds).toBe(asked);
    for (let second = 0; second < 1_200; second += 5) {
      await gateway.clock.advance('5s');
      expect([kept.phase, gateway.mappings().length]).toEqual(['mapped', 1]);
    }
    await kept[Symbol.asyncDispose]();
  });

  it('that the router has made so short is not renewed as often, and the gaps are told', async () => {
    await using gateway = router();
    const cut = gateway.inject({
      name: 'cut',
      row: 42,
      what: 'a lease is half a minute',
      remedy: 'tells it',
      on: ['AddAnyPortMapping', 'AddPortMapping'],
      hooks: () => ({
        action: (call, proceed) => proceed({ ...call, args: new Map([...call.args, ['NewLeaseDuration', 30]]) }),
      }),
    });
    await using kept = keepMapped(gateway.transport, UDP);
    expect((await kept.settled()).isOk()).toBe(true);
    const events = follow(kept);
    await gateway.clock.advance('29s');
    expect(kept.granted).not.toBeNull();
    await gateway.clock.advance('1s');
    expect([kept.granted, kept.error?.kind]).toEqual([null, 'lapsed']);
    await gateway.clock.advance('10m');
    expect(cut.hits).toBeLessThanOrEqual(7);
    expect(events.slice(0, 4)).toEqual(['lost', 'restored', 'lost', 'restored']);
  });
});

it.each([undefined, { lease: 4_294_967_295 }])(
  'a lease that could not be renewed is told to be lost when it ends, whatever it reads: %j',
  async (reports) => {
    await using gateway = router({ igdVersion: 1, reports });
    // By any protocol, it is told once the others have been tried as well: 1.75 s later.
    await using kept = keepMapped(gateway.transport, { ...UDP, via: 'upnp-igd' });
    expect((await kept.settled()).isOk()).toBe(true);
    gateway.inject('not-authorized-606', { on: 'AddPortMapping' });
    await gateway.clock.advance('3590s');
    expect([kept.phase, gateway.mappings().length]).toEqual(['mapped', 1]);
    await gateway.clock.advance('11s');
    expect([kept.phase, kept.granted, gateway.mappings().length]).toEqual(['lost', null, 0]);
  },
);
