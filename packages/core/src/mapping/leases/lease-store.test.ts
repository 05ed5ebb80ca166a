import { VirtualClock } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import type { CallError } from '../../errors.ts';
import type { FilePort } from '../../ports.ts';
import { ResultAsync } from '../../result.ts';
import type { LeaseLedger, PortMapper } from '../port-mapper.ts';
import type { Lease } from '../types.ts';
import { fakeMapper, leaseOf } from '../fake-mapper.test-support.ts';
import { decodeJournal } from './journal-file.ts';
import { LeaseStore } from './lease-store.ts';
import { memoryFile } from './memory-file.test-support.ts';

const HOUR_MS = 3_600_000;
const SILENT: CallError = { kind: 'transport', code: 'timeout', message: 'no answer' };

function mapperOf(id: string, clock = new VirtualClock(), via: PortMapper['via'] = 'upnp-igd'): PortMapper {
  return fakeMapper({ via, clock, gateway: { id, endpoint: '', name: null } });
}

interface Desk {
  readonly store: LeaseStore;
  readonly clock: VirtualClock;
  readonly mapper: PortMapper;
  readonly holder: object;
  readonly ledger: LeaseLedger;
  /** The entries of the holder, in words. */
  readonly entries: () => readonly string[];
}

function desk(store = new LeaseStore()): Desk {
  const clock = new VirtualClock();
  const mapper = mapperOf('uuid:home', clock);
  const holder = {};
  const entries = (): readonly string[] =>
    store
      .entriesOf(holder)
      .map(({ lease, state, isDisputed }) => `${lease.externalPort} ${state}${isDisputed ? ', disputed' : ''}`);
  return { store, clock, mapper, holder, ledger: store.ledger(holder, mapper), entries };
}

describe('a lease', () => {
  type Act = (ledger: LeaseLedger, lease: Lease) => unknown;
  const request: Act = (ledger, lease) => ledger.request(lease);
  const grant: Act = (ledger, lease) => ledger.grant(lease);
  const refuse: Act = (ledger, lease) => {
    ledger.refuse(lease);
  };
  const doubt: Act = (ledger, lease) => {
    ledger.doubt(lease);
  };
  const dispute: Act = (ledger, lease) => {
    ledger.dispute(lease);
  };
  const drop: Act = (ledger, lease) => {
    ledger.drop(lease);
  };

  it.each<readonly [string, readonly Act[], readonly string[]]>([
    ['asked for', [request], ['7777 requested']],
    ['asked for and refused', [request, refuse], []],
    ['granted', [request, grant], ['7777 active']],
    ['granted, asked for again, and refused', [grant, request, refuse], ['7777 active']],
    ['of unknown outcome', [request, doubt], ['7777 unknown']],
    ['of unknown outcome, asked for again, and refused', [doubt, request, refuse], ['7777 unknown']],
    ['of unknown outcome, and granted then', [doubt, request, grant], ['7777 active']],
    ['granted, and not taken back', [grant, doubt], ['7777 unknown']],
    ['disputed', [grant, dispute], ['7777 unknown, disputed']],
    ['disputed, and granted then', [dispute, grant], ['7777 active']],
    ['seen to be gone', [grant, drop], []],
    ['disputed, and seen to be gone', [dispute, drop], []],
  ])('that is %s', async (_what, acts, expected) => {
    const { ledger, entries } = desk();
    for (const act of acts) await act(ledger, leaseOf());
    expect(entries()).toEqual(expected);
  });

  it.each<readonly [string, Partial<Lease>]>([
    ['on another port', { externalPort: 8888 }],
    ['of the other protocol', { protocol: 'TCP' }],
    ['on another gateway', { gateway: 'uuid:other' }],
    ['by another protocol', { via: 'pcp' }],
    ['over IPv6', { family: 'ipv6' }],
    ['to another host', { internalClient: '192.168.1.3' }],
  ])('%s is another one', async (_what, change) => {
    const { ledger, entries } = desk();
    ledger.doubt(leaseOf());
    await ledger.request(leaseOf(change));
    ledger.refuse(leaseOf(change));
    ledger.drop(leaseOf(change));
    expect(entries()).toEqual(['7777 unknown']);
  });

  it('to another address of this host takes the place of an earlier one when it is granted, and not before', async () => {
    const { ledger, entries } = desk();
    await ledger.grant(leaseOf());
    const moved = leaseOf({ internalClient: '192.168.1.33' });
    await ledger.request(moved);
    expect(entries()).toEqual(['7777 active', '7777 requested']);
    await ledger.grant(moved);
    expect(entries()).toEqual(['7777 active']);
    expect(ledger.isActive(moved)).toBe(true);
    expect(ledger.isActive(leaseOf())).toBe(false);
  });
});

