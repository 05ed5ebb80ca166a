/** What a renewal that fails says about the lease, and leaves in the ledger. */
import { describe, expect, it } from 'vitest';
import { timeBudget } from '../internal/budget.ts';
import { LeaseStore } from '../leases/lease-store.ts';
import { mapPort } from '../map-port.ts';
import { connected, refuses } from './igd.test-support.ts';
import { igdMapper } from './mapper.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;

describe('a renewal that is refused while the router still has the mapping', () => {
  it.each([
    ['that is active leaves it so', true, ['active']],
    ['whose entry has gone makes it unknown, so that it is released', false, ['unknown']],
  ] as const)('of a lease %s', async (_what, isActive, states) => {
    const [router, gateway] = await connected();
    const mapper = igdMapper(gateway);
    const { granted } = (await mapPort(mapper, UDP))._unsafeUnwrap();
    const [store, holder] = [new LeaseStore(), {}];
    if (isActive) store.transfer(granted, mapper, holder);
    refuses(router, 'AddPortMapping', 606);
    const context = { ledger: store.ledger(holder, mapper), budget: timeBudget(router.clock, 20_000), wasSeen: true };
    const renewed = await mapper.renew(granted, UDP, context);
    expect(renewed._unsafeUnwrapErr()).toMatchObject({ isActive, error: { code: 'refused' } });
    expect(store.entriesOf(holder).map(({ state }) => state)).toEqual(states);
  });
});

describe('a watch that begins with a state', () => {
  it.each([
    ['of this gateway, just now: a shorter uptime is a restart', false, ['restarted']],
    ['of some time ago: its uptime proves nothing', true, []],
  ] as const)('%s', async (_what, isStale, expected) => {
    const [router, gateway] = await connected();
    const state = {
      status: 'Connected',
      connected: true,
      uptimeSeconds: 10_000_000,
      lastError: null,
      errors: [],
      externalAddress: '5.5.5.1',
      externalAddressClass: 'public',
    } as const;
    const kinds: string[] = [];
    const watch = igdMapper(gateway).watch({
      state,
      isStale,
      announcements: false,
      isStillMapped: () => Promise.resolve(true),
    });
    watch.on(({ kind }) => kinds.push(kind));
    watch.checkNow();
    await router.clock.advance('1m');
    await watch.close();
    expect(kinds.filter((kind) => kind === 'restarted')).toEqual(expected);
  });
});
