/** A port on a PCP or NAT-PMP server: what is sent, what the ledger knows, what a person is told. */
import { describe, expect, it } from 'vitest';
import { LeaseStore } from '../leases/lease-store.ts';
import { mapPort, type MapOnceOptions } from '../map-port.ts';
import { natPmpMapper } from '../nat-pmp/mapper.ts';
import { pcpMapper } from '../pcp/mapper.ts';
import type { MappedPort } from '../port-mapper.ts';
import type { MapPortError } from '../types.ts';
import type { Result } from '../../result.ts';
import type { ControlMapper } from './control-mapper.ts';
import { OneHolder } from './one-holder.test-support.ts';
import { fakeRouter, OWN, ROUTER, ROUTER6, type FakeRouter } from './fake-router.test-support.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;

function mapperOf(router: FakeRouter, version: 0 | 2, address = ROUTER): ControlMapper {
  return (version === 2 ? pcpMapper : natPmpMapper)(router.transport, { address, name: 'eth0' });
}

/** What came of it, in words. */
function inWords(result: Result<MappedPort, MapPortError>): string {
  return result.match(
    ({ granted, warnings }) => {
      const { externalPort, internalClient, leaseSeconds } = granted;
      return [`${externalPort} to ${internalClient} for ${leaseSeconds}`, ...warnings.map(({ code }) => code)].join(
        ', ',
      );
    },
    (error) => {
      if (error.kind !== 'not-mapped') return error.kind;
      const refusals = error.attempts.map((attempt) => String(attempt.error.code));
      const left = error.unknownLeases.map(({ externalPort }) => `${externalPort} unknown`);
      return [error.code, ...refusals, ...left].join(', ');
    },
  );
}

interface Mapping {
  readonly came: string;
  readonly sent: readonly string[];
  readonly states: readonly string[];
}

async function map(
  router: FakeRouter,
  version: 0 | 2,
  options: Partial<MapOnceOptions> = {},
  mapper = mapperOf(router, version),
): Promise<Mapping> {
  const leases = new OneHolder();
  const before = router.network.sent.length;
  const mapped = await mapPort(mapper, { ...UDP, askState: false, ...options, leases });
  return {
    came: inWords(mapped),
    sent: router.requests().slice(before),
    states: leases.states,
  };
}

const ACTIVE = ['7777 active'];

