import { describe, expect, it } from 'vitest';
import { fakeMapper, leaseOf, mappedPort } from '../fake-mapper.test-support.ts';
import type { MappedPort } from '../port-mapper.ts';
import { UDP } from './keeper.test-support.ts';
import { keepable, renewalAfter } from './renewal-schedule.ts';

function mapped(requestedSeconds: number, grantedSeconds: number): MappedPort {
  const [requested, granted] = [leaseOf({ leaseSeconds: requestedSeconds }), leaseOf({ leaseSeconds: grantedSeconds })];
  return mappedPort(granted, fakeMapper(), requested);
}

describe('the renewal, in seconds after the grant', () => {
  it.each([
    ['at half of a lease that was granted as requested', 3600, 3600, 1_620, 1_800],
    ['at half an hour of a permanent mapping', 0, 0, 1_620, 1_800],
    ['at half of the requested lease, where the router reports a permanent one', 600, 0, 270, 300],
    ['at half of the requested lease, where the router reports a longer one', 600, 86_400, 270, 300],
    ['at half of a lease from which reading it has taken a quarter', 160, 120, 54, 60],
    ['no sooner than after two minutes of a lease that the router has shortened', 160, 119, 120, 120],
    ['at half of a long lease that the router has shortened', 3600, 600, 270, 300],
  ])('%s', (_when, requested, granted, earliest, latest) => {
    expect(renewalAfter(mapped(requested, granted), 0) / 1_000).toBeCloseTo(earliest, 6);
    expect(renewalAfter(mapped(requested, granted), 1) / 1_000).toBeCloseTo(latest, 6);
  });
});

it('of a mapper whose renewals cost less is sooner: a minute for which a router has shortened an hour has no gap', () => {
  const { requested, granted } = mapped(3600, 60);
  const cheap = fakeMapper({ leastRenewalMs: 20_000 });
  expect(renewalAfter(mappedPort(granted, cheap, requested as never), 1)).toBe(30_000);
  expect(renewalAfter(mappedPort({ ...granted, leaseSeconds: 1 }, cheap, requested as never), 1)).toBe(20_000);
});

describe('the options of a port that is kept', () => {
  it.each([
    [undefined, undefined],
    [0, 0],
    [1, 60],
    [59, 60],
    [60, 60],
    [61, 61],
  ])('have for a lease of %s seconds one of %s', (leaseSeconds, expected) => {
    expect(keepable({ ...UDP, leaseSeconds }).leaseSeconds).toBe(expected);
  });
  it('have the protocol in upper case, and leave what is none to those that check it', () => {
    expect(keepable({ ...UDP, protocol: 'tcp' }).protocol).toBe('TCP');
    expect(keepable({ ...UDP, protocol: 'SCTP' as 'TCP' }).protocol).toBe('SCTP');
  });
});
