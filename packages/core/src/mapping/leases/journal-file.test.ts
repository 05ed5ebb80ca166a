import { describe, expect, it } from 'vitest';
import { decodeJournal, encodeJournal, type JournalEntry } from './journal-file.ts';

const ENTRY: JournalEntry = {
  via: 'upnp-igd',
  gateway: 'uuid:home',
  family: 'ipv4',
  externalPort: 7777,
  protocol: 'UDP',
  internalClient: '192.168.1.2',
  internalPort: 7778,
  description: 'a game',
  expiresAt: 1_795_000_000_000,
};

const stored = (...leases: readonly unknown[]): string => JSON.stringify({ version: 1, leases });

describe('a journal', () => {
  it('reads back what was written', () => {
    const permanent = { ...ENTRY, protocol: 'TCP', via: 'pcp', family: 'ipv6', expiresAt: undefined } as const;
    const entries = [ENTRY, permanent, { ...ENTRY, via: 'nat-pmp' } as const];
    expect(decodeJournal(encodeJournal(entries))).toEqual({ entries, unreadable: 0 });
  });

  it.each([
    ['no file', null, 0],
    ['no leases', stored(), 0],
    ['nothing', '', 1],
    ['no JSON', '{"version":1,', 1],
    ['a list', '[]', 1],
    ['null', 'null', 1],
    ['no version', '{"leases":[]}', 1],
    ['another version', '{"version":2,"leases":[]}', 1],
    ['no list of leases', '{"version":1,"leases":{}}', 1],
    ['entries that are none', stored(null, 1, 'text', [], {}), 5],
  ])('%s', (_what, text, unreadable) => {
    expect(decodeJournal(text)).toEqual({ entries: [], unreadable });
  });

  it.each<readonly [keyof JournalEntry, unknown]>([
    ['via', 'carrier-pigeon'],
    ['gateway', 7],
    ['gateway', 'u'.repeat(2_049)],
    ['family', 'ipv5'],
    ['externalPort', '7777'],
    ['externalPort', 77.5],
    ['protocol', 'udp'],
    ['internalClient', null],
    ['internalPort', undefined],
    ['description', 7],
  ])('an entry whose %s is %j is not read, and the others are', (name, value) => {
    expect(decodeJournal(stored({ ...ENTRY, [name]: value }, ENTRY))).toEqual({ entries: [ENTRY], unreadable: 1 });
  });

  it.each([null, 'soon', 1.5])('an end that is %j is nobody’s guess', (expiresAt) => {
    expect(decodeJournal(stored({ ...ENTRY, expiresAt })).entries).toEqual([{ ...ENTRY, expiresAt: undefined }]);
  });
});
