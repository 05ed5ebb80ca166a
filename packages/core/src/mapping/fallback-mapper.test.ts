import { VirtualClock } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { err, ok } from '../result.ts';
import { fakeMapper, leaseOf, mappedPort, type FakeMapper } from './fake-mapper.test-support.ts';
import { withFallback } from './fallback-mapper.ts';
import { timeBudget } from './internal/budget.ts';
import { LeaseStore } from './leases/lease-store.ts';
import type { MappingContext, PortMapper, RenewalContext } from './port-mapper.ts';
import type { FailedAttempt } from './attempts.ts';
import type { NotMappedError } from './types.ts';

const UDP = { externalPort: 7777, protocol: 'UDP' } as const;

function attempt(message: string): FailedAttempt {
  return {
    ...{ method: 'exact', externalPort: 7777, leaseSeconds: 3600, description: '', replacing: false, delayMs: 0 },
    ...{ protocol: 'UDP', owner: 'unknown', error: { kind: 'transport', code: 'refused', message } },
  } as const;
}

function refusal(...messages: readonly string[]): NotMappedError {
  return {
    kind: 'not-mapped',
    code: 'refused',
    message: messages.join(', '),
    attempts: messages.map(attempt),
    unknownLeases: [],
  };
}

/** It refuses every port, and says so or not. */
function refusing(error: NotMappedError, isAltogether = true): FakeMapper {
  return fakeMapper({
    map: () => Promise.resolve(err(error)),
    renew: () => Promise.resolve(err({ error, isActive: false })),
    isRefusedAltogether: () => isAltogether,
  });
}

/** A mapper by PCP that notes what it is given. */
function granting(): { readonly mapper: PortMapper; readonly contexts: MappingContext[] } {
  const contexts: MappingContext[] = [];
  const mapper = fakeMapper({
    via: 'pcp',
    gateway: { id: '192.168.1.1', endpoint: '', name: null },
    map: async (_request, context) => {
      contexts.push(context);
      const lease = leaseOf({ via: 'pcp', gateway: '192.168.1.1' });
      await context.ledger.grant(lease);
      return ok({ ...mappedPort(lease, mapper), attempts: [attempt('by PCP')] });
    },
  });
  return { mapper, contexts };
}

function contextOf(mapper: PortMapper, store = new LeaseStore(), holder: object = {}): RenewalContext {
  const budget = timeBudget(new VirtualClock(), 20_000);
  return { budget, ledger: store.ledger(holder, mapper), wasSeen: false };
}

const never = (): never => {
  throw new Error('no other mapper is needed');
};

