/** Renewals, and what shows whether a lease still exists. */
import { describe, expect, it } from 'vitest';
import { timeBudget } from '../internal/budget.ts';
import { mapPort } from '../map-port.ts';
import { natPmpMapper } from '../nat-pmp/mapper.ts';
import { pcpMapper } from '../pcp/mapper.ts';
import type { Lease, MapPortOptions } from '../types.ts';
import type { ControlMapper } from './control-mapper.ts';
import { fakeRouter, OWN, ROUTER, ROUTER6, type FakeRouter, type RouterState } from './fake-router.test-support.ts';
import { OneHolder } from './one-holder.test-support.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;

interface Kept {
  readonly router: FakeRouter;
  readonly mapper: ControlMapper;
  readonly leases: OneHolder;
  readonly lease: Lease;
  /** What came of it, and what was sent for it. */
  renew(options?: Partial<MapPortOptions>): Promise<{ readonly came: string; readonly sent: readonly string[] }>;
}

async function kept(version: 0 | 2, changes: Partial<RouterState> = {}, address = ROUTER): Promise<Kept> {
  const router = fakeRouter(version, changes);
  const { interfaces, clock } = router.network;
  interfaces.push({ name: 'eth0', family: 'ipv6', address: '2a02:1::20', prefixLength: 64, internal: false });
  const mapper = (version === 2 ? pcpMapper : natPmpMapper)(router.transport, { address, name: 'eth0' });
  const leases = new OneHolder();
  const { granted: lease } = (await mapPort(mapper, { ...UDP, port: 'any', askState: false, leases }))._unsafeUnwrap();
  await clock.advance('30m');
  return {
    router,
    mapper,
    leases,
    lease,
    renew: async (options = {}) => {
      const before = router.network.sent.length;
      const context = { ledger: leases.ledger({}, mapper), budget: timeBudget(clock, 20_000), wasSeen: true };
      const renewed = await mapper.renew(lease, { ...UDP, port: 'any', askState: false, ...options }, context);
      return {
        came: renewed.match(
          ({ granted }) => `${granted.externalPort} to ${granted.internalClient} for ${granted.leaseSeconds}`,
          ({ error, isActive }) => {
            const attempts = error.kind === 'not-mapped' ? error.attempts.map((one) => String(one.error.code)) : [];
            return [error.code, ...attempts, isActive ? 'active' : 'over'].join(', ');
          },
        ),
        sent: router.requests().slice(before),
      };
    },
  };
}

const RENEWED = { came: '7777 to 192.168.1.20 for 3600', sent: ['map UDP 7777 to 7777 for 3600'] };

describe.each([
  ['PCP', 2],
  ['NAT-PMP', 0],
] as const)('a renewal by %s', (_name, version) => {
  it('is the same request, with the nonce and the port that was granted', async () => {
    const one = await kept(version);
    expect(await one.renew()).toEqual(RENEWED);
    expect(one.leases.states).toEqual(['7777 active']);
    const nonces = new Set([...one.router.mappings.values()].map(({ nonce }) => nonce));
    expect(nonces).toEqual(new Set([version === 2 ? (one.lease.details as { readonly nonce: string }).nonce : '']));
  });

  it('of a port of the router’s choice asks for that port', async () => {
    const one = await kept(version, { taken: [7777] });
    expect(await one.renew()).toEqual({
      came: '7778 to 192.168.1.20 for 3600',
      sent: ['map UDP 7778 to 7777 for 3600'],
    });
  });

  it('begins again after 3 s, as the RFC has it, and a refusal of the system is a passing one', async () => {
    const one = await kept(version);
    const { network } = one.router;
    const { answering, clock } = network;
    let times = 0;
    network.answering = (payload, from) => ((times += 1) === 1 ? 'refused' : answering(payload, from));
    const start = clock.now();
    expect(await one.renew()).toEqual({ ...RENEWED, sent: [...RENEWED.sent, ...RENEWED.sent] });
    const [second = 0] = network.sent.slice(-1).map(({ at }) => at - start);
    expect(second).toBeGreaterThanOrEqual(2_700);
    expect(second).toBeLessThanOrEqual(3_300);
  });

  it.each([
    ['not answered', { mute: 100 }, 'refused, timeout, active'],
    ['refused', { refusals: [2] }, 'refused, not-authorized, active'],
  ])('that is %s ends nothing: the lease goes on until its end', async (_how, changes, came) => {
    const one = await kept(version);
    Object.assign(one.router, changes);
    expect((await one.renew()).came).toBe(came);
    expect(one.leases.states).toEqual(['7777 active']);
    expect(one.router.mappings.size).toBe(1);
  });

  it('that is refused by a router which has restarted: the lease is over', async () => {
    const one = await kept(version);
    one.router.reboot();
    one.router.refusals = [2];
    expect((await one.renew()).came).toBe('refused, not-authorized, over');
    expect(one.leases.states).toEqual([]);
  });

  it('that gets another port moves, or is given back where only one will do', async () => {
    for (const [port, came, left] of [
      ['any', '7778 to 192.168.1.20 for 3600', ['7778 active']],
      ['exact', 'refused, port-not-available, over', []],
    ] as const) {
      const one = await kept(version, { ignoresExact: true });
      one.router.reboot();
      one.router.taken.push(7777);
      expect((await one.renew({ port })).came).toBe(came);
      expect(one.leases.states).toEqual(left);
      expect(one.router.mappings.size).toBe(left.length);
    }
  });

  it('from another address of this host maps again: the old mapping leads to another host now', async () => {
    const one = await kept(version);
    const { network } = one.router;
    network.interfaces = network.interfaces.map((two) => ({ ...two, address: two.address.replace('1.20', '1.30') }));
    expect((await one.renew()).came).toBe('7777 to 192.168.1.30 for 3600');
    expect(one.leases.states).toEqual(['7777 active']);
  });

  it('goes on from its own address, while this host has another one as well', async () => {
    const one = await kept(version);
    one.router.network.interfaces.unshift({ ...OWN, address: '192.168.1.19' });
    expect(await one.renew()).toEqual(RENEWED);
  });

  it('whose answer is lost may have prolonged the lease', async () => {
    const one = await kept(version);
    one.router.deafAfter = 100;
    expect((await one.renew()).came).toBe('refused, timeout, active');
    await one.router.network.clock.advance('31m');
    expect(one.leases.states).toEqual(['7777 unknown']);
  });
});

