/** Reading one mapping: what is believed, what is asked again, and when the table is read instead. */
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../client/gateway.ts';
import type { PortMapping } from '../../port-mapping.ts';
import type { CallError } from '../../errors.ts';
import { answering, connected, EMPTY, fault, OURS, put, transport, type Asked } from './igd.test-support.ts';
import { findInTable, hasListed, isAbsent, isBroken, isRefusal, readMapping, readTwice } from './read-mapping.ts';

const SPECIFIC = 'GetSpecificPortMappingEntry';
const THEIRS = '192.168.1.66';

const isOurs = ({ internalClient }: PortMapping): boolean => internalClient === OURS.internalClient;

/** In short: what was read, and with how many requests. */
async function read(
  gateway: Gateway,
  answer: (asked: Asked) => CallError | undefined = () => undefined,
  how: typeof readMapping = readMapping,
): Promise<{ readonly got: string; readonly asked: readonly string[] }> {
  const { gateway: watched, asked } = answering(gateway, answer);
  const got = (await how(watched, OURS, isOurs)).match(
    (entry) => (entry === null ? 'none' : `${entry.protocol} ${entry.externalPort} ${entry.internalClient}`),
    ({ code }) => `error ${code}`,
  );
  return { got, asked: asked.map(({ action }) => (action === SPECIFIC ? 'specific' : 'generic')) };
}

const refused =
  (specific: CallError, generic?: CallError) =>
  ({ action }: Asked): CallError | undefined =>
    action === SPECIFIC ? specific : generic;

describe('the mapping of a port', () => {
  it('is read with one request, if it is as expected', async () => {
    const [router, gateway] = await connected();
    put(router);
    expect(await read(gateway)).toEqual({ got: 'UDP 7777 192.168.1.2', asked: ['specific'] });
  });

  it('is believed to be another host’s only of a router that does not answer for any port', async () => {
    const [router, gateway] = await connected();
    put(router, { internalClient: THEIRS });
    expect(await read(gateway)).toEqual({ got: 'UDP 7777 192.168.1.66', asked: ['specific', 'specific'] });
  });

  it.each([
    ['ours, at once', {}, 'UDP 7777 192.168.1.2', ['specific']],
    [
      'another host’s',
      { internalClient: '192.168.1.77' },
      'UDP 7777 192.168.1.77',
      ['specific', 'specific', 'generic', 'generic'],
    ],
    ['not in the table', { externalPort: 7778 }, 'none', ['specific', 'specific', 'generic', 'generic', 'generic']],
    ['for TCP alone', { protocol: 'TCP' }, 'none', ['specific', 'specific', 'generic', 'generic', 'generic']],
  ] as const)(
    'is read from the table of a router that answers for any port: %s',
    async (_what, changes, got, asked) => {
      const [router, gateway] = await connected({ refusals: { noSuchEntry: 'first-entry' } });
      put(router, { externalPort: 2001, internalClient: THEIRS });
      put(router, changes);
      expect(await read(gateway)).toEqual({ got, asked });
    },
  );

  it.each([713, 714, 730])('is none after %i, without another request', async (code) => {
    const [router, gateway] = await connected();
    put(router);
    expect(await read(gateway, refused(fault(code)))).toEqual({ got: 'none', asked: ['specific'] });
  });

  it.each<readonly [string, CallError, number]>([
    ['401', fault(401), 1],
    ['402', fault(402), 1],
    ['501', fault(501), 1],
    ['a fault without a code', fault(null), 1],
    ['HTTP 404', transport('http-status', 404), 1],
    ['HTTP 500', transport('http-status', 500), 2],
    ['a reset', transport('reset'), 2],
    ['a truncated answer', transport('truncated'), 2],
    ['no HTTP', transport('not-http'), 2],
    ['too much', transport('too-large'), 2],
    ['an unknown coding', transport('unsupported-encoding'), 2],
    ['an empty answer', EMPTY, 2],
  ])('is read from the table after %s', async (_what, error, times) => {
    const [router, gateway] = await connected();
    put(router, { externalPort: 2001 });
    put(router);
    put(router, { externalPort: 2002 });
    expect(await read(gateway, refused(error))).toEqual({
      got: 'UDP 7777 192.168.1.2',
      asked: [...Array.from({ length: times }, () => 'specific'), 'generic', 'generic'],
    });
  });

  it.each<readonly [string, Partial<PortMapping>]>([
    ['of the other protocol', { protocol: 'TCP' }],
    ['of another port', { externalPort: 7778 }],
  ])('is not one %s in the table', async (_what, changes) => {
    const [router, gateway] = await connected();
    put(router, changes);
    expect((await read(gateway, refused(fault(401)))).got).toBe('none');
  });

  it('is asked for once more after an answer that broke off', async () => {
    const [router, gateway] = await connected();
    put(router);
    const answer = ({ nth }: Asked): CallError | undefined => (nth === 1 ? transport('reset') : undefined);
    expect(await read(gateway, answer)).toEqual({ got: 'UDP 7777 192.168.1.2', asked: ['specific', 'specific'] });
  });

  it.each(['refused', 'unreachable', 'timeout', 'aborted', 'no-address', 'failed'] as const)(
    'is not known, and nothing more is asked, after %s',
    async (code) => {
      const [, gateway] = await connected();
      expect(await read(gateway, refused(transport(code)))).toEqual({ got: `error ${code}`, asked: ['specific'] });
    },
  );

  it.each<readonly [string, CallError, CallError, string]>([
    // A refusal says nothing of the mapping; what breaks the table off does.
    ['the table’s error after a refusal', fault(401), fault(501), 'error 501'],
    ['the first error after an answer that broke off', transport('reset'), fault(501), 'error reset'],
    ['no mapping after 713', fault(401), fault(713), 'none'],
    ['no mapping after 714', fault(401), fault(714), 'none'],
    ['no mapping after 402', fault(401), fault(402), 'none'],
    ['an error after 730', fault(401), fault(730), 'error 730'],
    ['an error after a reset', fault(401), transport('reset'), 'error reset'],
  ])('where the table can’t be read either: %s', async (_what, specific, generic, got) => {
    const [, gateway] = await connected();
    expect((await read(gateway, refused(specific, generic))).got).toBe(got);
  });

  it('is not known where a listing without end follows an answer for any port', async () => {
    const [router, gateway] = await connected({ refusals: { noSuchEntry: 'first-entry' } });
    put(router, { externalPort: 2001, internalClient: THEIRS });
    router.inject('listing-never-ends');
    const error = (await readMapping(gateway, OURS, isOurs))._unsafeUnwrapErr();
    expect(error).toMatchObject({
      kind: 'malformed',
      code: 'response',
      expected: 'the entry of UDP port 7777',
      where: SPECIFIC,
      excerpt: 'the entry of 192.168.1.66',
    });
  });

  it('is the refusal’s error where a listing without end follows it', async () => {
    const [router, gateway] = await connected();
    put(router, { externalPort: 2001 });
    router.inject('listing-never-ends');
    expect((await read(gateway, refused(fault(401)))).got).toBe('error 401');
  });
});

