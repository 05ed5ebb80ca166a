/** What a renewal that fails says about the lease, and leaves in the ledger. */
import type { SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../client/gateway.ts';
import type { Result } from '../../result.ts';
import { timeBudget } from '../internal/budget.ts';
import { LeaseStore } from '../leases/lease-store.ts';
import { mapPort } from '../map-port.ts';
import type { RenewalError } from '../port-mapper.ts';
import type { Lease, MapPortOptions } from '../types.ts';
import type { GrantedPort } from './attempt-loop.ts';
import { detailsOf } from './igd-lease.ts';
import { answering, connected, fault, inject, refuses } from './igd.test-support.ts';
import { igdMapper } from './mapper.ts';
import { renewMapping } from './renew.ts';

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

/** An earlier address of this host, which another machine may have by now. */
const EARLIER = '192.168.1.66';
const HOUR = 3600;

interface Renewed {
  readonly result: Result<GrantedPort, RenewalError>;
  /** The leases of the holder, in words. */
  readonly leases: readonly string[];
  /** `192.168.1.2:7777` for each entry of UDP port 7777, or of the port that was granted instead. */
  readonly table: readonly string[];
}

/** Renews a lease that was granted an hour's time just now. */
async function renewed(
  [router, gateway]: readonly [SimulatedGateway, Gateway],
  lease: Lease,
  {
    wasSeen = false,
    asked = gateway,
    ...options
  }: Partial<MapPortOptions> & { wasSeen?: boolean; asked?: Gateway } = {},
): Promise<Renewed> {
  const mapper = igdMapper(gateway);
  const [store, holder] = [new LeaseStore(), {}];
  store.transfer(lease, mapper, holder);
  const context = { ledger: store.ledger(holder, mapper), budget: timeBudget(router.clock, 20_000), wasSeen };
  const result = await renewMapping(asked, lease, { ...UDP, ...options }, context);
  return {
    result,
    leases: store
      .entriesOf(holder)
      .map((one) => `${one.lease.internalClient} ${one.isDisputed ? 'disputed' : one.state}`),
    table: router.mappings().map(({ internalClient, internalPort }) => `${internalClient}:${internalPort}`),
  };
}

/** A lease of this host, mapped just now. */
async function mapped(router: SimulatedGateway, gateway: Gateway): Promise<Lease> {
  return (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap().granted;
}

function clear(router: SimulatedGateway): void {
  const { mappings } = router.machine.gateway.connection;
  mappings.remove(mappings.all());
}

function putFor(
  router: SimulatedGateway,
  internalClient: string,
  { seconds = HOUR, internalPort = 7777, description = 'a game' } = {},
): void {
  const port = { remoteHost: '', externalPort: 7777, protocol: 'UDP', isEnabled: true } as const;
  const expiresAt = seconds === 0 ? Infinity : router.clock.now() + seconds * 1000;
  router.machine.gateway.connection.mappings.put({ ...port, internalClient, internalPort, description, expiresAt });
}

describe('a lease to an earlier address of this host', () => {
  const [OURS, OTHERS] = ['192.168.1.2:7777', `${EARLIER}:7777`];
  const mine = ['192.168.1.2 active'];

  it.each<
    readonly [
      what: string,
      entry: (router: SimulatedGateway) => void,
      expected: { readonly leases: readonly string[]; readonly table: readonly string[] },
      change: { readonly leaseSeconds?: number; readonly wasSeen?: boolean },
    ]
  >([
    ['that is gone is forgotten', () => undefined, { leases: mine, table: [OURS] }, {}],
    [
      'on a port that is another host’s by now is forgotten',
      (router) => {
        putFor(router, '192.168.1.99');
      },
      { leases: [], table: ['192.168.1.99:7777'] },
      {},
    ],
    [
      'that runs down is deleted, for it is in the way',
      (router) => {
        putFor(router, EARLIER, { seconds: HOUR / 2 });
      },
      { leases: mine, table: [OURS] },
      {},
    ],
    [
      'that has two seconds more than is left of it is deleted: gateways count in whole seconds',
      (router) => {
        putFor(router, EARLIER, { seconds: HOUR + 2 });
      },
      { leases: mine, table: [OURS] },
      {},
    ],
    [
      'that somebody has renewed since is left to that machine',
      (router) => {
        putFor(router, EARLIER, { seconds: HOUR + 3 });
      },
      { leases: [], table: [OTHERS] },
      {},
    ],
    [
      'that is permanent by now is left to that machine',
      (router) => {
        putFor(router, EARLIER, { seconds: 0 });
      },
      { leases: [], table: [OTHERS] },
      {},
    ],
    [
      'on another internal port is left to that machine',
      (router) => {
        putFor(router, EARLIER, { internalPort: 9999 });
      },
      { leases: [], table: [`${EARLIER}:9999`] },
      {},
    ],
    [
      'with another description is left to that machine',
      (router) => {
        putFor(router, EARLIER, { description: 'another game' });
      },
      { leases: [], table: [OTHERS] },
      {},
    ],
    [
      'that is permanent is deleted if it was seen a while ago',
      (router) => {
        putFor(router, EARLIER, { seconds: 0 });
      },
      { leases: mine, table: [OURS] },
      { leaseSeconds: 0, wasSeen: true },
    ],
    [
      'that is permanent is left if it was not seen',
      (router) => {
        putFor(router, EARLIER, { seconds: 0 });
      },
      { leases: [], table: [OTHERS] },
      { leaseSeconds: 0 },
    ],
    [
      'that was permanent, and is not any more, is left',
      (router) => {
        putFor(router, EARLIER);
      },
      { leases: [], table: [OTHERS] },
      { leaseSeconds: 0, wasSeen: true },
    ],
    [
      'that the router does not let this host delete is disputed, and close names it',
      (router) => {
        putFor(router, EARLIER);
        refuses(router, 'DeletePortMapping', 606);
      },
      { leases: [`${EARLIER} disputed`], table: [OTHERS] },
      {},
    ],
    [
      'that is gone when it is to be deleted is forgotten',
      (router) => {
        putFor(router, EARLIER);
        refuses(router, 'DeletePortMapping', 714);
      },
      { leases: [], table: [OTHERS] },
      {},
    ],
  ])('%s', async (_what, entry, expected, { leaseSeconds = HOUR, wasSeen = false }) => {
    const [router, gateway] = await connected({ isSecure: false, latencyMs: 0 });
    const granted = await mapped(router, gateway);
    clear(router);
    entry(router);
    const lease = { ...granted, internalClient: EARLIER, leaseSeconds, requestedSeconds: leaseSeconds };
    const { leases, table } = await renewed([router, gateway], lease, { wasSeen });
    expect({ leases, table }).toEqual(expected);
  });
});

describe('a renewal that can not be read, and fails', () => {
  it.each([
    ['606: not this host’s to change', 606, false, '192.168.1.2 disputed'],
    ['718: in conflict with another host’s', 718, false, '192.168.1.2 disputed'],
    ['728: nothing about this mapping', 728, true, '192.168.1.2 active'],
  ])('%s', async (_what, code, isActive, state) => {
    const [router, gateway] = await connected();
    const lease = await mapped(router, gateway);
    const { gateway: asked } = answering(gateway, ({ action }) => {
      if (action === 'AddPortMapping') return fault(code);
      return action.startsWith('Get') && action.endsWith('Entry') ? fault(501) : undefined;
    });
    const { result, leases } = await renewed([router, gateway], lease, { asked });
    expect(result._unsafeUnwrapErr().isActive).toBe(isActive);
    expect(leases).toEqual([state]);
  });
});

it('a lease that another host has by now ends, and the port moves', async () => {
  const [router, gateway] = await connected({ isSecure: false });
  const lease = await mapped(router, gateway);
  clear(router);
  putFor(router, '192.168.1.99');
  const { result, leases } = await renewed([router, gateway], lease, { port: 'any' });
  expect(result._unsafeUnwrap().granted.externalPort).not.toBe(7777);
  expect(leases).toEqual(['192.168.1.2 active']);
});

describe('a renewal that the router answers with success', () => {
  it.each([
    ['and renews', 3600, false],
    ['and shortens to three quarters', 2700, false],
    ['and does not carry out: the next one replaces the mapping', 2699, true],
    ['and makes permanent', 0, false],
  ])('%s: %i s', async (_what, seconds, replaces) => {
    const [router, gateway] = await connected();
    const lease = await mapped(router, gateway);
    inject(router, 'GetSpecificPortMappingEntry', (_call, proceed) =>
      proceed().map((values) => ({ ...values, NewLeaseDuration: seconds })),
    );
    const { result } = await renewed([router, gateway], lease);
    expect(detailsOf(result._unsafeUnwrap().granted).asked.replacing).toBe(replaces);
  });

  it('on another port has nothing to be compared with', async () => {
    const [router, gateway] = await connected({ isSecure: false });
    const lease = await mapped(router, gateway);
    clear(router);
    putFor(router, '192.168.1.99');
    const short = { ...lease, leaseSeconds: 86_400 };
    const { result } = await renewed([router, gateway], short, { port: 'any' });
    expect(detailsOf(result._unsafeUnwrap().granted).asked.replacing).toBe(false);
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