describe('a mapper with a fallback', () => {
  it('is the mapper in everything else', async () => {
    const mapper = fakeMapper({ answerMs: 7 });
    const fallback = withFallback(mapper, never);
    expect([fallback.via, fallback.gateway, fallback.answerMs, fallback.clock]).toEqual([
      'upnp-igd',
      mapper.gateway,
      7,
      mapper.clock,
    ]);
    const mapped = (await fallback.map(UDP, contextOf(mapper)))._unsafeUnwrap();
    expect(mapped.mapper).toBe(fallback);
    expect((await fallback.renew(leaseOf(), UDP, contextOf(mapper)))._unsafeUnwrap().mapper).toBe(fallback);
  });

  it('leaves alone what another mapper than its own has mapped', async () => {
    const moved = fakeMapper();
    const mapper = fakeMapper({ map: () => Promise.resolve(ok(mappedPort(leaseOf(), moved))) });
    const mapped = (await withFallback(mapper, never).map(UDP, contextOf(mapper)))._unsafeUnwrap();
    expect(mapped.mapper).toBe(moved);
  });

  it('maps by the next one, in the time and with the attempts that are left', async () => {
    const { mapper: next, contexts } = granting();
    const refused = refusing(refusal('one', 'two'));
    const [store, holder] = [new LeaseStore(), {}];
    const context = { ...contextOf(refused, store, holder), startAt: 7778 };
    const mapped = (await withFallback(refused, () => Promise.resolve(next)).map(UDP, context))._unsafeUnwrap();
    expect(mapped.mapper).toBe(next);
    expect(mapped.attempts.map(({ error }) => error.message)).toEqual(['one', 'two', 'by PCP']);
    expect(contexts).toMatchObject([{ attemptsLeft: 4, startAt: 7778 }]);
    expect(contexts[0]?.budget).toBe(context.budget);
    // The ledger knows through which one it can be released.
    expect(store.entriesOf(holder)).toMatchObject([{ lease: { via: 'pcp' }, mapper: next, state: 'active' }]);
  });

  it.each([
    ['the refusal is of this port alone', refusing(refusal('one'), false), {}],
    ['there are no attempts left', refusing(refusal('one', 'two')), { attemptsLeft: 2 }],
    ['there is no time left', refusing(refusal('one')), { budget: timeBudget(new VirtualClock(), 0) }],
    [
      'the caller has aborted it',
      refusing(refusal('one')),
      { budget: timeBudget(new VirtualClock(), 20_000, { aborted: true }) },
    ],
  ])('does not if %s', async (_what, mapper, change) => {
    const mapped = await withFallback(mapper, never).map(UDP, { ...contextOf(mapper), ...change });
    expect(mapped._unsafeUnwrapErr()).toMatchObject({ kind: 'not-mapped', code: 'refused' });
  });

  it('does not if the time is over once the next one is found', async () => {
    const clock = new VirtualClock();
    const mapper = refusing(refusal('one'));
    const { mapper: next, contexts } = granting();
    const findNext = async (): Promise<PortMapper> => {
      await clock.sleep(20_000);
      return next;
    };
    const context = { ...contextOf(mapper), budget: timeBudget(clock, 20_000) };
    expect((await withFallback(mapper, findNext).map(UDP, context)).isErr()).toBe(true);
    expect(contexts).toEqual([]);
  });

  it('has its own error with all attempts if there is no next one, or that refuses as well', async () => {
    const mapper = refusing(refusal('one'));
    const alone = await withFallback(mapper, () => Promise.resolve(null)).map(UDP, contextOf(mapper));
    expect(alone._unsafeUnwrapErr()).toEqual(refusal('one'));
    const other = refusing({ ...refusal('two'), code: 'double-nat' });
    const both = await withFallback(mapper, () => Promise.resolve(other)).map(UDP, contextOf(mapper));
    expect(both._unsafeUnwrapErr()).toEqual({ ...refusal('one'), attempts: [attempt('one'), attempt('two')] });
  });
});

describe('a renewal', () => {
  it('goes on with the next one, on the same port, once the lease is over', async () => {
    const { mapper: next, contexts } = granting();
    const mapper = refusing(refusal('one'));
    const renewed = await withFallback(mapper, () => Promise.resolve(next)).renew(
      leaseOf({ externalPort: 8888 }),
      UDP,
      contextOf(mapper),
    );
    expect(renewed._unsafeUnwrap().granted.via).toBe('pcp');
    expect(contexts).toMatchObject([{ startAt: 8888, attemptsLeft: 5 }]);
  });

  it('stays with its protocol while the lease lasts', async () => {
    const mapper = fakeMapper({
      renew: () => Promise.resolve(err({ error: refusal('one'), isActive: true })),
      isRefusedAltogether: () => true,
    });
    const renewed = await withFallback(mapper, never).renew(leaseOf(), UDP, contextOf(mapper));
    expect(renewed._unsafeUnwrapErr()).toEqual({ error: refusal('one'), isActive: true });
  });

  it('that the next one refuses as well is over', async () => {
    const mapper = refusing(refusal('one'));
    const renewed = await withFallback(mapper, () => Promise.resolve(null)).renew(leaseOf(), UDP, contextOf(mapper));
    expect(renewed._unsafeUnwrapErr()).toEqual({ error: refusal('one'), isActive: false });
  });
});
