import { describe, expect, it } from 'vitest';
import type { PortMapping } from '../../port-mapping.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { CallError } from '../../errors.ts';
import {
  answering,
  connected,
  EMPTY,
  fault,
  OURS as ON_ROUTER,
  put,
  transport,
  type Asked,
} from './igd.test-support.ts';
import { timeBudget, type TimeBudget } from '../internal/budget.ts';
import { leadsTo, ownerOf, ownershipAt, ownershipSurely, releaseMapping, rollBackMapping } from './ownership.ts';

const OURS: PortMapping = {
  externalPort: 7777,
  protocol: 'UDP',
  remoteHost: '',
  internalClient: '192.168.1.2',
  internalPort: 8888,
  enabled: true,
  description: 'a game',
  leaseSeconds: 3600,
};

it.each<readonly [string, Partial<PortMapping>, 'own' | 'other' | 'unknown', boolean]>([
  ['the same', {}, 'own', true],
  ['leading zeros', { internalClient: '192.168.001.002' }, 'own', true],
  ['IPv4-mapped', { internalClient: '::ffff:192.168.1.2' }, 'own', true],
  ['another host', { internalClient: '192.168.1.3' }, 'other', false],
  ['another port, our description', { internalPort: 9999 }, 'own', false],
  ['our port, another description', { description: 'theirs' }, 'own', true],
  ['another program on this host', { internalPort: 9999, description: 'theirs' }, 'other', false],
  ['no internal port', { internalPort: 0 }, 'own', true],
  ['disabled', { enabled: false }, 'own', false],
  ['a host name', { internalClient: 'mypc.lan' }, 'own', true],
  ['a host name and another port', { internalClient: 'mypc.lan', internalPort: 9999 }, 'unknown', false],
  ['a host name and another description', { internalClient: 'mypc.lan', description: 'theirs' }, 'unknown', true],
  ['another host, our port and description', { internalClient: '192.168.1.9', internalPort: 0 }, 'other', false],
  ['enabled, or not told', { enabled: null }, 'own', true],
])('%s', (_what, changes, owner, leads) => {
  const entry = { ...OURS, ...changes };
  expect([ownerOf(entry, OURS), leadsTo(entry, OURS)]).toEqual([owner, leads]);
});

function tenSeconds({ transport: { clock } }: Gateway): TimeBudget {
  return timeBudget(clock, 10_000);
}

