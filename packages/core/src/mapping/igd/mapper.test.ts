/** What the mapper of an IGD adds to the functions that it calls. */
import type { ClientLink } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import type { CallError } from '../../errors.ts';
import { timeBudget } from '../internal/budget.ts';
import { mapPort } from '../map-port.ts';
import type { NotMappedError } from '../types.ts';
import { answering, connected, fault, inject, put, refuses, transport } from './igd.test-support.ts';
import { gatewayOf, igdMapper } from './mapper.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;
const limits = { deadlineMs: 8_000 };

it('is of a gateway, and says what is none', async () => {
  const [, gateway] = await connected();
  expect(gatewayOf(igdMapper(gateway))).toBe(gateway);
  expect(() => igdMapper({} as never)).toThrow(/^gateway /);
});

it('tells how long the router takes to answer', async () => {
  const [, gateway] = await connected({ latencyMs: 250 });
  expect(igdMapper(gateway).answerMs).toBe(gateway.queue.answerMs);
  expect(gateway.queue.answerMs).toBeGreaterThan(200);
});

it('names itself as the mapper of what it has mapped', async () => {
  const [, gateway] = await connected();
  const mapper = igdMapper(gateway);
  expect((await mapPort(mapper, UDP))._unsafeUnwrap().mapper).toBe(mapper);
});

it('names another one if the description has the control URL at another place', async () => {
  const [, gateway] = await connected();
  const { gateway: asked } = answering(gateway, ({ action }) =>
    action === 'AddPortMapping' ? transport('http-status', 404) : undefined,
  );
  const mapper = igdMapper(asked);
  const moved = (await mapPort(mapper, UDP))._unsafeUnwrap().mapper;
  expect([moved === mapper, gatewayOf(moved) === asked, moved.gateway.id]).toEqual([false, false, mapper.gateway.id]);
});

describe('the owner of a lease', () => {
  it.each([
    ['nobody, if the table has listed any mapping', true, 'nobody'],
    ['unknown, if it never has', false, 'unknown'],
  ] as const)('that is not in the table is %s', async (_what, isListed, expected) => {
    const [router, gateway] = await connected();
    const mapper = igdMapper(gateway);
    const { granted } = (await mapPort(mapper, UDP))._unsafeUnwrap();
    const { mappings } = router.machine.gateway.connection;
    mappings.remove(mappings.all());
    const lease = { ...granted, details: { ...granted.details, isListed } };
    expect(await mapper.inspect(lease, limits)).toBe(expected);
    put(router);
    expect(await mapper.inspect(lease, limits)).toBe('own');
    put(router, { internalClient: '192.168.1.99', description: 'theirs', internalPort: 1 });
    expect(await mapper.inspect(lease, limits)).toBe('other');
  });
});

describe('a gateway that is looked for again', () => {
  it('is the same one at its present URLs', async () => {
    const [router, gateway] = await connected();
    const mapper = igdMapper(gateway);
    router.reboot({ httpPort: router.config.httpPort });
    const again = await mapper.relocate(limits);
    expect(again?.gateway.id).toBe(mapper.gateway.id);
    expect(again).not.toBe(mapper);
  });

  it('is none if nothing answers', async () => {
    const link: ClientLink = { state: 'up' };
    const [, gateway] = await connected({ client: { link } });
    link.state = 'down';
    expect(await igdMapper(gateway).relocate(limits)).toBeNull();
  });
});

describe('a lease that is released', () => {
  async function released(
    error: CallError | null,
    { isFresh, isDisputed }: { readonly isFresh?: boolean; readonly isDisputed?: boolean } = {},
  ): Promise<{ readonly isGone: boolean; readonly left: number }> {
    const [router, gateway] = await connected();
    const { granted } = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    const { gateway: asked } = answering(gateway, ({ action }) =>
      error !== null && action.endsWith('Entry') ? error : undefined,
    );
    const budget = timeBudget(router.clock, 20_000);
    const result = await igdMapper(asked).release(granted, { budget, isFresh, isDisputed });
    return { isGone: result.isOk(), left: router.mappings().length };
  }

  it('is deleted, if it is this host’s', async () => {
    expect(await released(null)).toEqual({ isGone: true, left: 0 });
  });

  it('is gone if the router knows no such entry, and not if it refuses for another reason', async () => {
    expect(await released(fault(714))).toEqual({ isGone: true, left: 1 });
    expect(await released(transport('timeout'))).toEqual({ isGone: false, left: 1 });
  });

  it('is deleted unread if it is fresh, or if the router does not show it, and not if it is disputed', async () => {
    expect(await released(fault(606))).toEqual({ isGone: true, left: 0 });
    expect(await released(fault(606), { isFresh: true })).toEqual({ isGone: true, left: 0 });
    expect(await released(fault(606), { isDisputed: true })).toEqual({ isGone: false, left: 1 });
  });
});

describe('a router that refuses every port by UPnP', () => {
  const refused = (...errors: readonly ReturnType<typeof fault>[]): NotMappedError => ({
    kind: 'not-mapped',
    code: 'refused',
    message: '',
    unknownLeases: [],
    attempts: errors.map((error) => ({
      ...{ method: 'exact', externalPort: 1, leaseSeconds: 0, description: '', replacing: false, delayMs: 0 },
      ...{ protocol: 'TCP', owner: 'unknown', error },
    })),
  });

  it.each<readonly [string, NotMappedError, boolean]>([
    ['not authorized', refused(fault(606)), true],
    ['no such action', refused(fault(401)), true],
    ['not implemented', refused(fault(602)), true],
    ['no answer', refused(transport('refused'), transport('timeout')), true],
    ['once for this port alone', refused(fault(606), fault(718)), false],
    ['in conflict', refused(fault(718)), false],
    ['failed', refused(fault(501)), false],
    ['no attempt', refused(), false],
    ['aborted', { ...refused(fault(606)), code: 'aborted' }, false],
    ['behind another router', { ...refused(fault(606)), code: 'double-nat' }, false],
  ])('%s: %#', async (_what, error, expected) => {
    const [, gateway] = await connected();
    expect(igdMapper(gateway).isRefusedAltogether(error)).toBe(expected);
  });

  it('is not one that was asked wrongly', async () => {
    const [, gateway] = await connected();
    const wrong = (await mapPort(igdMapper(gateway), { ...UDP, externalPort: 0 }))._unsafeUnwrapErr();
    expect(igdMapper(gateway).isRefusedAltogether(wrong)).toBe(false);
  });
});

it('reads the external address, as far as the router tells it', async () => {
  const [router, gateway] = await connected();
  const mapper = igdMapper(gateway);
  expect(await mapper.readState(limits)).toMatchObject({ externalAddress: '5.5.5.1', externalAddressClass: 'public' });
  refuses(router, 'GetExternalIPAddress', 501);
  expect(await mapper.readState(limits)).not.toHaveProperty('externalAddress');
});

it('begins a watch with what another protocol has told', async () => {
  const [router, gateway] = await connected();
  const states: unknown[] = [];
  inject(router, 'GetStatusInfo', (_call, proceed) => proceed());
  const watch = igdMapper(gateway).watch({
    state: { externalAddress: '5.5.5.1', externalAddressClass: 'public' },
    isStale: true,
    announcements: false,
    isStillMapped: () => Promise.resolve(true),
  });
  states.push(watch.state);
  await watch.close();
  expect(states).toEqual([
    {
      status: null,
      connected: false,
      uptimeSeconds: null,
      lastError: null,
      errors: [],
      externalAddress: '5.5.5.1',
      externalAddressClass: 'public',
    },
  ]);
});