describe('unknown leases', () => {
  it('are those of the same gateway that are not disputed', async () => {
    const { store, holder, ledger } = desk();
    await ledger.grant(leaseOf());
    ledger.doubt(leaseOf({ externalPort: 8888 }));
    ledger.dispute(leaseOf({ externalPort: 9999 }));
    store.ledger(holder, mapperOf('uuid:other')).doubt(leaseOf({ gateway: 'uuid:other' }));
    store.ledger({}, mapperOf('uuid:home')).doubt(leaseOf({ externalPort: 1111 }));
    expect(ledger.unknown().map(({ externalPort }) => externalPort)).toEqual([8888]);
  });
});

describe('the end of a lease', () => {
  it.each<readonly [string, Partial<Lease>, number]>([
    ['is when it was asked for to end', {}, HOUR_MS],
    ['is earlier where less was granted', { leaseSeconds: 600 }, 600_000],
    ['is not later where more was granted: some gateways read a day for each', { leaseSeconds: 86_400 }, HOUR_MS],
    ['is what was asked for where nothing can be read', { leaseSeconds: null }, HOUR_MS],
    ['never comes for a permanent one', { leaseSeconds: 0, requestedSeconds: 0 }, Infinity],
    ['never comes for one that reads as permanent', { leaseSeconds: 0 }, Infinity],
    ['is what was granted where a permanent one was asked for', { requestedSeconds: 0 }, HOUR_MS],
  ])('%s', async (_what, change, expected) => {
    const { store, holder, clock, ledger } = desk();
    await clock.advance('1m');
    const lease = leaseOf(change);
    await ledger.grant(lease);
    expect(store.endOf(holder, lease)).toBe(expected + 60_000);
    expect(ledger.msLeft(lease)).toBe(expected);
  });

  it('is Infinity for one that is not active, and 0 ms are left of what is not there', () => {
    const { store, holder, ledger } = desk();
    ledger.doubt(leaseOf());
    expect(store.endOf(holder, leaseOf())).toBe(Infinity);
    expect(store.endOf(holder, leaseOf({ externalPort: 1 }))).toBe(Infinity);
    expect(store.endOf(holder, null)).toBe(Infinity);
    expect(ledger.msLeft(leaseOf({ externalPort: 1 }))).toBe(0);
  });

  it('takes it out of the ledger', async () => {
    const { clock, ledger, entries } = desk();
    await ledger.grant(leaseOf());
    await clock.advance(HOUR_MS - 1);
    expect(entries()).toEqual(['7777 active']);
    await clock.advance(1);
    expect(ledger.msLeft(leaseOf())).toBe(0);
    expect(entries()).toEqual([]);
  });

  it('leaves it in doubt where the answer to a renewal is lost, for as long as that may last', async () => {
    const { clock, ledger, entries } = desk();
    await ledger.grant(leaseOf());
    await clock.advance(HOUR_MS / 2);
    ledger.mayLast(leaseOf());
    expect(entries()).toEqual(['7777 active']);
    await clock.advance(HOUR_MS / 2);
    expect(entries()).toEqual(['7777 unknown']);
    await clock.advance(HOUR_MS / 2);
    expect(entries()).toEqual([]);
  });

  it('is of no lease that is not in the ledger', () => {
    const { store, holder, ledger, entries } = desk();
    store.prolong(holder, leaseOf(), HOUR_MS);
    ledger.mayLast(leaseOf());
    expect(entries()).toEqual([]);
  });

  it('is put off for one that was seen to outlast it', async () => {
    const { store, holder, clock, ledger, entries } = desk();
    await ledger.grant(leaseOf());
    await clock.advance(HOUR_MS);
    store.prolong(holder, leaseOf(), HOUR_MS + 5_000);
    expect(entries()).toEqual(['7777 active']);
    await clock.advance(5_000);
    expect(entries()).toEqual([]);
  });
});

describe('a lease that is released', () => {
  it('is gone', async () => {
    const { store, holder, ledger } = desk();
    await ledger.grant(leaseOf());
    for (const entry of store.entriesOf(holder)) store.endRelease(holder, entry, null);
    expect(store.entriesOf(holder)).toEqual([]);
    expect(store.unreleased).toEqual([]);
  });

  it('in vain is told of until it ends, or is released after all', async () => {
    const { store, holder, clock, ledger } = desk();
    const other = leaseOf({ externalPort: 8888 });
    await ledger.grant(leaseOf());
    await ledger.grant(other);
    for (const entry of store.entriesOf(holder)) store.endRelease(holder, entry, SILENT);
    expect(store.entriesOf(holder)).toEqual([]);
    expect(store.unreleased).toEqual([
      { lease: leaseOf(), error: SILENT },
      { lease: other, error: SILENT },
    ]);
    await ledger.grant(other);
    for (const entry of store.entriesOf(holder)) store.endRelease(holder, entry, null);
    expect(store.unreleased).toEqual([{ lease: leaseOf(), error: SILENT }]);
    await clock.advance(HOUR_MS);
    expect(store.unreleased).toEqual([]);
  });
});