describe.each([
  ['PCP', 2],
  ['NAT-PMP', 0],
] as const)('%s', (_name, version) => {
  const exact = version === 2 ? ' prefer-failure' : '';

  it('maps by one request', async () => {
    const router = fakeRouter(version);
    expect(await map(router, version)).toEqual({
      came: '7777 to 192.168.1.20 for 3600',
      sent: [`map UDP 7777 to 7777 for 3600${exact}`],
      states: ACTIVE,
    });
  });

  it('another internal port, for TCP, on any external one', async () => {
    const router = fakeRouter(version, { taken: [7777] });
    const options = { protocol: 'tcp', internalPort: 7000, port: 'any' } as const;
    expect(await map(router, version, options)).toEqual({
      came: '7778 to 192.168.1.20 for 3600, altered-port',
      sent: ['map TCP 7777 to 7000 for 3600'],
      states: ['7778 active'],
    });
  });

  it('gives another port back than the only one that is wanted', async () => {
    const router = fakeRouter(version, { taken: [7777], ignoresExact: true });
    expect(await map(router, version)).toEqual({
      came: 'refused, port-not-available',
      sent: [`map UDP 7777 to 7777 for 3600${exact}`, 'delete UDP 7777'],
      states: [],
    });
    expect(router.mappings.size).toBe(0);
  });

  it('names a port that it could not give back', async () => {
    const router = fakeRouter(version, { taken: [7777], ignoresExact: true });
    const { clock } = router.network;
    void clock.sleep(3).then(() => {
      router.mute = 100;
    });
    expect(await map(router, version)).toMatchObject({
      came: 'refused, port-not-available, 7778 unknown',
      states: ['7778 unknown'],
    });
  });

  it.each([
    [0, 86_400, '7777 to 192.168.1.20 for 86400, altered-lease'],
    [604_800, 86_400, '7777 to 192.168.1.20 for 86400, altered-lease'],
    [600, 600, '7777 to 192.168.1.20 for 600'],
  ])('a lease of %s s is asked for as %s s', async (leaseSeconds, asked, came) => {
    const router = fakeRouter(version);
    const mapped = await map(router, version, { leaseSeconds });
    expect(mapped).toMatchObject({ came, sent: [`map UDP 7777 to 7777 for ${asked}${exact}`] });
  });

  it('says if the lease is shorter', async () => {
    expect(await map(fakeRouter(version, { longest: 60 }), version)).toMatchObject({
      came: '7777 to 192.168.1.20 for 60, altered-lease',
    });
  });

  it('sends the same bytes again, and believes the answer to any of them', async () => {
    const router = fakeRouter(version, { deafAfter: 2 });
    const { came, sent } = await map(router, version);
    expect([came, sent.length]).toEqual(['7777 to 192.168.1.20 for 3600', 3]);
    const [first, ...others] = router.network.sent.map(({ payload }) => payload.join());
    expect(others).toEqual([first, first]);
    expect(router.mappings.size).toBe(1);
  });

  it('a mapping whose answer is lost is unknown, and is settled by the same request', async () => {
    const router = fakeRouter(version, { deafAfter: 4 });
    const mapper = mapperOf(router, version);
    const leases = new OneHolder();
    const ledger = leases.ledger({}, mapper);
    const lost = await mapPort(mapper, { ...UDP, leases });
    expect(inWords(lost)).toBe('refused, timeout, 7777 unknown');
    const [unknown] = ledger.unknown();
    if (unknown === undefined) throw new Error('no unknown lease');
    const budget = { limits: { deadlineMs: 8_000 }, settling: {}, isOver: () => false, isAborted: () => false };
    const settled = await mapper.renew(unknown, UDP, { ledger, budget, wasSeen: false });
    expect(settled.isOk()).toBe(true);
    const [first, ...others] = router.network.sent.map(({ payload }) => payload.join());
    expect(others.slice(0, 4)).toEqual([first, first, first, first]);
    expect(leases.states).toEqual(ACTIVE);
  });

  it('what the system refuses each time was not done', async () => {
    const router = fakeRouter(version);
    router.network.answering = () => 'refused';
    expect(await map(router, version)).toMatchObject({ came: 'refused, refused', states: [] });
  });

  it('what cannot be sent was not done', async () => {
    const router = fakeRouter(version);
    router.network.isUnreachable = true;
    expect(await map(router, version)).toMatchObject({ came: 'refused, unreachable', states: [] });
  });

  it.each([
    ['before it begins', 0, 'aborted', []],
    ['while it is asked', 3, 'aborted', [`map UDP 7777 to 7777 for 3600${exact}`, 'delete UDP 7777']],
  ] as const)('an abort %s leaves nothing', async (_when, afterMs, came, sent) => {
    const router = fakeRouter(version);
    const signal = { aborted: afterMs === 0 };
    void router.network.clock.sleep(afterMs).then(() => {
      signal.aborted = true;
    });
    expect(await map(router, version, { signal })).toEqual({ came, sent, states: [] });
    expect(router.mappings.size).toBe(0);
  });

  it('an abort that the router does not answer leaves the port, and says so', async () => {
    const router = fakeRouter(version);
    const signal = { aborted: false };
    void router.network.clock.sleep(3).then(() => {
      signal.aborted = true;
      router.mute = 100;
    });
    expect(await map(router, version, { signal })).toMatchObject({
      came: 'left-behind, 7777 unknown',
      states: ['7777 unknown'],
    });
  });

  it('stops when its time is over', async () => {
    const router = fakeRouter(version, { mute: 100 });
    const mapped = await map(router, version, { budgetMs: 2_000 });
    expect(mapped.came).toBe('out-of-time, timeout, 7777 unknown');
    expect(router.network.clock.now()).toBe(1_600);
  });

  it('tells the steps, and writes the request down before it is sent', async () => {
    const router = fakeRouter(version);
    const mapper = mapperOf(router, version);
    const steps: string[] = [];
    const written: string[] = [];
    const leases = new LeaseStore({
      file: {
        read: () => router.transport.interfaces.list().map(() => null),
        write: (text) => {
          written.push(`${router.network.sent.length} sent: ${/"externalPort":7777/.test(text) ? '7777' : 'none'}`);
          return router.transport.interfaces.list().map(() => undefined);
        },
      },
    });
    const mapping = mapPort(mapper, { ...UDP, leases });
    const reading = (async () => {
      for await (const step of mapping.steps) steps.push(step.kind);
    })();
    expect((await mapping).isOk()).toBe(true);
    await reading;
    expect(steps).toEqual(['requested', 'granted']);
    expect(written[0]).toBe('0 sent: 7777');
  });

  it('a mapping to another host than this one is refused: a server maps for the sender alone', async () => {
    const router = fakeRouter(version);
    expect(await map(router, version, { internalClient: '192.168.1.66' })).toEqual({
      came: 'invalid-argument',
      sent: [],
      states: [],
    });
  });

  it('to another address of this host it is asked from there', async () => {
    const router = fakeRouter(version);
    router.network.interfaces.push({ ...OWN, address: '192.168.1.21' });
    const mapped = await map(router, version, { internalClient: '192.168.1.21' });
    expect(mapped.came).toBe('7777 to 192.168.1.21 for 3600');
    expect(router.network.sent.map(({ from }) => from)).toEqual(['192.168.1.21']);
  });

  it.each([
    ['port 0', { externalPort: 0 }],
    ['internal port 0', { internalPort: 0 }],
    ['another protocol', { protocol: 'SCTP' as 'UDP' }],
    ['a lease below 0', { leaseSeconds: -1 }],
    ['no time', { budgetMs: 0 }],
  ])('%s is never sent', async (_what, options) => {
    expect(await map(fakeRouter(version), version, options)).toEqual({
      came: 'invalid-argument',
      sent: [],
      states: [],
    });
  });

  it('a forbidden port is asked for again after half an hour, and not before', async () => {
    const router = fakeRouter(version, { refusals: [2] });
    const mapper = mapperOf(router, version);
    const again = (options = {}): Promise<Mapping> => map(router, version, options, mapper);
    expect(await again()).toMatchObject({ came: 'refused, not-authorized', sent: [expect.any(String)], states: [] });
    await router.network.clock.advance('29m');
    expect(await again()).toMatchObject({ came: 'refused, not-authorized', sent: [], states: [] });
    expect((await again({ externalPort: 7778 })).came).toBe('7778 to 192.168.1.20 for 3600');
    await router.network.clock.advance('1m');
    expect((await again()).came).toContain('7777 to 192.168.1.20');
  });

  it('the request of a person who may have changed the settings has a hint', async () => {
    const refused = await mapPort(mapperOf(fakeRouter(version, { refusals: [2] }), version), UDP);
    expect(refused._unsafeUnwrapErr()).toMatchObject({
      message: expect.stringContaining('does not allow this device to open ports') as string,
      hint: expect.stringContaining('Allow this device to open ports') as string,
    });
  });

  it('an odd lifetime of 0 is no permanent mapping', async () => {
    expect(await map(fakeRouter(version, { longest: 0 }), version)).toMatchObject({
      came: 'refused, response',
      states: [],
    });
  });
});

