/** In what order and where leases are released, and how long a silent gateway is waited for. */
import { VirtualClock } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import type { CallError } from '../../errors.ts';
import { LEFT_MAPPING, transportHints } from '../../hints.ts';
import { err, ok } from '../../result.ts';
import { fakeMapper, leaseOf } from '../fake-mapper.test-support.ts';
import type { PortMapper } from '../port-mapper.ts';
import type { Lease } from '../types.ts';
import { LeaseStore } from './lease-store.ts';
import { ReleaseQueue } from './release.ts';

const SILENT: CallError = { kind: 'transport', code: 'timeout', message: 'no answer' };
const FAULT: CallError = {
  kind: 'upnp-fault',
  service: 'urn:schemas-upnp-org:service:WANIPConnection:2',
  action: 'DeletePortMapping',
  code: 606,
  name: 'Action not authorized',
  description: '',
  message: 'not authorized',
};
const REFUSED: CallError = { kind: 'transport', code: 'http-status', status: 500, message: 'no' };

/** Releases leases on a gateway, each after `waitMs`; what was asked of it, and when. */
async function released(
  leases: readonly Lease[],
  {
    waitMs = 0,
    answerMs,
    error,
    present,
  }: { waitMs?: number; answerMs?: number; error?: CallError; present?: (own: PortMapper) => PortMapper } = {},
): Promise<{ readonly asked: readonly string[]; readonly error: CallError | null; readonly store: LeaseStore }> {
  const clock = new VirtualClock();
  const asked: string[] = [];
  const mapper = fakeMapper({
    clock,
    ...(answerMs === undefined ? {} : { answerMs }),
    release: async ({ externalPort }, { budget }) => {
      const deadline = budget.settling.deadlineMs ?? 0;
      asked.push(`${externalPort} at ${clock.now()}, ${deadline * 2} ms`);
      await clock.sleep(Math.min(waitMs, deadline * 2));
      return error === undefined ? ok(undefined) : err(error);
    },
  });
  const store = new LeaseStore();
  const holder = {};
  for (const lease of leases) await store.ledger(holder, mapper).grant(lease);
  const queue = new ReleaseQueue(clock, store);
  const first = await queue.release({
    holder,
    isSettled: Promise.resolve(),
    present: () => present?.(mapper) ?? mapper,
  });
  return { asked, error: first, store };
}

describe('leases that are released', () => {
  const two = [leaseOf(), leaseOf({ externalPort: 8888 })];

  it('are asked for one after another', async () => {
    const { asked, error, store } = await released(two, { waitMs: 1_000 });
    expect(asked).toEqual(['7777 at 0, 5000 ms', '8888 at 1000, 5000 ms']);
    expect([error, store.unreleased]).toEqual([null, []]);
  });

  it('get a little more time each once the gateway was silent', async () => {
    const three = [...two, leaseOf({ externalPort: 9999 })];
    const { asked, error, store } = await released(three, { waitMs: 60_000, error: SILENT });
    expect(asked).toEqual(['7777 at 0, 5000 ms', '8888 at 5000, 200 ms', '9999 at 5200, 200 ms']);
    expect(error).toBe(SILENT);
    expect(store.unreleased.map(({ lease }) => lease.externalPort)).toEqual([7777, 8888, 9999]);
  });

  it('get what is left of the first one’s time, and a little more, where its silence ended early', async () => {
    const { asked } = await released(two, { waitMs: 1_000, error: SILENT });
    expect(asked).toEqual(['7777 at 0, 5000 ms', '8888 at 1000, 4200 ms']);
  });

  it.each([
    ['an HTTP status', REFUSED],
    ['a UPnP error', FAULT],
  ])('get all of the time where the gateway answers with %s', async (_what, refusal) => {
    const { asked, error } = await released(two, { waitMs: 1_000, error: refusal });
    expect(asked).toEqual(['7777 at 0, 5000 ms', '8888 at 1000, 5000 ms']);
    expect(error).toBe(refusal);
  });

  it('tell that the time is over, and not that somebody aborted them', async () => {
    const { error } = await released([leaseOf()], {
      error: { kind: 'transport', code: 'aborted', message: 'aborted' },
    });
    expect(error).toEqual({
      kind: 'transport',
      code: 'timeout',
      message: 'deleting UDP port 7777 took too long',
      hint: LEFT_MAPPING,
    });
  });

  it('tell any other error as it is', async () => {
    const { error } = await released([leaseOf()], { error: SILENT });
    expect(error).toBe(SILENT);
  });

  it.each([
    [400, 5_000],
    [1_000, 12_000],
  ])('get the time of twelve answers of a router that takes %i ms for one: %i ms', async (answerMs, ms) => {
    const { asked } = await released(two, { waitMs: 60_000, answerMs, error: SILENT });
    expect(asked).toEqual([`7777 at 0, ${ms} ms`, `8888 at ${ms}, 200 ms`]);
  });

  it('are not asked for when they end while others are released', async () => {
    const short = leaseOf({ externalPort: 8888, leaseSeconds: 1, requestedSeconds: 1 });
    const { asked, store } = await released([leaseOf(), short], { waitMs: 1_000 });
    expect(asked).toEqual(['7777 at 0, 5000 ms']);
    expect(store.unreleased).toEqual([]);
  });
});

