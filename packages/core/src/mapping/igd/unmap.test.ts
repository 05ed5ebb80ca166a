/** Whose mapping may be deleted, and what is said of one that may not. */
import type { ClientLink } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { createAbort } from '../../abort.ts';
import type { CallError } from '../../errors.ts';
import { DEFAULT_DESCRIPTION } from '../../port-mapping.ts';
import { answering, connected, count, EMPTY, fault, put, transport } from './igd.test-support.ts';
import { unmapMapping } from './unmap.ts';

const KEY = { externalPort: 7777, protocol: 'UDP' } as const;
const NOT_FORCED = 'To delete the mapping anyway, set force.';

describe('a mapping that is not deleted', () => {
  it.each([
    ['absent', null, 'absent', 'UDP port 7777 is not mapped', 'Check the port and the protocol.'],
    [
      'another device’s',
      { internalClient: '192.168.1.99' },
      'not-own',
      'UDP port 7777 is mapped to another device, 192.168.1.99',
      NOT_FORCED,
    ],
    [
      'spelled so that nobody can tell',
      { internalClient: 'mypc.lan' },
      'unknown',
      `can't tell who owns UDP port 7777: the router lists "mypc.lan" as its client`,
      NOT_FORCED,
    ],
  ] as const)('is %s', async (_what, entry, code, message, hint) => {
    const [router, gateway] = await connected({ isSecure: false });
    if (entry !== null) put(router, entry);
    const error = (await unmapMapping(gateway, KEY))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'not-unmapped', code, message, hint });
    expect(count(router, 'DeletePortMapping')).toBe(0);
  });

  it('can not be read', async () => {
    const [router, gateway] = await connected();
    put(router);
    const { gateway: asked } = answering(gateway, ({ action }) => (action.startsWith('Get') ? fault(606) : undefined));
    expect((await unmapMapping(asked, KEY))._unsafeUnwrapErr()).toMatchObject({
      kind: 'not-unmapped',
      code: 'unknown',
      message: "can't read who owns UDP port 7777: 606",
    });
    expect(router.mappings()).toHaveLength(1);
  });

  it('has no answer', async () => {
    const [, gateway] = await connected();
    const { gateway: asked } = answering(gateway, ({ action }) =>
      action.startsWith('Get') ? transport('timeout') : undefined,
    );
    expect((await unmapMapping(asked, KEY))._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'timeout' });
  });
});

describe('a mapping that is deleted', () => {
  it.each([
    ['this host’s', {}],
    [
      'spelled as a name, and described as this program describes its own',
      { internalClient: 'mypc.lan', description: DEFAULT_DESCRIPTION },
    ],
  ])('is %s', async (_what, entry) => {
    const [router, gateway] = await connected({ isSecure: false });
    put(router, entry);
    expect((await unmapMapping(gateway, KEY))._unsafeUnwrap()).toMatchObject(entry);
    expect(router.mappings()).toEqual([]);
  });

  it('may be another’s if that is forced', async () => {
    const [router, gateway] = await connected({ isSecure: false });
    put(router, { internalClient: '192.168.1.99' });
    expect((await unmapMapping(gateway, { ...KEY, force: true })).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it.each<readonly [string, { readonly internalClient?: string; readonly internalPort?: number }, boolean]>([
    ['leads to another host by then', { internalClient: '192.168.1.99' }, true],
    ['leads to another port by then', { internalPort: 9999 }, true],
    ['is still the same', {}, false],
  ])('is gone after an answer that proves nothing if its port %s', async (_what, later, isGone) => {
    const [router, gateway] = await connected({ isSecure: false });
    put(router);
    const { gateway: asked } = answering(gateway, ({ action }): CallError | undefined => {
      if (action !== 'DeletePortMapping') return undefined;
      put(router, later);
      return EMPTY;
    });
    expect((await unmapMapping(asked, KEY)).isOk()).toBe(isGone);
  });
});

describe('the time for each request, and the signal', () => {
  it('are the caller’s', async () => {
    const [router, gateway] = await connected();
    put(router);
    const aborting = createAbort();
    aborting.abort();
    expect((await unmapMapping(gateway, { ...KEY, signal: aborting.signal }))._unsafeUnwrapErr()).toMatchObject({
      kind: 'transport',
      code: 'aborted',
    });
    router.inject('slow-loris');
    const started = router.clock.now();
    expect((await unmapMapping(gateway, { ...KEY, deadlineMs: 200 })).isErr()).toBe(true);
    expect(router.clock.now() - started).toBeLessThan(2_000);
  });
});

describe('an address that is lost meanwhile', () => {
  it.each([
    ['is asked from the next one', undefined, true],
    ['is not waited for once the caller has aborted', createAbort(), false],
  ])('%s', async (_what, abort, isDeleted) => {
    const link: ClientLink = { state: 'up' };
    const [router, gateway] = await connected({ isSecure: false, client: { link } });
    put(router);
    const { gateway: asked } = answering(gateway, ({ action, nth }) => {
      if (action !== 'DeletePortMapping' || nth > 1) return undefined;
      link.address = '192.168.1.33';
      abort?.abort();
      return transport('refused');
    });
    const result = await unmapMapping(asked, { ...KEY, ...(abort === undefined ? {} : { signal: abort.signal }) });
    expect([result.isOk(), router.mappings().length]).toEqual(isDeleted ? [true, 0] : [false, 1]);
  });
});
