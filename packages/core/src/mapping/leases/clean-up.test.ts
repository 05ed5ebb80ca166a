import { simulateGateway, type ClientLink, type SimulatedGateway } from '@portwright/transport-mock';
import { err, errAsync, okAsync } from '../../result.ts';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../../client/gateway-at.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { FilePort, InterfacesPort } from '../../ports.ts';
import { cleanUpAfterCrash } from './clean-up.ts';
import { decodeJournal, encodeJournal, type JournalEntry } from './journal-file.ts';
import { Keeper } from '../keeper/keeper.ts';
import { occupy } from '../keep-job.test-support.ts';
import { mapPort } from '../map-port.ts';
import { memoryFile } from './memory-file.test-support.ts';
import { igdMapper } from '../igd/mapper.ts';
import { LeaseStore } from './lease-store.ts';

const EMPTY = '{"version":1,"leases":[]}\n';
const ELSEWHERE: JournalEntry = {
  via: 'upnp-igd',
  gateway: 'uuid:other',
  family: 'ipv4',
  externalPort: 1,
  protocol: 'TCP',
  internalClient: '10.0.0.2',
  internalPort: 1,
  description: '',
};
const OTHER = encodeJournal([ELSEWHERE]);
/** A time of day, in milliseconds since 1970. */
const NOON = 1_795_000_000_000;
const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;