describe('releasing a mapping', () => {
  const SPECIFIC = 'GetSpecificPortMappingEntry';
  const GENERIC = 'GetGenericPortMappingEntry';
  const THEIRS = '192.168.1.66';

  /** The client of what is left on the port, and how it went. */
  async function released(
    entry: Partial<PortMapping> | null,
    answer: (asked: Asked) => CallError | undefined = () => undefined,
    isDisputed?: boolean,
  ): Promise<{ readonly left: readonly string[]; readonly error: unknown; readonly deletions: number }> {
    const [router, gateway] = await connected({ isSecure: false });
    if (entry !== null) put(router, entry);
    const { gateway: watched, asked } = answering(gateway, answer);
    const result = await releaseMapping(watched, ON_ROUTER, tenSeconds(gateway), isDisputed);
    return {
      left: router.mappings().map(({ internalClient }) => internalClient),
      error: result.match(
        () => null,
        ({ code }) => code,
      ),
      deletions: asked.filter(({ action }) => action === 'DeletePortMapping').length,
    };
  }

  const untold =
    (specific: CallError, generic: CallError) =>
    ({ action }: Asked): CallError | undefined =>
      action === SPECIFIC ? specific : action === GENERIC ? generic : undefined;

  it.each<readonly [string, Partial<PortMapping> | null, readonly string[], number]>([
    ['deletes it', {}, [], 1],
    ['deletes what leads to another port, with our description', { internalPort: 9 }, [], 1],
    ['leaves another host’s', { internalClient: THEIRS }, [THEIRS], 0],
    ['leaves another program’s', { internalPort: 9, description: 'theirs' }, ['192.168.1.2'], 0],
    ['has nothing to do where there is none', null, [], 0],
  ])('%s', async (_what, entry, left, deletions) => {
    expect(await released(entry)).toEqual({ left, error: null, deletions });
  });

  it('deletes what the router denies, and its table has', async () => {
    const denies = ({ action }: Asked): CallError | undefined => (action === SPECIFIC ? fault(714) : undefined);
    expect(await released({}, denies)).toEqual({ left: [], error: null, deletions: 1 });
    expect(await released({ internalClient: THEIRS }, denies)).toMatchObject({ left: [THEIRS], deletions: 0 });
  });

  it.each<readonly [string, CallError, boolean | undefined, readonly string[], unknown]>([
    ['deletes it where the router refuses to tell', fault(401), false, [], null],
    ['deletes it where the router refuses to tell, and nobody has disputed it', fault(501), undefined, [], null],
    ['deletes it where the router answers with an HTTP status', transport('http-status', 404), false, [], null],
    ['leaves it where the router has spoken of another host’s', fault(401), true, ['192.168.1.2'], 401],
    ['leaves it where the connection breaks', transport('reset'), false, ['192.168.1.2'], 'reset'],
    ['leaves it where nothing answers', transport('timeout'), false, ['192.168.1.2'], 'timeout'],
    ['leaves it where the answer can’t be read', EMPTY, false, ['192.168.1.2'], 'empty'],
  ])('%s', async (_what, error, isDisputed, left, expected) => {
    expect(await released({}, untold(error, error), isDisputed)).toMatchObject({ left, error: expected });
  });

  it('deletes its own in spite of a dispute', async () => {
    expect(await released({}, undefined, true)).toEqual({ left: [], error: null, deletions: 1 });
  });

  it.each<readonly [string, CallError, number, unknown]>([
    ['three times after a reset', transport('reset'), 3, 'reset'],
    ['three times after a bare 500', transport('http-status', 500), 3, 'http-status'],
    ['once after a refusal', fault(606), 1, 606],
    ['once after a timeout', transport('timeout'), 1, 'timeout'],
    ['once where it is gone', fault(714), 1, null],
  ])('asks for the deletion %s', async (_what, error, deletions, expected) => {
    const answer = ({ action }: Asked): CallError | undefined => (action === 'DeletePortMapping' ? error : undefined);
    expect(await released({}, answer)).toEqual({ left: ['192.168.1.2'], error: expected, deletions });
  });

  it('repeats a deletion until it is done', async () => {
    const answer = ({ action, nth }: Asked): CallError | undefined =>
      action === 'DeletePortMapping' && nth < 3 ? transport('reset') : undefined;
    expect(await released({}, answer)).toEqual({ left: [], error: null, deletions: 3 });
  });

  it.each([
    ['that table has listed it', false, null],
    ['a table that is refused proves nothing', true, 'empty'],
  ] as const)(
    'reads what became of a deletion that is done, and answered by nothing: %s',
    async (_what, isRefused, expected) => {
      const [router, gateway] = await connected({ isSecure: false });
      put(router);
      const { gateway: watched, asked } = answering(gateway, ({ action }) => {
        if (action !== 'DeletePortMapping') return isRefused ? fault(401) : undefined;
        router.machine.gateway.connection.mappings.remove(router.machine.gateway.connection.mappings.all());
        return EMPTY;
      });
      const result = await releaseMapping(watched, ON_ROUTER, tenSeconds(gateway));
      expect(result.isErr() ? result.error.code : null).toBe(expected);
      expect(asked.filter(({ action }) => action === 'DeletePortMapping')).toHaveLength(isRefused ? 3 : 1);
    },
  );

  it('does not believe a table that has never listed anything, after an answer that proves nothing', async () => {
    const [router, gateway] = await connected({ isSecure: false });
    put(router);
    const denies = ({ action }: Asked): CallError | undefined =>
      action === 'DeletePortMapping' ? EMPTY : action === SPECIFIC ? fault(714) : fault(713);
    const { gateway: watched } = answering(gateway, denies);
    expect((await rollBackMapping(watched, ON_ROUTER, {})).isErr()).toBe(true);
  });

  it('is done where the port is another host’s after an answer that proves nothing', async () => {
    const [router, gateway] = await connected({ isSecure: false });
    put(router);
    const { gateway: watched } = answering(gateway, ({ action }) => {
      if (action !== 'DeletePortMapping') return undefined;
      const { mappings } = router.machine.gateway.connection;
      mappings.remove(mappings.all());
      put(router, { internalClient: THEIRS });
      return EMPTY;
    });
    expect((await releaseMapping(watched, ON_ROUTER, tenSeconds(gateway))).isOk()).toBe(true);
    expect(router.mappings()).toMatchObject([{ internalClient: THEIRS }]);
  });

  it('takes 10 s at most, of which 2 s are for the deletion', async () => {
    const [router, gateway] = await connected();
    router.inject('slow-loris');
    const started = router.clock.now();
    expect((await releaseMapping(gateway, ON_ROUTER, tenSeconds(gateway))).isErr()).toBe(true);
    expect(router.clock.now() - started).toBeGreaterThan(4_000);
    expect(router.clock.now() - started).toBeLessThanOrEqual(10_000);
  });
});

describe('the owner of a port', () => {
  it.each<readonly [string, CallError | undefined, Partial<PortMapping> | null, string, string]>([
    ['this host', undefined, {}, 'own', 'own'],
    ['another host', undefined, { internalClient: '192.168.1.66' }, 'other', 'other'],
    ['nobody', undefined, null, 'nobody', 'nobody'],
    ['denied by the router, and in its table', fault(714), {}, 'nobody', 'own'],
    ['not told', transport('timeout'), {}, 'unknown', 'unknown'],
  ])('is %s', async (_what, error, entry, once, twice) => {
    const [router, gateway] = await connected();
    if (entry !== null) put(router, entry);
    const { gateway: watched } = answering(gateway, ({ action }) =>
      action === 'GetSpecificPortMappingEntry' ? error : undefined,
    );
    const seen = await ownershipAt(watched, ON_ROUTER, {});
    const surely = await ownershipSurely(watched, ON_ROUTER, {});
    expect([seen.owner, surely.owner]).toEqual([once, twice]);
    expect([seen.error, seen.entry !== null]).toEqual([
      once === 'unknown' ? error : null,
      once === 'own' || once === 'other',
    ]);
  });

  it.each([
    ['this host’s own is believed at once', {}, 1],
    ['another host’s is believed if the router does not answer for any port', { internalClient: '192.168.1.66' }, 2],
  ])('%s', async (_what, entry, looks) => {
    const [router, gateway] = await connected();
    put(router, entry);
    for (const look of [ownershipAt, ownershipSurely]) {
      const { gateway: watched, asked } = answering(gateway, () => undefined);
      await look(watched, ON_ROUTER, {});
      expect(asked).toHaveLength(looks);
    }
  });
});
