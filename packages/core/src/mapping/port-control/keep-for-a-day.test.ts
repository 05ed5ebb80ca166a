/** A port that is kept for a day by PCP and by NAT-PMP on a simulated router. */
import {
  simulateGateway,
  type FaultDefinition,
  type SimulatedGateway,
  type SimulateGatewayOptions,
} from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { ResultAsync } from '../../result.ts';
import { Keeper } from '../keeper/keeper.ts';
import type { KeptPort } from '../keeper/kept-port.ts';
import { empty, follow } from '../keeper/keeper.test-support.ts';
import { natPmpMapper, probeNatPmp } from '../nat-pmp/mapper.ts';
import { pcpMapper, probePcp } from '../pcp/mapper.ts';
import type { MapPortOptions } from '../types.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;

interface Day {
  readonly router: SimulatedGateway;
  readonly keeper: Keeper;
  readonly kept: KeptPort;
  /** What happened to the port, renewals left out. */
  readonly events: () => readonly string[];
  readonly ports: () => readonly number[];
}

type Which = 'pcp' | 'nat-pmp';

/** It answers nothing. */
function silent(): FaultDefinition & { readonly name: string } {
  return {
    name: 'silent',
    row: 9,
    what: 'nothing is answered',
    remedy: 'looks again later',
    on: ['pcp', 'nat-pmp'],
    hooks: () => ({ portControl: () => [] }),
  };
}

async function day(
  which: Which,
  options: SimulateGatewayOptions = {},
  asks: Partial<MapPortOptions> = {},
): Promise<Day> {
  const router = simulateGateway({ protocols: [which], maxSearchDelayMs: 0, ...options });
  const server = { address: router.config.lanAddress, name: 'lan0' };
  const [mapperOf, probe] = which === 'pcp' ? [pcpMapper, probePcp] : [natPmpMapper, probeNatPmp];
  const find = (): ResultAsync<never, never> => new ResultAsync(probe(router.transport, server) as never);
  const keeper = new Keeper(router.transport, { mapper: mapperOf(router.transport, server), find });
  const kept = keeper.keep({ ...UDP, ...asks });
  const all = follow(kept);
  expect((await kept.settled()).isOk()).toBe(true);
  return {
    router,
    keeper,
    kept,
    events: () => all.filter((kind) => kind !== 'renewed'),
    ports: () => router.mappings().map(({ externalPort }) => externalPort),
  };
}

describe.each(['pcp', 'nat-pmp'] as const)('%s', (which) => {
  it('stays mapped for a day without trouble, and leaves nothing', async () => {
    const { router, keeper, events, ports } = await day(which);
    for (let hour = 0; hour < 24; hour += 1) {
      await router.clock.advance('1h');
      expect(ports()).toEqual([7777]);
    }
    expect(events()).toEqual(['mapped']);
    expect(await keeper.close()).toEqual([]);
    expect(ports()).toEqual([]);
    expect(router.clock.pending).toBe(0);
    await router.close();
  });

  it('a reboot is noticed by the announcement, and the port is restored within half a minute', async () => {
    const { router, keeper, events, ports } = await day(which);
    await router.clock.advance('6h');
    router.reboot();
    expect(ports()).toEqual([]);
    await router.clock.advance('30s');
    expect([ports(), events()]).toEqual([[7777], ['mapped', 'restored']]);
    await keeper.close();
    expect(ports()).toEqual([]);
    await router.close();
  });

  it('another external address is reported, and the port is mapped again', async () => {
    const { router, keeper, events, ports } = await day(which);
    await router.clock.advance('6h');
    router.changeExternalAddress('5.5.5.99');
    await router.clock.advance('5m');
    expect(ports()).toEqual([7777]);
    expect(events()).toContain('externalAddress 5.5.5.99');
    await keeper.close();
    await router.close();
  });

  it('a table that is lost without a word is made again within some minutes', async () => {
    const { router, keeper, ports } = await day(which);
    await router.clock.advance('6h');
    empty(router);
    await router.clock.advance('5m');
    expect(ports()).toEqual([7777]);
    await keeper.close();
    await router.close();
  });

  it('a router that is off for an hour is found again', async () => {
    const { router, keeper, events, ports } = await day(which);
    await router.clock.advance('6h');
    const off = router.inject(silent());
    await router.clock.advance('1h');
    expect(events()).toContain('lost');
    off.remove();
    router.reboot();
    await router.clock.advance('40m');
    expect([ports(), events().at(-1)]).toEqual([[7777], 'restored']);
    await keeper.close();
    expect(ports()).toEqual([]);
    await router.close();
  });
});