async function connected(igdVersion: 1 | 2 = 2): Promise<readonly [SimulatedGateway, Gateway]> {
  const router = simulateGateway({ igdVersion, maxSearchDelayMs: 0, isSecure: false });
  return [router, (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap().gateway];
}

it('holds what stands, and is empty after an orderly end', async () => {
  const [router, gateway] = await connected();
  const file = memoryFile();
  const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  expect((await keeper.keep(UDP).settled()).isOk()).toBe(true);
  expect(decodeJournal(file.text ?? null).entries).toMatchObject([
    { externalPort: 7777, internalClient: '192.168.1.2' },
  ]);
  await keeper.close();
  expect(file.text).toBe(EMPTY);
});

it('has the port that it has moved to, and not the one before', async () => {
  const [router, gateway] = await connected();
  const file = memoryFile();
  const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  const kept = keeper.keep({ ...UDP, port: 'any' });
  expect((await kept.settled())._unsafeUnwrap().externalPort).toBe(7777);
  occupy(router, [7777]);
  await router.clock.advance('40m');
  const moved = kept.granted?.externalPort;
  expect(moved).not.toBe(7777);
  expect(decodeJournal(file.text ?? null).entries).toMatchObject([{ externalPort: moved }]);
  expect(await keeper.close()).toEqual([]);
  expect(file.text).toBe(EMPTY);
});

it.each(['2h', '3601s'] as const)('has nothing of a lease that is over: closed after %s', async (after) => {
  const [router, gateway] = await connected();
  const file = memoryFile();
  const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  const kept = keeper.keep(UDP);
  expect((await kept.settled()).isOk()).toBe(true);
  router.inject('not-authorized-606', { on: 'AddPortMapping' });
  router.inject('not-authorized-606', { on: 'AddAnyPortMapping' });
  await router.clock.advance(after);
  expect(kept.phase).toBe('lost');
  if (after === '2h') expect(file.text).toBe(EMPTY);
  expect(await keeper.close()).toEqual([]);
  expect(file.text).toBe(EMPTY);
});

it.each([
  [UDP, { externalPort: 7777, description: 'a game' }],
  // What is sent for an empty description is what the router's table has.
  [
    { ...UDP, description: '' },
    { externalPort: 7777, description: 'Portwright' },
  ],
])('is written before the gateway is asked: %j', async (asked, entry) => {
  const [router, gateway] = await connected();
  const file = memoryFile();
  const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  const written: (string | null)[] = [];
  router.inject(
    {
      name: 'look',
      row: 10,
      what: '',
      remedy: '',
      hooks: () => ({
        strike: () => {
          written.push(file.text);
        },
      }),
    },
    { on: 'AddPortMapping' },
  );
  expect((await keeper.keep(asked).settled()).isOk()).toBe(true);
  expect(decodeJournal(written[0] ?? null).entries).toMatchObject([entry]);
  await keeper.close();
});

it('cleans up what a crash has left, once', async () => {
  const [router, gateway] = await connected();
  const file = memoryFile();
  const crashed = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  expect((await crashed.keep(UDP).settled()).isOk()).toBe(true);
  const left = file.text;
  const cleaned = (await cleanUpAfterCrash(igdMapper(gateway), file))._unsafeUnwrap();
  expect(cleaned).toMatchObject({ deleted: [{ externalPort: 7777 }], left: [] });
  expect(router.mappings()).toEqual([]);
  expect(file.text).toBe(EMPTY);
  expect((await cleanUpAfterCrash(igdMapper(gateway), memoryFile(left)))._unsafeUnwrap()).toMatchObject({
    deleted: [],
    left: [{}],
  });
});

it('cleans up on a router that shows no internal port', async () => {
  const router = simulateGateway({ persona: 'openwrt-internal-port-zero' });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  const file = memoryFile();
  (await mapPort(igdMapper(gateway), { ...UDP, leases: new LeaseStore({ file }) }))._unsafeUnwrap();
  expect(router.mappings()).toHaveLength(1);
  expect((await cleanUpAfterCrash(igdMapper(gateway), file))._unsafeUnwrap()).toMatchObject({
    deleted: [{ externalPort: 7777 }],
  });
  expect(router.mappings()).toEqual([]);
});

it('cleans up on a gateway that denies every mapping, by its table', async () => {
  const [router, gateway] = await connected();
  const file = memoryFile();
  const crashed = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  expect((await crashed.keep(UDP).settled()).isOk()).toBe(true);
  router.inject({
    name: 'denies',
    row: 44,
    what: 'says of every port that it is not mapped',
    remedy: 'reads the table',
    on: ['GetSpecificPortMappingEntry'],
    hooks: () => ({ action: () => err({ code: 714, description: 'NoSuchEntryInArray' }) }),
  });
  expect((await cleanUpAfterCrash(igdMapper(gateway), file))._unsafeUnwrap()).toMatchObject({
    deleted: [{}],
    left: [],
  });
  expect(router.mappings()).toEqual([]);
});

it.each([
  ['another host', { internalClient: '192.168.1.66' }],
  ['another port of this host', { internalPort: 8888 }],
  ['another program', { description: 'another game' }],
])('leaves alone what belongs to %s by now', async (_whose, change) => {
  const [router, gateway] = await connected();
  const file = memoryFile();
  const crashed = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  expect((await crashed.keep(UDP).settled()).isOk()).toBe(true);
  const { mappings } = router.machine.gateway.connection;
  const [own] = mappings.all();
  if (own === undefined) throw new Error('nothing is mapped');
  mappings.remove([own]);
  mappings.put({ ...own, ...change });
  expect((await cleanUpAfterCrash(igdMapper(gateway), file))._unsafeUnwrap()).toMatchObject({
    deleted: [],
    left: [{ externalPort: 7777 }],
  });
  expect(router.mappings()).toHaveLength(1);
});

it('leaves alone what leads to an address that was this host’s, and is that of another with the same program', async () => {
  const [router, gateway] = await connected();
  const file = memoryFile();
  const crashed = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  expect((await crashed.keep(UDP).settled()).isOk()).toBe(true);
  // The lease of its address was over while it was off; .2 has mapped the same port for itself since.
  const transport = router.network.transport({ address: '192.168.1.3', address6: null });
  const now = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap().gateway;
  expect((await cleanUpAfterCrash(igdMapper(now), file))._unsafeUnwrap()).toMatchObject({
    deleted: [],
    left: [{ internalClient: '192.168.1.2' }],
    failed: [],
    unreadable: 0,
  });
  expect(router.mappings()).toHaveLength(1);
});

/** When the lease of a journal's only entry ends. */
function endOf(text: string | null): number {
  return decodeJournal(text).entries[0]?.expiresAt ?? 0;
}

/** The same gateway at some time of day; null: on a system that does not know it. */
function at(gateway: Gateway, ms: number | null): Gateway {
  const { clock, ...others } = gateway.transport;
  const { now, sleep } = { now: () => clock.now(), sleep: clock.sleep.bind(clock) };
  const other = ms === null ? { now, sleep } : { now, sleep, wallTime: () => ms };
  return { ...gateway, transport: { ...others, clock: other } };
}

/** A gateway seen by a transport that can't tell more of its addresses than this. */
function seenThrough(gateway: Gateway, interfaces: InterfacesPort): Gateway {
  return { ...gateway, transport: { ...gateway.transport, interfaces } };
}

const UNKNOWN = { kind: 'transport', code: 'failed', message: 'not told' } as const;

it('cleans up what leads to an interface that came up a moment ago, and is not listed yet', async () => {
  const link: ClientLink = { state: 'up' };
  const router = simulateGateway({ maxSearchDelayMs: 0, isSecure: false, client: { link } });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  const file = memoryFile();
  const crashed = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  expect((await crashed.keep(UDP).settled()).isOk()).toBe(true);
  link.state = 'starting';
  expect((await cleanUpAfterCrash(igdMapper(gateway), file))._unsafeUnwrap()).toMatchObject({
    deleted: [{}],
    left: [],
  });
  expect(router.mappings()).toEqual([]);
  expect(file.text).toBe(EMPTY);
});

describe.each<readonly [string, InterfacesPort]>([
  ['are not told', { list: () => errAsync(UNKNOWN) }],
  ['can’t be asked for', { list: () => okAsync([]) }],
  ['can’t be told now', { list: () => okAsync([]), owns: () => errAsync(UNKNOWN) }],
])('while this host’s addresses %s', (_how, interfaces) => {
  /** What a crash has left, an hour's lease, and the time at which it was written. */
  async function crashed(): Promise<readonly [SimulatedGateway, Gateway, ReturnType<typeof memoryFile>]> {
    const [router, gateway] = await connected();
    const file = memoryFile();
    const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
    expect((await keeper.keep(UDP).settled()).isOk()).toBe(true);
    return [router, seenThrough(gateway, interfaces), file];
  }

  it('an entry that may be its own stays, and so does the mapping', async () => {
    const [router, gateway, file] = await crashed();
    const left = file.text;
    expect((await cleanUpAfterCrash(igdMapper(gateway), file))._unsafeUnwrap()).toMatchObject({
      deleted: [],
      left: [],
      failed: [{ externalPort: 7777 }],
    });
    expect(file.text).toBe(left);
    expect(router.mappings()).toHaveLength(1);
  });

  it('an entry goes when its lease is over', async () => {
    const [router, gateway, file] = await crashed();
    const left = file.text;
    expect(
      (await cleanUpAfterCrash(igdMapper(at(gateway, endOf(left) - 1)), file))._unsafeUnwrap().failed,
    ).toHaveLength(1);
    expect(file.text).toBe(left);
    const late = (await cleanUpAfterCrash(igdMapper(at(gateway, endOf(left))), file))._unsafeUnwrap();
    expect(late).toMatchObject({ deleted: [], left: [{ externalPort: 7777 }], failed: [] });
    expect(file.text).toBe(EMPTY);
    expect(router.mappings()).toHaveLength(1);
  });

  it('an entry goes when the gateway shows that the mapping is gone, or another’s', async () => {
    const [router, gateway, file] = await crashed();
    const { mappings } = router.machine.gateway.connection;
    const [own] = mappings.all();
    if (own === undefined) throw new Error('nothing is mapped');
    mappings.remove([own]);
    mappings.put({ ...own, description: 'another game' });
    expect((await cleanUpAfterCrash(igdMapper(gateway), file))._unsafeUnwrap()).toMatchObject({
      left: [{}],
      failed: [],
    });
    expect(file.text).toBe(EMPTY);
    expect(router.mappings()).toHaveLength(1);
  });
});

it.each(['empty-answer-without-effect', 'http-500-without-fault'] as const)(
  'keeps a permanent entry that nobody can decide, however old: %s',
  async (fault) => {
    // Version 2 has no permanent mappings.
    const [router, gateway] = await connected(1);
    const file = memoryFile();
    const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
    expect((await keeper.keep({ ...UDP, leaseSeconds: 0 }).settled()).isOk()).toBe(true);
    const left = file.text;
    router.inject(fault, { on: 'DeletePortMapping' });
    expect((await cleanUpAfterCrash(igdMapper(at(gateway, 1e13)), file))._unsafeUnwrap().failed).toHaveLength(1);
    expect(file.text).toBe(left);
  },
);

it('has the end of the lease, which a renewal puts off', async () => {
  const [router, gateway] = await connected();
  const file = memoryFile();
  const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  expect((await keeper.keep(UDP).settled()).isOk()).toBe(true);
  const first = endOf(file.text);
  expect(first).toBeGreaterThan(router.clock.wallTime() + 3_590_000);
  await router.clock.advance('40m');
  expect(endOf(file.text) - first).toBeGreaterThan(1_700_000);
  await keeper.close();
});

it('an entry on a gateway that is away goes when its lease is over, and others stay', async () => {
  const [, gateway] = await connected();
  const later = { ...ELSEWHERE, gateway: 'uuid:third', expiresAt: NOON + 1 };
  const file = memoryFile(encodeJournal([{ ...ELSEWHERE, expiresAt: NOON }, later, ELSEWHERE]));
  expect((await cleanUpAfterCrash(igdMapper(at(gateway, NOON)), file))._unsafeUnwrap()).toEqual({
    deleted: [],
    left: [],
    failed: [],
    unreadable: 0,
  });
  expect(decodeJournal(file.text).entries).toEqual([later, ELSEWHERE]);
});

it('an entry stays where the time of day is unknown', async () => {
  const [, gateway] = await connected();
  const text = encodeJournal([{ ...ELSEWHERE, expiresAt: 1 }]);
  const file = memoryFile(text);
  expect((await cleanUpAfterCrash(igdMapper(at(gateway, null)), file)).isOk()).toBe(true);
  expect(file.text).toBe(text);
  const leases = new LeaseStore({ file });
  expect((await mapPort(igdMapper(at(gateway, null)), { ...UDP, leases })).isOk()).toBe(true);
  expect(decodeJournal(file.text).entries.map(({ expiresAt }) => expiresAt)).toEqual([undefined, 1]);
});

it('an entry on this gateway is looked at even when its lease should be over: not every router counts', async () => {
  const [router, gateway] = await connected();
  const file = memoryFile();
  const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  expect((await keeper.keep(UDP).settled()).isOk()).toBe(true);
  expect(
    (await cleanUpAfterCrash(igdMapper(at(gateway, endOf(file.text) + 1)), file))._unsafeUnwrap().deleted,
  ).toHaveLength(1);
  expect(router.mappings()).toEqual([]);
});

it('keeps what is on other gateways for the day that they are back', async () => {
  const [, gateway] = await connected();
  const file = memoryFile(OTHER);
  expect((await cleanUpAfterCrash(igdMapper(gateway), file))._unsafeUnwrap()).toEqual({
    deleted: [],
    left: [],
    failed: [],
    unreadable: 0,
  });
  expect(file.text).toBe(OTHER);
});

it('keeps them also while a program that runs now writes into it', async () => {
  const [router, gateway] = await connected();
  const file = memoryFile(OTHER);
  const keeper = new Keeper(router.transport, { mapper: igdMapper(gateway), leases: new LeaseStore({ file }) });
  expect((await keeper.keep(UDP).settled()).isOk()).toBe(true);
  expect(decodeJournal(file.text ?? null).entries).toMatchObject([{ externalPort: 7777 }, { gateway: 'uuid:other' }]);
  await keeper.close();
  expect(file.text).toBe(OTHER);
});

it.each([
  ['was not answered', 'reset-after-request', 'control'],
  ['was not deleted', 'http-500-without-fault', 'DeletePortMapping'],
] as const)('keeps an entry that %s', async (_what, fault, on) => {
  const [router, gateway] = await connected();
  const file = memoryFile();
  const crashed = new Keeper(router.transport, {
    mapper: igdMapper(gateway),
    leases: new LeaseStore({ file }),
    watch: { events: false },
  });
  expect((await crashed.keep(UDP).settled()).isOk()).toBe(true);
  const left = file.text;
  router.inject(fault, { on });
  expect((await cleanUpAfterCrash(igdMapper(gateway), file))._unsafeUnwrap()).toMatchObject({
    deleted: [],
    left: [],
    failed: [{ externalPort: 7777 }],
  });
  expect(file.text).toBe(left);
});

it('is written again after a file has thrown', async () => {
  const [router, gateway] = await connected();
  const file = memoryFile();
  let throws = true;
  const moody = {
    ...file,
    write: (text: string) => {
      if (throws) throw new Error('not a Result');
      return file.write(text);
    },
  };
  const leases = new LeaseStore({ file: moody });
  const thrown: unknown[] = [];
  const keeper = new Keeper(router.transport, {
    mapper: igdMapper(gateway),
    leases,
    onThrown: (error) => thrown.push(error),
  });
  const kept = keeper.keep(UDP);
  await router.clock.advance('1s');
  expect([kept.phase, kept.error]).toEqual(['mapped', null]);
  // Before it was asked for, and when it was got.
  expect(thrown).toEqual([new Error('not a Result'), new Error('not a Result')]);
  throws = false;
  await router.clock.advance('1h');
  expect(thrown).toHaveLength(2);
  expect(decodeJournal(file.text ?? null).entries).toMatchObject([{ externalPort: 7777 }]);
  await keeper.close();
});

it.each<readonly [string, () => ReturnType<FilePort['read']>]>([
  [
    'throws',
    () => {
      throw new Error('not a Result');
    },
  ],
  ['fails', () => errAsync({ kind: 'transport', code: 'failed', message: 'busy' } as const)],
])('keeps what an earlier run has left when its first reading %s', async (_how, first) => {
  const [router, gateway] = await connected();
  const file = memoryFile(OTHER);
  let reads = 0;
  const moody = { ...file, read: () => ((reads += 1) === 1 ? first() : file.read()) };
  const keeper = new Keeper(router.transport, {
    mapper: igdMapper(gateway),
    leases: new LeaseStore({ file: moody }),
    onThrown: () => undefined,
  });
  const kept = keeper.keep(UDP);
  await router.clock.advance('1m');
  expect(kept.phase).toBe('mapped');
  expect(decodeJournal(file.text ?? null).entries).toMatchObject([{ externalPort: 7777 }, { gateway: 'uuid:other' }]);
  await keeper.close();
  expect(file.text).toBe(OTHER);
});

describe('the journal of an earlier run', () => {
  it.each([
    ['has nothing that is settled', OTHER, 0],
    ['has something that can not be read', '{"version":1,"leases":[{}]}', 1],
    ['has nothing at all', EMPTY, 0],
  ])('is written if it changes: it %s', async (_what, text, writes) => {
    const [, gateway] = await connected();
    const file = memoryFile(text);
    expect((await cleanUpAfterCrash(igdMapper(gateway), file)).isOk()).toBe(true);
    expect(file.writes).toBe(writes);
  });

  it('needs a mapper and a file, and says which is none', async () => {
    const [, gateway] = await connected();
    expect((await cleanUpAfterCrash({} as never, memoryFile()))._unsafeUnwrapErr()).toMatchObject({
      kind: 'invalid-argument',
      message: expect.stringMatching(/^mapper/) as string,
    });
    expect((await cleanUpAfterCrash(igdMapper(gateway), {} as never))._unsafeUnwrapErr()).toMatchObject({
      kind: 'invalid-argument',
      message: expect.stringMatching(/^file/) as string,
    });
  });
});