it.each([
  [0, 49_152],
  [0.999_999, 65_535],
])('the port that is taken at random with %d is %i, of the same protocol', async (fraction, port) => {
  const [router, gateway] = await connected();
  put(router, { internalClient: THEIRS });
  const drawn = { ...gateway, transport: { ...gateway.transport, random: { fraction: () => fraction } } };
  const { gateway: watched, asked } = answering(drawn, () => undefined);
  expect((await readMapping(watched, OURS, isOurs)).isOk()).toBe(true);
  expect(asked.map(({ input }) => [input['NewExternalPort'], input['NewProtocol']])).toEqual([
    [7777, 'UDP'],
    [port, 'UDP'],
  ]);
});

describe('reading twice', () => {
  it('finds in the table what a router denies', async () => {
    const [router, gateway] = await connected();
    put(router, { externalPort: 2001 });
    put(router);
    expect(await read(gateway, refused(fault(714)), readTwice)).toEqual({
      got: 'UDP 7777 192.168.1.2',
      asked: ['specific', 'generic', 'generic'],
    });
  });

  it('believes a router whose table has none, or can’t be read', async () => {
    const [, gateway] = await connected();
    for (const generic of [fault(713), fault(501), transport('reset')]) {
      expect((await read(gateway, refused(fault(714), generic), readTwice)).got).toBe('none');
    }
  });

  it('needs no table for what is found at once', async () => {
    const [router, gateway] = await connected();
    put(router);
    expect((await read(gateway, undefined, readTwice)).asked).toEqual(['specific']);
  });
});