it('a lease of 60 s, whatever is asked, has no gap (ProtonVPN)', async () => {
  const proton = { lifetimeSeconds: [60, 60], choosesPort: true, answeredInternalPort: 0 } as const;
  const { router, keeper, events, ports } = await day('nat-pmp', { natPmp: proton }, { port: 'any' });
  const gaps: number[] = [];
  for (let second = 0; second < 3_600; second += 1) {
    await router.clock.advance('1s');
    if (ports().length === 0) gaps.push(second);
  }
  expect([gaps, events()]).toEqual([[], ['mapped']]);
  await keeper.close();
  expect(ports()).toEqual([]);
  await router.close();
});

describe('over IPv6', () => {
  const PINHOLE = { leaseSeconds: 3_600 } as const;

  async function dayOnIpv6(
    pcp: SimulateGatewayOptions['pcp'],
  ): Promise<Omit<Day, 'ports'> & { readonly holes: () => number }> {
    const client = { address6: '2a02:db8::20' };
    const router = simulateGateway({
      protocols: ['pcp'],
      maxSearchDelayMs: 0,
      lanAddress6: '2a02:db8::1',
      client,
      pcp,
    });
    const [server] = ((await router.transport.interfaces.defaultRouters?.())?.unwrapOr([]) ?? []).filter(
      ({ family }) => family === 'ipv6',
    );
    if (server === undefined) throw new Error('no IPv6 router');
    const keeper = new Keeper(router.transport, { mapper: pcpMapper(router.transport, server) });
    const kept = keeper.keep({ ...UDP, ...PINHOLE });
    const all = follow(kept);
    expect((await kept.settled()).isOk()).toBe(true);
    const events = (): readonly string[] => all.filter((kind) => kind !== 'renewed');
    return { router, keeper, kept, events, holes: () => router.machine.gateway.firewall.pinholes.size };
  }

  it('a pinhole stays open for a day, and is closed in the end', async () => {
    const { router, keeper, events, holes } = await dayOnIpv6({});
    await router.clock.advance('24h');
    expect([holes(), events()]).toEqual([1, ['mapped']]);
    expect(await keeper.close()).toEqual([]);
    expect(holes()).toBe(0);
    await router.close();
  });

  it('a router that renews none (pf) opens it again each time', async () => {
    const { router, keeper, events, holes } = await dayOnIpv6({ renewsPinholes: false });
    for (let hour = 0; hour < 24; hour += 1) {
      await router.clock.advance('1h');
      expect(holes()).toBe(1);
    }
    expect(events()).toEqual(['mapped']);
    expect(await keeper.close()).toEqual([]);
    expect(holes()).toBe(0);
    await router.close();
  });

  it('one that deletes none which was renewed is named at the end, and open until its lease ends', async () => {
    const { router, keeper, holes } = await dayOnIpv6({ deletesRenewedPinholes: false });
    await router.clock.advance('1h');
    const left = await keeper.close();
    expect(left.map(({ lease, error }) => [lease.externalPort, error.code])).toEqual([[7777, 'not-authorized']]);
    expect(holes()).toBe(1);
    await router.clock.advance('1h');
    expect(holes()).toBe(0);
    await router.close();
  });
});