describe('PCP alone', () => {
  it('an answer that takes 2.5 s confuses no other request, and is asked for twice', async () => {
    const router = fakeRouter(2, { refusals: [2] });
    const { answering } = router.network;
    let times = 0;
    router.network.answering = (payload, from) => {
      const replies = answering(payload, from);
      // The router is busy: every answer waits for the first, and all arrive at every socket.
      return replies === 'refused' ? replies : replies.map((reply) => ({ ...reply, afterMs: 2_500 + (times += 1) }));
    };
    const mapper = mapperOf(router, 2);
    const came = await Promise.all([7777, 7778, 7779].map((externalPort) => mapPort(mapper, { ...UDP, externalPort })));
    expect(came.map(inWords).map((words) => words.split(',')[0])).toEqual([
      'refused',
      '7778 to 192.168.1.20 for 3600',
      '7779 to 192.168.1.20 for 3600',
    ]);
    expect(router.requests().filter((request) => request.startsWith('map UDP 7777'))).toHaveLength(2);
  });

  it('asks without PREFER_FAILURE where the server does not know it, and compares the port', async () => {
    const router = fakeRouter(2, { refusals: [5] });
    expect(await map(router, 2)).toMatchObject({
      came: '7777 to 192.168.1.20 for 3600',
      sent: ['map UDP 7777 to 7777 for 3600 prefer-failure', 'map UDP 7777 to 7777 for 3600'],
    });
    const taken = fakeRouter(2, { refusals: [5], taken: [7777] });
    expect(await map(taken, 2)).toMatchObject({
      came: 'refused, unsupported-option, port-not-available',
      sent: [expect.any(String), expect.any(String), 'delete UDP 7777'],
      states: [],
    });
  });

  it('another host has the port', async () => {
    expect(await map(fakeRouter(2, { taken: [7777] }), 2)).toMatchObject({ came: 'refused, port-not-available' });
  });

  it.each([12, 3, 4, 9, 10, 14])('result %s ends it', async (result) => {
    const { came, sent } = await map(fakeRouter(2, { refusals: [result] }), 2);
    expect([came.startsWith('refused'), sent.length]).toEqual([true, 1]);
  });

  it('believes the error lifetime, within limits', async () => {
    const router = fakeRouter(2, { refusals: [8], errorLifetime: 60 });
    const mapper = mapperOf(router, 2);
    router.network.isPortTaken = true;
    await map(router, 2, {}, mapper);
    await router.network.clock.advance('55s');
    expect((await map(router, 2, {}, mapper)).sent.some((one) => one.startsWith('map'))).toBe(false);
    await router.network.clock.advance('5s');
    expect((await map(router, 2, {}, mapper)).came).toContain('7777');
  });

  it('has a nonce of 24 hexadecimal digits in each lease, one for each mapping', async () => {
    const router = fakeRouter(2);
    const mapper = mapperOf(router, 2);
    const nonces = new Set<string>();
    for (const externalPort of [7777, 7778]) {
      const { granted } = (await mapPort(mapper, { ...UDP, externalPort }))._unsafeUnwrap();
      nonces.add((granted.details as { readonly nonce: string }).nonce);
      expect(JSON.parse(JSON.stringify(granted))).toEqual(granted);
    }
    expect([...nonces].every((nonce) => /^[\da-f]{24}$/.test(nonce))).toBe(true);
    expect(nonces.size).toBe(2);
    expect([...router.mappings.values()].map(({ nonce }) => nonce)).toEqual([...nonces]);
  });

  it.each([
    ['203.0.113.9', 'address-unknown'],
    ['192.168.7.2', 'double-nat'],
    ['100.64.3.4', 'double-nat'],
    ['5.5.5.1', ''],
  ])('warns of the external address %s: %s', async (wan, warning) => {
    const mapped = await map(fakeRouter(2, { wan }), 2, { askState: true });
    expect(mapped.came).toBe(`7777 to 192.168.1.20 for 3600${warning === '' ? '' : `, ${warning}`}`);
  });
});

