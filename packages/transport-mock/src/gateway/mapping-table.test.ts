import { describe, expect, test } from 'vitest';
import { type Mapping, MappingTable } from './mapping-table.ts';

const HOUR = 3_600_000;

function mapping(changes: Partial<Mapping> = {}): Mapping {
  return {
    remoteHost: '',
    externalPort: 7777,
    protocol: 'TCP',
    internalPort: 7777,
    internalClient: '192.168.1.2',
    isEnabled: true,
    description: '',
    expiresAt: Infinity,
    ...changes,
  };
}

function tableAt(): { table: MappingTable; time: { now: number } } {
  const time = { now: 0 };
  return { table: new MappingTable(() => time.now), time };
}

function ports(table: MappingTable): readonly number[] {
  return table.all().map(({ externalPort }) => externalPort);
}

describe('the table', () => {
  test('is an array without gaps, in the order in which mappings came', () => {
    const { table } = tableAt();
    for (const externalPort of [3, 1, 2]) table.put(mapping({ externalPort }));
    expect([table.at(0), table.at(1), table.at(2), table.at(3)].map((found) => found?.externalPort)).toEqual([
      3,
      1,
      2,
      undefined,
    ]);
    table.remove([mapping({ externalPort: 1 })]);
    expect(ports(table)).toEqual([3, 1, 2]);
    const one = table.find('', 1, 'TCP');
    table.remove(one === undefined ? [] : [one]);
    expect(ports(table)).toEqual([3, 2]);
    table.put(mapping({ externalPort: 1 }));
    expect(ports(table)).toEqual([3, 2, 1]);
    expect(table.at(2)?.externalPort).toBe(1);
  });

  test('tells entries apart by remote host, port and protocol', () => {
    const { table } = tableAt();
    table.put(mapping());
    table.put(mapping({ protocol: 'UDP' }));
    table.put(mapping({ remoteHost: '8.8.8.8' }));
    table.put(mapping({ externalPort: 7778 }));
    expect(table.size).toBe(4);
    expect(table.ofPort(7777, 'TCP').map(({ remoteHost }) => remoteHost)).toEqual(['', '8.8.8.8']);
    expect(table.find('9.9.9.9', 7777, 'TCP')).toBeUndefined();
  });

  test('an overwritten entry keeps its place', () => {
    const { table } = tableAt();
    table.put(mapping({ externalPort: 1 }));
    table.put(mapping({ externalPort: 2 }));
    table.put(mapping({ externalPort: 1, internalPort: 99 }));
    expect(table.size).toBe(2);
    expect(table.at(0)?.internalPort).toBe(99);
  });

  test('finds what lies in a range, both ends included', () => {
    const { table } = tableAt();
    for (const externalPort of [5, 10, 15, 20]) table.put(mapping({ externalPort }));
    table.put(mapping({ externalPort: 12, protocol: 'UDP' }));
    expect(table.inRange(10, 15, 'TCP').map(({ externalPort }) => externalPort)).toEqual([10, 15]);
  });
});

describe('leases', () => {
  test('end at their moment, not before', () => {
    const { table, time } = tableAt();
    table.put(mapping({ expiresAt: HOUR }));
    time.now = HOUR - 1;
    expect(table.size).toBe(1);
    time.now = HOUR;
    expect(table.size).toBe(0);
    expect(table.at(0)).toBeUndefined();
    expect(table.find('', 7777, 'TCP')).toBeUndefined();
    expect(table.ofPort(7777, 'TCP')).toEqual([]);
  });

  test('a renewed one ends later', () => {
    const { table, time } = tableAt();
    table.put(mapping({ expiresAt: HOUR }));
    time.now = HOUR / 2;
    table.put(mapping({ expiresAt: 1.5 * HOUR }));
    time.now = HOUR;
    expect(table.size).toBe(1);
    time.now = 1.5 * HOUR;
    expect(table.size).toBe(0);
  });

  test('a permanent one stays, among others that go', () => {
    const { table, time } = tableAt();
    table.put(mapping({ externalPort: 1, expiresAt: HOUR }));
    table.put(mapping({ externalPort: 2 }));
    table.put(mapping({ externalPort: 3, expiresAt: 2 * HOUR }));
    time.now = HOUR;
    expect(ports(table)).toEqual([2, 3]);
    expect(table.nextExpiry).toBe(2 * HOUR);
    time.now = 1_000 * HOUR;
    expect(ports(table)).toEqual([2]);
    expect(table.nextExpiry).toBe(Infinity);
  });

  test('what is left of them is rounded up to seconds', () => {
    const { table, time } = tableAt();
    table.put(mapping({ externalPort: 1, expiresAt: HOUR }));
    table.put(mapping({ externalPort: 2 }));
    time.now = 1;
    expect(table.snapshot().map(({ leaseSecondsLeft }) => leaseSecondsLeft)).toEqual([3600, 0]);
    time.now = 1_000;
    expect(table.snapshot()[0]?.leaseSecondsLeft).toBe(3599);
  });
});

describe('SystemUpdateID', () => {
  test('counts changes, not mappings', () => {
    const { table, time } = tableAt();
    expect(table.updateId).toBe(0);
    table.put(mapping({ externalPort: 1, expiresAt: HOUR }));
    table.put(mapping({ externalPort: 2, expiresAt: HOUR }));
    table.put(mapping({ externalPort: 3, expiresAt: 2 * HOUR }));
    table.put(mapping({ externalPort: 4 }));
    table.put(mapping({ externalPort: 5 }));
    expect(table.updateId).toBe(5);
    table.remove(table.inRange(4, 5, 'TCP'));
    expect(table.updateId).toBe(6);
    table.remove([]);
    expect(table.updateId).toBe(6);
    // Two leases end together, a third on its own, though nobody looks in between.
    time.now = 3 * HOUR;
    expect(table.updateId).toBe(8);
  });
});