describe('several releases at once', () => {
  it('share the time of a silent gateway, until all of them have ended', async () => {
    const clock = new VirtualClock();
    const asked: string[] = [];
    const mapper = fakeMapper({
      clock,
      release: async ({ externalPort }, { budget }) => {
        const deadline = budget.settling.deadlineMs ?? 0;
        asked.push(`${externalPort} at ${clock.now()}, ${deadline * 2} ms`);
        await clock.sleep(deadline * 2);
        return err(SILENT);
      },
    });
    const store = new LeaseStore();
    const queue = new ReleaseQueue(clock, store);
    const release = async (externalPort: number): Promise<unknown> => {
      const holder = {};
      await store.ledger(holder, mapper).grant(leaseOf({ externalPort }));
      return queue.release({ holder, isSettled: Promise.resolve(), present: () => mapper });
    };
    await Promise.all([release(7777), release(8888)]);
    await release(9999);
    expect(asked).toEqual(['7777 at 0, 5000 ms', '8888 at 5000, 200 ms', '9999 at 5200, 5000 ms']);
  });
});

describe('a lease on a gateway that is not the present one', () => {
  const other = fakeMapper({
    gateway: { id: 'uuid:other', endpoint: '', name: null },
    release: () => Promise.reject(new Error('another device was asked')),
  });

  it('is released where the gateway is found again', async () => {
    const asked: string[] = [];
    const there = fakeMapper({
      release: ({ externalPort }) => {
        asked.push(`${externalPort} there`);
        return Promise.resolve(ok(undefined));
      },
    });
    const { error } = await released([leaseOf()], {
      present: (own) => {
        Object.assign(own, { relocate: () => Promise.resolve(there) });
        return other;
      },
    });
    expect([error, asked]).toEqual([null, ['7777 there']]);
  });

  it('is released at its own gateway where there is no present one, in the time of its answers', async () => {
    const clock = new VirtualClock();
    const asked: number[] = [];
    const there = fakeMapper({
      release: (_lease, { budget }) => {
        asked.push((budget.settling.deadlineMs ?? 0) * 2);
        return Promise.resolve(ok(undefined));
      },
    });
    const last = fakeMapper({ clock, answerMs: 1_000, relocate: () => Promise.resolve(there) });
    const store = new LeaseStore();
    const holder = {};
    await store.ledger(holder, last).grant(leaseOf());
    const queue = new ReleaseQueue(clock, store);
    expect(await queue.release({ holder, isSettled: Promise.resolve(), present: () => null })).toBeNull();
    expect(asked).toEqual([12_000]);
  });

  it.each([
    ['nothing answers', null],
    ['another device answers', other],
  ])('is told of where %s at its address', async (_what, found) => {
    const { error, store } = await released([leaseOf()], {
      present: (own) => {
        Object.assign(own, { relocate: () => Promise.resolve(found) });
        return other;
      },
    });
    expect(error).toMatchObject({
      kind: 'transport',
      code: 'unreachable',
      message: 'the router of UDP port 7777 does not answer',
      hint: transportHints.unreachable,
    });
    expect(store.unreleased).toMatchObject([{ lease: { externalPort: 7777 } }]);
  });
});