describe('NAT-PMP alone', () => {
  it.each([
    ['192.168.7.2', 'double-nat'],
    ['5.5.5.1', ''],
    ['0.0.0.0', 'address-unknown'],
  ])('asks for the external address %s, and warns: %s', async (wan, warning) => {
    const mapped = await map(fakeRouter(0, { wan }), 0, { askState: true });
    expect(mapped.sent).toEqual(['map UDP 7777 to 7777 for 3600', 'address?']);
    expect(mapped.came).toBe(`7777 to 192.168.1.20 for 3600${warning === '' ? '' : `, ${warning}`}`);
  });

  it.each([
    ['0.0.0.0', 3, 'double-nat', 'stands behind another router, it seems'],
    ['192.168.7.2', 3, 'double-nat', '192.168.7.2 is private'],
    ['100.64.3.4', 4, 'double-nat', '100.64.3.4 is shared'],
    ['5.5.5.1', 3, 'refused', '3 NETWORK_FAILURE'],
    ['0.0.0.0', 2, 'refused', 'does not allow'],
  ])('with the address %s, result %s is %s', async (wan, result, code, message) => {
    const router = fakeRouter(0, { wan, refusals: [result] });
    const error = (await mapPort(mapperOf(router, 0), UDP))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'not-mapped', code, message: expect.stringContaining(message) as string });
    expect(error.hint).toBeTruthy();
  });
});

