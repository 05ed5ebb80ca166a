/** Deleting: a lease, a port without a lease, and what an earlier run has left. */
import { describe, expect, it } from 'vitest';
import { cleanUpAfterCrash } from '../leases/clean-up.ts';
import { LeaseStore } from '../leases/lease-store.ts';
import { memoryFile } from '../leases/memory-file.test-support.ts';
import { mapPort } from '../map-port.ts';
import { natPmpMapper } from '../nat-pmp/mapper.ts';
import { pcpMapper } from '../pcp/mapper.ts';
import { unmapPort } from '../unmap-port.ts';
import type { Result } from '../../result.ts';
import { timeBudget } from '../internal/budget.ts';
import type { ControlMapper } from './control-mapper.ts';
import { fakeRouter, ROUTER, type FakeRouter } from './fake-router.test-support.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;

function mapperOf(router: FakeRouter, version: 0 | 2): ControlMapper {
  return (version === 2 ? pcpMapper : natPmpMapper)(router.transport, { address: ROUTER });
}

function codeOf(result: Result<unknown, { readonly code: unknown }>): unknown {
  return result.match(
    () => 'gone',
    ({ code }) => code,
  );
}

describe.each([
  ['PCP', 2],
  ['NAT-PMP', 0],
] as const)('%s', (_name, version) => {
  async function mapped() {
    const router = fakeRouter(version);
    const mapper = mapperOf(router, version);
    return { router, mapper, mapped: (await mapPort(mapper, UDP))._unsafeUnwrap() };
  }

  it('unmapPort deletes what mapPort gave, and it may be gone already', async () => {
    const { router, mapper, mapped: one } = await mapped();
    const unmapped = await unmapPort(mapper, one);
    expect(unmapped._unsafeUnwrap()).toMatchObject({ externalPort: 7777, protocol: 'UDP' });
    expect([router.mappings.size, router.requests().at(-1)]).toEqual([0, 'delete UDP 7777']);
    expect(codeOf(await unmapPort(mapper, one))).toBe('gone');
  });

  it('release is within its time, and may be repeated', async () => {
    const { router, mapper, mapped: one } = await mapped();
    router.mute = 100;
    const { clock } = router.network;
    const start = clock.now();
    expect(codeOf(await mapper.release(one.granted, { budget: timeBudget(clock, 5_000) }))).toBe('timeout');
    expect(clock.now() - start).toBe(4_000);
    router.mute = 0;
    expect(codeOf(await mapper.release(one.granted, { budget: timeBudget(clock, 5_000), isFresh: true }))).toBe('gone');
    expect(router.mappings.size).toBe(0);
  });

  it('what leads to an address that this host has lost is left', async () => {
    const { router, mapper, mapped: one } = await mapped();
    router.network.renumber('192.168.1.30');
    expect(codeOf(await unmapPort(mapper, one))).toBe('no-address');
    expect(router.mappings.size).toBe(1);
  });

  it('deletes after a crash by what the file has, and nothing twice', async () => {
    const router = fakeRouter(version);
    const file = memoryFile();
    expect((await mapPort(mapperOf(router, version), { ...UDP, leases: new LeaseStore({ file }) })).isOk()).toBe(true);
    const next = mapperOf(router, version);
    const cleaned = (await cleanUpAfterCrash(next, file))._unsafeUnwrap();
    expect([cleaned.deleted.length, cleaned.left.length, cleaned.failed.length]).toEqual([1, 0, 0]);
    expect(router.mappings.size).toBe(0);
    expect((await cleanUpAfterCrash(next, file))._unsafeUnwrap().deleted).toEqual([]);
  });

  it('after a crash: what leads to another host is left, what is not answered stays in the file', async () => {
    const router = fakeRouter(version);
    const file = memoryFile();
    expect((await mapPort(mapperOf(router, version), { ...UDP, leases: new LeaseStore({ file }) })).isOk()).toBe(true);
    const { text } = file;
    router.mute = 100;
    expect((await cleanUpAfterCrash(mapperOf(router, version), file))._unsafeUnwrap().failed).toHaveLength(1);
    expect(file.text).toBe(text);
    router.mute = 0;
    router.network.renumber('192.168.1.30');
    const count = router.requests().length;
    expect((await cleanUpAfterCrash(mapperOf(router, version), file))._unsafeUnwrap().left).toHaveLength(1);
    expect(router.requests()).toHaveLength(count);
  });

  it.each([
    ['no details', undefined],
    ['a nonce that is none', { nonce: 'xyz' }],
    ['a nonce that is too long', { nonce: '0'.repeat(25) }],
    ['no text as a nonce', { nonce: 1 }],
  ])('a file with %s deletes nothing', async (_what, details) => {
    const router = fakeRouter(version);
    const lost = { ...UDP, family: 'ipv4', internalClient: '192.168.1.20', internalPort: 7777, details } as const;
    expect(await mapperOf(router, version).cleanUp(lost)).toBe('failed');
    expect(router.requests()).toEqual([]);
  });

  it.each([0, 65_536])('a file with internal port %s deletes nothing: 0 would be all ports', async (internalPort) => {
    const router = fakeRouter(version);
    const details = { nonce: '0123456789abcdef01234567', clients: ['192.168.1.20'] };
    const lost = { ...UDP, family: 'ipv4', internalClient: '192.168.1.20', internalPort, details } as const;
    expect(await mapperOf(router, version).cleanUp(lost)).toBe('failed');
    expect(router.requests()).toEqual([]);
  });

  it('a port that is none is not deleted', async () => {
    const router = fakeRouter(version);
    expect(codeOf(await mapperOf(router, version).unmap({ ...UDP, externalPort: 0 }))).toBe('out-of-range');
    expect(codeOf(await mapperOf(router, version).unmap({ ...UDP, protocol: 'SCTP' as 'UDP' }))).toBe('wrong-type');
    expect(router.requests()).toEqual([]);
  });
});

it('PCP deletes nothing without a lease, and says why', async () => {
  const router = fakeRouter(2);
  const error = (await unmapPort(mapperOf(router, 2), UDP))._unsafeUnwrapErr();
  expect(error).toMatchObject({ kind: 'not-unmapped', code: 'no-nonce', mapping: null });
  expect(error.hint).toContain('lease');
  expect(router.requests()).toEqual([]);
});

it('NAT-PMP deletes by the internal port without a lease', async () => {
  const router = fakeRouter(0);
  const mapper = mapperOf(router, 0);
  expect((await mapPort(mapper, UDP)).isOk()).toBe(true);
  expect((await unmapPort(mapper, { externalPort: 7777, protocol: 'udp' }))._unsafeUnwrap()).toBe(null);
  expect([router.mappings.size, router.requests().at(-1)]).toEqual([0, 'delete UDP 7777']);
});

it('a PCP mapping of another nonce is not deleted', async () => {
  const router = fakeRouter(2);
  const mapper = mapperOf(router, 2);
  const mapped = (await mapPort(mapper, UDP))._unsafeUnwrap();
  const foreign = { ...mapped.granted, details: { ...mapped.granted.details, nonce: 'f'.repeat(24) } };
  expect(codeOf(await unmapPort(mapper, { ...mapped, granted: foreign }))).toBe('not-authorized');
  expect(router.mappings.size).toBe(1);
});