describe('a renewal over IPv6', () => {
  it('that pf refuses is a deletion and a new mapping', async () => {
    const one = await kept(2, {}, ROUTER6);
    one.router.refusals = [8];
    expect(await one.renew()).toEqual({
      came: '7777 to 2a02:1::20 for 3600',
      sent: [...RENEWED.sent, 'delete UDP 7777', ...RENEWED.sent],
    });
    expect(one.leases.states).toEqual(['7777 active']);
  });

  it('of a pinhole that cannot be deleted either leaves it open until its lease ends', async () => {
    const one = await kept(2, {}, ROUTER6);
    one.router.refusals = [8, 2];
    expect(await one.renew()).toEqual({
      came: 'refused, no-resources, active',
      sent: [...RENEWED.sent, 'delete UDP 7777'],
    });
    expect(one.leases.states).toEqual(['7777 active']);
  });

  it('over IPv4 the same refusal deletes nothing', async () => {
    const one = await kept(2);
    one.router.refusals = [8];
    expect((await one.renew()).sent.some((request) => request.startsWith('delete'))).toBe(false);
  });

  it('takes new addresses in, and leaves those that are gone', async () => {
    const one = await kept(2, {}, ROUTER6);
    const { network } = one.router;
    network.interfaces.push({ ...OWN, family: 'ipv6', address: '2a02:2::20', prefixLength: 64 });
    const { came } = await one.renew();
    expect(came).toBe('7777 to 2a02:1::20 for 3600');
    expect(network.sent.slice(-2).map(({ from }) => from)).toEqual(['2a02:1::20', '2a02:2::20']);
  });
});

describe('an inspection', () => {
  const LIMITS = { deadlineMs: 5_000 };
  it.each([
    ['PCP', 2],
    ['NAT-PMP', 0],
  ] as const)('%s: an early renewal', async (_name, version) => {
    const { router, mapper, lease } = await kept(version);
    expect(await mapper.inspect(lease, LIMITS)).toBe('own');
    expect(router.requests().slice(-1)).toEqual(RENEWED.sent);
    // The table was lost without a word: it is made again.
    router.mappings.clear();
    expect(await mapper.inspect(lease, LIMITS)).toBe('own');
    expect(router.mappings.size).toBe(1);
    router.mappings.clear();
    router.taken.push(7777);
    expect(await mapper.inspect(lease, LIMITS)).toBe('nobody');
  });

  it.each([
    ['PCP', 2],
    ['NAT-PMP', 0],
  ] as const)('%s: what is not answered, or refused, says nothing', async (_name, version) => {
    const { router, mapper, lease } = await kept(version);
    router.refusals = [2];
    expect(await mapper.inspect(lease, LIMITS)).toBe('unknown');
    router.mute = 100;
    expect(await mapper.inspect(lease, LIMITS)).toBe('unknown');
  });

  it.each([
    ['PCP', 2, ROUTER],
    ['PCP over IPv6', 2, ROUTER6],
    ['NAT-PMP', 0, ROUTER],
  ] as const)(
    '%s: after a restart every lease is gone, without a request for each',
    async (_name, version, address) => {
      const { router, mapper, lease } = await kept(version, {}, address);
      router.reboot();
      expect(await mapper.inspect(lease, LIMITS)).toBe('nobody');
      const count = router.requests().length;
      expect(await mapper.inspect({ ...lease, externalPort: 7778 }, LIMITS)).toBe('nobody');
      expect(router.requests()).toHaveLength(count);
    },
  );

  it('over IPv6 renews nothing: some servers delete no pinhole that was renewed', async () => {
    const { router, mapper, lease } = await kept(2, {}, ROUTER6);
    expect(await mapper.inspect(lease, LIMITS)).toBe('own');
    expect(router.requests().slice(-1)).toEqual(['announce']);
    router.mute = 100;
    expect(await mapper.inspect(lease, LIMITS)).toBe('unknown');
  });

  it('of a lease without details, or of an address that is lost, says nothing', async () => {
    const { router, mapper, lease } = await kept(2);
    expect(await mapper.inspect({ ...lease, details: {} }, LIMITS)).toBe('unknown');
    router.network.interfaces = [];
    expect(await mapper.inspect(lease, LIMITS)).toBe('unknown');
  });
});

describe('relocation', () => {
  it('is the same mapper while its server answers', async () => {
    const { router, mapper } = await kept(2);
    expect(await mapper.relocate({ deadlineMs: 1_000 })).toBe(mapper);
    router.mute = 100;
    expect(await mapper.relocate({ deadlineMs: 1_000 })).toBe(null);
  });
});

it('a gateway is its address and interface, and this host’s address', async () => {
  const { mapper } = await kept(2);
  expect(mapper.gateway).toEqual({ id: '192.168.1.1%eth0', endpoint: '192.168.1.1%eth0 192.168.1.20', name: null });
  const named = pcpMapper(fakeRouter(2).transport, { address: ROUTER6, name: 'eth0' });
  expect([named.gateway.id, named.via]).toEqual([ROUTER6, 'pcp']);
});