describe('a PCP server behind another router', () => {
  /** Answers MAP with 8, and the address question of NAT-PMP with this address; null: it does not know NAT-PMP. */
  async function mapBehind(wan: string | null) {
    const pcp = fakeRouter(2, { refusals: [8] });
    const natPmp = fakeRouter(0, { wan: wan ?? '' });
    const { answering } = pcp.network;
    pcp.network.answering = (payload, from) =>
      payload[0] === 0 ? (wan === null ? [] : natPmp.network.answering(payload, from)) : answering(payload, from);
    return (await mapPort(mapperOf(pcp, 2), UDP))._unsafeUnwrapErr();
  }

  it.each([
    ['0.0.0.0', 'double-nat', 'stands behind another router, it seems'],
    ['10.7.7.7', 'double-nat', '10.7.7.7 is private'],
    ['5.5.5.1', 'refused', '8 NO_RESOURCES'],
    [null, 'refused', '8 NO_RESOURCES'],
  ])('is asked for its address by NAT-PMP: %s is %s', async (wan, code, message) => {
    expect(await mapBehind(wan)).toMatchObject({ code, message: expect.stringContaining(message) as string });
  });
});

describe('IPv6', () => {
  const on = { name: 'eth0', family: 'ipv6', prefixLength: 64, internal: false } as const;
  function routerWith(...addresses: readonly string[]): FakeRouter {
    const router = fakeRouter(2);
    router.network.interfaces.push(...addresses.map((address) => ({ ...on, address })));
    return router;
  }

  it('one MAP from each stable address, and one lease that has all of them', async () => {
    const router = routerWith('2a02:1::20', '2a02:2::20', 'fd00::20');
    const mapper = mapperOf(router, 2, ROUTER6);
    const mapped = (await mapPort(mapper, UDP))._unsafeUnwrap();
    expect(router.network.sent.map(({ from }) => from)).toEqual(['2a02:1::20', '2a02:2::20']);
    expect(mapped.granted).toMatchObject({ family: 'ipv6', internalClient: '2a02:1::20', leaseSeconds: 3600 });
    expect(mapped.granted.details).toMatchObject({ clients: ['2a02:1::20', '2a02:2::20'] });
    expect(mapped.warnings).toEqual([]);
    expect(router.mappings.size).toBe(2);
    expect((await mapper.unmap(UDP, mapped.granted)).isOk()).toBe(true);
    expect(router.mappings.size).toBe(0);
  });

  it('the address that is granted is the one that counts', async () => {
    const router = routerWith('2a02:1::20', '2a02:2::20');
    router.refusals = [2];
    const mapped = await map(router, 2, { leaseSeconds: 86_400 }, mapperOf(router, 2, ROUTER6));
    expect(mapped.came).toBe('7777 to 2a02:2::20 for 3600, altered-lease');
    expect(mapped.states).toEqual(ACTIVE);
  });

  it('only the address that is given', async () => {
    const router = routerWith('2a02:1::20', '2a02:2::20');
    const mapped = await map(router, 2, { internalClient: '2a02:2::20' }, mapperOf(router, 2, ROUTER6));
    expect([mapped.came, mapped.sent.length]).toEqual(['7777 to 2a02:2::20 for 3600', 1]);
  });

  it('nothing is sent without an address that can be reached', async () => {
    const router = routerWith('fd00::20', 'fe80::20');
    expect(await map(router, 2, {}, mapperOf(router, 2, ROUTER6))).toEqual({
      came: 'no-address',
      sent: [],
      states: [],
    });
  });
});