it('a release of what is not in the ledger any more changes nothing', async () => {
  const { store, holder, ledger } = desk();
  await ledger.grant(leaseOf());
  const [entry] = store.entriesOf(holder);
  if (entry === undefined) throw new Error('one entry');
  ledger.drop(leaseOf());
  store.endRelease(holder, entry, SILENT);
  expect(store.unreleased).toEqual([]);
});

it('a lease that is transferred is the new holder’s alone, and active', async () => {
  const { store, mapper, ledger, entries } = desk();
  const heir = {};
  await ledger.grant(leaseOf());
  store.transfer(leaseOf(), mapper, heir);
  expect(entries()).toEqual([]);
  expect(store.entriesOf(heir)).toMatchObject([{ state: 'active', lease: { externalPort: 7777 } }]);
});

describe('in the file', () => {
  const inFile = (text: string | null): readonly number[] =>
    decodeJournal(text).entries.map(({ externalPort }) => externalPort);

  it('stands what is asked for, and what may exist', async () => {
    const file = memoryFile();
    const store = new LeaseStore({ file });
    const { ledger, holder } = desk(store);
    await ledger.request(leaseOf());
    expect(inFile(file.text)).toEqual([7777]);
    ledger.refuse(leaseOf());
    await store.written();
    expect(inFile(file.text)).toEqual([]);
    ledger.doubt(leaseOf({ externalPort: 8888 }));
    await ledger.grant(leaseOf({ externalPort: 9999 }));
    await store.written();
    expect(inFile(file.text)).toEqual([8888, 9999]);
    const [doubtful, granted] = store.entriesOf(holder);
    if (doubtful === undefined || granted === undefined) throw new Error('two entries');
    store.endRelease(holder, doubtful, SILENT);
    store.endRelease(holder, granted, null);
    await store.written();
    expect(inFile(file.text)).toEqual([8888]);
  });

  it('stands everything when it is said to be written, however long the disk takes', async () => {
    const { clock, mapper, holder } = desk();
    const file = memoryFile();
    const slow: FilePort = {
      read: () => file.read(),
      write: (text) => ResultAsync.fromSafePromise(clock.sleep(1_000)).andThen(() => file.write(text)),
    };
    const store = new LeaseStore({ file: slow });
    store.ledger(holder, mapper).doubt(leaseOf());
    await store.written();
    expect(inFile(file.text)).toEqual([7777]);
  });

  it('stand changes together that come together', async () => {
    const file = memoryFile();
    const store = new LeaseStore({ file });
    const { ledger } = desk(store);
    for (const externalPort of [1, 2, 3]) ledger.doubt(leaseOf({ externalPort }));
    await store.written();
    expect([inFile(file.text), file.writes]).toEqual([[1, 2, 3], 1]);
  });

  it('stands what this run knows of a lease, and not what an earlier run knew', async () => {
    const earlier = { ...leaseOf(), description: 'a game', expiresAt: 1 };
    const file = memoryFile(JSON.stringify({ version: 1, leases: [earlier] }));
    const { ledger } = desk(new LeaseStore({ file }));
    await ledger.grant(leaseOf({ internalPort: 8888, description: null }));
    expect(decodeJournal(file.text).entries).toMatchObject([{ internalPort: 8888, description: '' }]);
  });

  it('a grant is written once, although it is read back', async () => {
    const file = memoryFile();
    let writes = 0;
    const counted = { ...file, write: (text: string) => ((writes += 1), file.write(text)) };
    const { ledger } = desk(new LeaseStore({ file: counted }));
    await ledger.request(leaseOf());
    await ledger.grant(leaseOf());
    expect(writes).toBe(2);
    await ledger.grant(leaseOf({ leaseSeconds: 3598 }));
    expect(writes).toBe(2);
    await ledger.grant(leaseOf({ leaseSeconds: 600 }));
    expect(writes).toBe(3);
  });
});

it('refuses a file that is none, and says where', () => {
  expect(() => new LeaseStore({ file: 'journal.json' as never })).toThrow(/^file must be a file/);
  expect(() => new LeaseStore(7 as never)).toThrow(/^options /);
});