describe('a walk through the table', () => {
  const isLast = ({ externalPort }: PortMapping): boolean => externalPort === OURS.externalPort;

  it.each([
    [127, 128, true],
    [128, 128, false],
  ])('finds an entry after %i others with %i requests: %s', async (before, requests, isFound) => {
    const [router, gateway] = await connected();
    for (let port = 2001; port < 2001 + before; port += 1) put(router, { externalPort: port });
    put(router);
    const { gateway: watched, asked } = answering(gateway, () => undefined);
    const { found, complete, error } = await findInTable(watched, isLast);
    expect([found?.externalPort === 7777, complete, error, asked.length]).toEqual([isFound, isFound, null, requests]);
  });

  it('takes 10 s at most', async () => {
    const [router, gateway] = await connected();
    for (let port = 2001; port < 2101; port += 1) put(router, { externalPort: port });
    router.inject({
      name: 'slow',
      row: 12,
      what: 'each answer takes a second',
      remedy: 'a limit for all of it',
      on: ['control'],
      hooks: () => ({ outcome: (_context, proceed) => ({ ...proceed(), delayMs: 1_000 }) }),
    });
    const { gateway: watched, asked } = answering(gateway, () => undefined);
    expect(await findInTable(watched, isLast)).toEqual({ found: null, complete: false, error: null });
    expect(asked).toHaveLength(10);
  });

  it('passes a row that is refused, and has the refusal without the one that is sought', async () => {
    const [router, gateway] = await connected();
    put(router, { externalPort: 1 });
    put(router, { externalPort: 2 });
    const refusing = () => answering(gateway, ({ nth }) => (nth === 1 ? fault(606) : undefined)).gateway;
    expect(await findInTable(refusing(), isLast)).toEqual({ found: null, complete: false, error: fault(606) });
    put(router);
    expect(await findInTable(refusing(), isLast)).toMatchObject({ found: { externalPort: 7777 }, complete: true });
  });

  it('passes a row that can’t be read, and is not complete without the one that is sought', async () => {
    const [router, gateway] = await connected({ reports: { oddRows: [{ NewExternalPort: '7000-8000' }] } });
    const odd = { found: null, complete: false, error: { code: 'value', where: 'NewExternalPort' } };
    expect(await findInTable(gateway, isLast)).toMatchObject(odd);
    expect(hasListed(gateway)).toBe(false);
    put(router);
    expect(await findInTable(gateway, isLast)).toMatchObject({
      found: { externalPort: 7777 },
      complete: true,
      error: null,
    });
    expect(hasListed(gateway)).toBe(true);
  });

  it('says what broke it off', async () => {
    const [, gateway] = await connected();
    const { gateway: watched } = answering(gateway, () => fault(501));
    expect(await findInTable(watched, isLast)).toEqual({ found: null, complete: false, error: fault(501) });
  });
});

describe('a gateway has listed a mapping', () => {
  it.each<readonly [string, (asked: Asked) => CallError | undefined]>([
    ['by its answer for one port', () => undefined],
    ['by an entry of its table', refused(fault(401))],
  ])('%s', async (_how, answer) => {
    const [router, gateway] = await connected();
    expect(hasListed(gateway)).toBe(false);
    expect((await read(gateway, answer)).got).toBe('none');
    expect(hasListed(gateway)).toBe(false);
    put(router);
    expect((await read(gateway, answer)).got).toBe('UDP 7777 192.168.1.2');
    expect(hasListed(gateway)).toBe(true);
    expect(hasListed((await connected())[1])).toBe(false);
  });
});

it.each<readonly [string, CallError, boolean, boolean, boolean]>([
  ['713', fault(713), true, true, false],
  ['714', fault(714), true, true, false],
  ['730', fault(730), true, true, false],
  ['402', fault(402), false, true, false],
  ['a fault without a code', fault(null), false, true, false],
  ['HTTP 404', transport('http-status', 404), false, true, false],
  ['HTTP 499', transport('http-status', 499), false, true, false],
  ['HTTP 500', transport('http-status', 500), false, true, true],
  ['an unknown HTTP status', transport('http-status'), false, true, false],
  ['a reset', transport('reset'), false, false, true],
  ['a truncated answer', transport('truncated'), false, false, true],
  ['a timeout', transport('timeout'), false, false, false],
  ['a timeout with a status', transport('timeout', 500), false, false, false],
  ['an empty answer', EMPTY, false, false, true],
  [
    'a wrong argument',
    { kind: 'invalid-argument', code: 'missing', argument: 'x', message: '', hint: '' },
    false,
    false,
    false,
  ],
])('%s: absent, refused, broken', (_what, error, ...expected) => {
  expect([isAbsent(error), isRefusal(error), isBroken(error)]).toEqual(expected);
});
