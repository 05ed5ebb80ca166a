import { expect, it } from 'vitest';
import { fakeMapper, leaseOf } from '../fake-mapper.test-support.ts';
import { LeaseStore } from '../leases/lease-store.ts';
import { recordFailure, type FailedLease } from './record-failure.ts';

const WANTED = leaseOf();
const ELSEWHERE = leaseOf({ externalPort: 8888 });

type Before = 'requested' | 'active' | 'unknown';

it.each<readonly [string, Before, Partial<FailedLease>, readonly string[]]>([
  ['a refusal', 'requested', { owner: 'unknown' }, []],
  ['a refusal of what was unknown before', 'unknown', { owner: 'unknown' }, ['7777 unknown']],
  ['a port that nobody has', 'unknown', { owner: 'nobody' }, []],
  ['a port of another host', 'unknown', { owner: 'other' }, []],
  ['an answer that was lost', 'requested', { unknown: WANTED }, ['7777 unknown']],
  ['a grant that was not there, and was deleted', 'requested', { granted: WANTED, owner: 'own' }, []],
  ['a grant that could not be deleted', 'requested', { granted: WANTED, unknown: WANTED }, ['7777 unknown']],
  ['a grant of another port, deleted', 'requested', { granted: ELSEWHERE, owner: 'own' }, []],
  ['a grant of another port, left', 'requested', { granted: ELSEWHERE, unknown: ELSEWHERE }, ['8888 unknown']],
  [
    'a grant of another port beside an unknown one',
    'unknown',
    { granted: ELSEWHERE, owner: 'nobody' },
    ['7777 unknown'],
  ],
  ['a renewal that is refused', 'active', { wasActive: true, owner: 'other' }, ['7777 active']],
  ['a renewal whose answer was lost', 'active', { wasActive: true, unknown: WANTED }, ['7777 active']],
])('%s', async (_what, before, failure, expected) => {
  const [store, holder, mapper] = [new LeaseStore(), {}, fakeMapper()];
  const ledger = store.ledger(holder, mapper);
  if (before === 'requested') await ledger.request(WANTED);
  else if (before === 'active') await ledger.grant(WANTED);
  else ledger.doubt(WANTED);
  if (failure.granted != null) await ledger.grant(failure.granted);
  recordFailure(ledger, {
    wanted: WANTED,
    granted: null,
    unknown: null,
    owner: 'unknown',
    wasActive: false,
    ...failure,
  });
  expect(store.entriesOf(holder).map(({ lease, state }) => `${lease.externalPort} ${state}`)).toEqual(expected);
});
