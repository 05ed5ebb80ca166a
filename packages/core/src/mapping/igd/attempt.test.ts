/** One attempt: the ownership check, the request, and the outcome of each possible answer. */
import type { SimulatedGateway, SimulateGatewayOptions } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../client/gateway.ts';
import type { CallError } from '../../errors.ts';
import { err, ok, ResultAsync } from '../../result.ts';
import { mapPort } from '../map-port.ts';
import type { MapPortOptions } from '../types.ts';
import type { MappingAttempt } from '../attempts.ts';
import { answering, connected, EMPTY, fault, inject, OURS, put, transport, type Asked } from './igd.test-support.ts';
import { igdMapper } from './mapper.ts';

const THEIRS = '192.168.1.66';
const LOOK = 'look 7777';
const ADD = 'add 7777';
/** The table lists nothing: it is read to its end. */
const TABLE = 'table 0';
const REMOVE = 'delete 7777';

const SHORT: Readonly<Record<string, string>> = {
  GetSpecificPortMappingEntry: 'look',
  GetGenericPortMappingEntry: 'table',
  AddPortMapping: 'add',
  AddAnyPortMapping: 'add any',
  DeletePortMapping: 'delete',
};

interface Outcome {
  /** Such as `verified 7777`; else the code of the error. */
  readonly came: unknown;
  readonly owner?: string | undefined;
  /** External ports of the unknown leases. */
  readonly left: readonly number[];
  /** Such as `look 7777`, the port that is taken at random as `look any`. */
  readonly asked: readonly string[];
  readonly message?: string | undefined;
  readonly hint?: string | undefined;
}

/** Makes one attempt, and no other. */
async function attempted(
  gateway: Gateway,
  {
    answer = () => undefined,
    attempt = {},
    ...options
  }: Partial<MapPortOptions> & {
    readonly answer?: (asked: Asked) => CallError | undefined;
    readonly attempt?: Partial<MappingAttempt>;
  } = {},
): Promise<Outcome> {
  const { gateway: watched, asked } = answering(gateway, answer);
  const first: MappingAttempt = {
    method: 'exact',
    externalPort: 7777,
    leaseSeconds: 3600,
    description: 'a game',
    replacing: false,
    delayMs: 0,
    ...attempt,
  };
  const result = await mapPort(igdMapper(watched), {
    externalPort: 7777,
    protocol: 'UDP',
    description: 'a game',
    askState: false,
    policy: (_demand, failed) => (failed.length === 0 ? first : null),
    ...options,
  });
  const requests = asked
    .filter(({ action }) => action in SHORT)
    .map(({ action, input }) => {
      const port = Number(input['NewExternalPort'] ?? input['NewPortMappingIndex']);
      return `${SHORT[action]} ${port >= 49_152 ? 'any' : port}`;
    });
  return result.match<Outcome>(
    ({ verified, granted, attempts }) => ({
      came: `${verified} ${granted.externalPort} to ${granted.internalClient}:${granted.internalPort}`,
      left: [],
      asked: requests,
      message: attempts.length === 0 ? undefined : `after ${attempts.length}`,
    }),
    (error) => {
      if (error.kind !== 'not-mapped') throw new Error(error.message);
      const [last] = error.attempts;
      return {
        came: last?.error.code ?? error.code,
        owner: last?.owner,
        left: error.unknownLeases.map(({ externalPort }) => externalPort),
        asked: requests,
        message: last?.error.message,
        hint: last?.error.hint,
      };
    },
  );
}

/** An error for one action, from its nth time on. */
function on(action: string, error: CallError, from = 1): (asked: Asked) => CallError | undefined {
  return (asked) => (SHORT[asked.action] === action && asked.nth >= from ? error : undefined);
}

function first(
  ...answers: readonly ((asked: Asked) => CallError | undefined)[]
): (asked: Asked) => CallError | undefined {
  return (asked) => answers.map((answer) => answer(asked)).find((error) => error !== undefined);
}

const VERIFIED = 'verified 7777 to 192.168.1.2:7777';

describe('before the request', () => {
  it.each<readonly [string, Parameters<typeof put>[1] | null, Partial<Outcome>]>([
    ['nobody has the port', null, { came: VERIFIED, asked: [LOOK, ADD, LOOK] }],
    ['this host has it', {}, { came: VERIFIED, asked: [LOOK, ADD, LOOK] }],
    [
      'another host has it: nothing is asked for',
      { internalClient: THEIRS, internalPort: 80 },
      {
        came: 'foreign',
        owner: 'other',
        asked: [LOOK, 'look any'],
        left: [],
        message: 'UDP port 7777 is already mapped to 192.168.1.66:80',
        hint: 'Choose another port, or let the router choose any free port.',
      },
    ],
    [
      'another program of this host has it: nothing is asked for',
      { internalPort: 80, description: 'another' },
      { came: 'foreign', owner: 'other', asked: [LOOK, 'look any'] },
    ],
    [
      'nobody knows whose it is: nothing is asked for',
      { internalClient: 'pc.lan', internalPort: 80 },
      { came: 'foreign', owner: 'unknown', asked: [LOOK, 'look any'] },
    ],
  ])('%s', async (_what, entry, expected) => {
    const [router, gateway] = await connected();
    if (entry !== null) put(router, entry);
    expect(await attempted(gateway)).toMatchObject(expected);
  });

  it.each<readonly [string, CallError, boolean]>([
    ['a refusal to tell', fault(401), true],
    ['an HTTP status', transport('http-status', 404), true],
    ['what can’t be read', EMPTY, true],
    ['a timeout', transport('timeout'), false],
    ['a reset', transport('reset'), false],
    ['an abort', transport('aborted'), false],
  ])('the port is asked for after %s: %s', async (_what, error, isAsked) => {
    const [router, gateway] = await connected();
    const untold = first(on('look', error), on('table', error));
    const { asked, came } = await attempted(gateway, { answer: untold, verify: false });
    expect(asked.includes(ADD)).toBe(isAsked);
    expect(came).toBe(isAsked ? 'unverified 7777 to 192.168.1.2:7777' : error.code);
    expect(router.mappings()).toHaveLength(isAsked ? 1 : 0);
  });

  it.each<readonly [1 | 2, boolean, readonly string[]]>([
    [1, false, [LOOK, ADD]],
    [1, true, [LOOK, ADD]],
    [2, false, [LOOK, ADD]],
    [2, true, [ADD]],
  ])('version %i, trusted with conflicts: %s', async (igdVersion, trustConflicts, asked) => {
    const [, gateway] = await connected({ igdVersion });
    expect((await attempted(gateway, { trustConflicts, verify: false })).asked).toEqual(asked);
  });

  it('an abort is heeded: nothing is sent after it', async () => {
    const [router, gateway] = await connected();
    const signal = { aborted: false };
    const answer = (): undefined => {
      signal.aborted = true;
    };
    expect(await attempted(gateway, { answer, signal })).toMatchObject({
      came: 'aborted',
      owner: 'nobody',
      message: 'the mapping was aborted',
      asked: [LOOK],
      left: [],
    });
    expect(router.mappings()).toEqual([]);
  });

  // An exchange takes 2 ms more.
  it.each([
    [797, true],
    [798, false],
  ])('the port is asked for if the look has taken %i of 800 ms: %s', async (ms, isAsked) => {
    const [, gateway] = await connected();
    const { clock } = gateway.transport;
    const call: Gateway['connection']['call'] = (...request) =>
      new ResultAsync(clock.sleep(ms).then(() => gateway.connection.call(...request)));
    const { asked } = await attempted({ ...gateway, connection: { ...gateway.connection, call } }, { budgetMs: 1_000 });
    expect(asked.includes(ADD)).toBe(isAsked);
  });
});

describe('a mapping that is to be replaced', () => {
  const attempt = { replacing: true };

  it('is deleted first, if it is this host’s own, by a look even on a router that is trusted', async () => {
    const [router, gateway] = await connected({ igdVersion: 2 });
    put(router);
    const replaced = await attempted(gateway, { attempt, trustConflicts: true });
    expect(replaced).toMatchObject({ came: VERIFIED, asked: [LOOK, REMOVE, ADD, LOOK] });
  });

  it('is not deleted if there is none', async () => {
    const [, gateway] = await connected();
    expect((await attempted(gateway, { attempt })).asked).toEqual([LOOK, ADD, LOOK]);
  });

  it('is left alone otherwise', async () => {
    const [router, gateway] = await connected();
    put(router);
    expect((await attempted(gateway)).asked).toEqual([LOOK, ADD, LOOK]);
  });

  it('is not asked for if it can’t be deleted', async () => {
    const [router, gateway] = await connected();
    put(router);
    const refused = await attempted(gateway, { attempt, answer: on('delete', fault(606)) });
    expect(refused).toMatchObject({ came: 606, owner: 'own', asked: [LOOK, REMOVE], left: [] });
  });
});

describe('the port that a router chooses', () => {
  const attempt = { method: 'any' } as const;

  /** AddAnyPortMapping answers with a port, and has mapped another one, or none. */
  async function choosing(
    named: number,
    mapped?: number,
    protocol = OURS.protocol,
  ): Promise<readonly [SimulatedGateway, Gateway]> {
    const [router, gateway] = await connected({ igdVersion: 2 });
    inject(router, 'AddAnyPortMapping', () => {
      if (mapped !== undefined) put(router, { externalPort: mapped, protocol });
      return ok({ NewReservedPort: named });
    });
    return [router, gateway];
  }

  it('is read back', async () => {
    const [, gateway] = await choosing(2001, 2001);
    expect(await attempted(gateway, { attempt })).toMatchObject({
      came: 'verified 2001 to 192.168.1.2:7777',
      asked: [LOOK, 'add any 7777', 'look 2001'],
    });
  });

  it('is never 0, which stands for every port', async () => {
    const [, gateway] = await choosing(0);
    expect(await attempted(gateway, { attempt, verify: false })).toMatchObject({
      came: 'response',
      message: 'malformed response at NewReservedPort: expected a port, found "0"',
    });
  });

  it('is found in the table where the answer does not tell it', async () => {
    const [router, gateway] = await choosing(0, 2001);
    put(router, { externalPort: 2000, internalClient: THEIRS });
    expect((await attempted(gateway, { attempt })).came).toBe('verified 2001 to 192.168.1.2:7777');
  });

  it.each<readonly [string, Parameters<typeof put>[1]]>([
    ['for TCP', { protocol: 'TCP' }],
    ['of another host', { internalClient: THEIRS }],
    ['to another port', { internalPort: 80 }],
    ['that is disabled', { enabled: false }],
  ])('is not a mapping %s', async (_what, other) => {
    const [router, gateway] = await choosing(0);
    put(router, { externalPort: 2001, ...other });
    expect((await attempted(gateway, { attempt })).came).toBe('response');
  });

  it('is not looked for after a request for one port', async () => {
    const [router, gateway] = await connected();
    put(router, { externalPort: 2001 });
    const { came, asked } = await attempted(gateway, { answer: on('add', transport('timeout')) });
    expect(came).toBe('timeout');
    expect(asked).toEqual([LOOK, ADD, LOOK, TABLE, 'table 1']);
  });
});

describe('after a refusal', () => {
  it.each(['refused', 'unreachable', 'not-permitted'] as const)(
    'that kept the request from being sent, nothing is read: %s',
    async (code) => {
      const [, gateway] = await connected();
      const answer = on('add', transport(code));
      expect(await attempted(gateway, { answer })).toMatchObject({
        came: code,
        owner: 'nobody',
        asked: [LOOK, ADD],
        left: [],
      });
    },
  );

  it.each<readonly [string, CallError, readonly string[]]>([
    ['by a fault: the port is looked at', fault(501), [LOOK, ADD, LOOK]],
    ['by an HTTP status: it is over', transport('http-status', 403), [LOOK, ADD]],
    ['by a bare 499: it is over', transport('http-status', 499), [LOOK, ADD]],
    ['by a bare 500: the table is looked at', transport('http-status', 500), [LOOK, ADD, LOOK, TABLE]],
    ['by an unknown HTTP status: the table is looked at', transport('http-status'), [LOOK, ADD, LOOK, TABLE]],
    ['by a reset: the table is looked at', transport('reset'), [LOOK, ADD, LOOK, TABLE]],
    ['by an empty answer: the table is looked at', EMPTY, [LOOK, ADD, LOOK, TABLE]],
  ])('%s', async (_what, error, asked) => {
    const [, gateway] = await connected();
    const failed = await attempted(gateway, { answer: on('add', error) });
    expect(failed).toMatchObject({ came: error.code, owner: 'nobody', asked });
  });

  it.each<readonly [string, CallError]>([
    ['a fault', fault(501)],
    ['a bare 500', transport('http-status', 500)],
    ['a reset', transport('reset')],
    ['an empty answer', EMPTY],
  ])('the mapping counts if it is there: %s', async (_what, error) => {
    const [router, gateway] = await connected();
    const answer = on('add', error);
    const carriedOut = ({ action, nth, input }: Asked): CallError | undefined => {
      if (action === 'AddPortMapping') put(router);
      return answer({ action, nth, input });
    };
    expect(await attempted(gateway, { answer: carriedOut })).toMatchObject({ came: VERIFIED, message: undefined });
  });

  it.each<readonly [string, CallError, Parameters<typeof put>[1], string]>([
    ['a fault', fault(501), { internalClient: THEIRS }, 'nobody'],
    ['a reset', transport('reset'), { internalClient: THEIRS }, 'other'],
    ['a fault, for a mapping that is disabled', fault(501), { enabled: false }, 'nobody'],
    ['a reset, for a mapping that is disabled', transport('reset'), { enabled: false }, 'own'],
  ])('another mapping does not count: %s', async (_what, error, entry, owner) => {
    const [router, gateway] = await connected();
    const answer = (asked: Asked): CallError | undefined => {
      if (asked.action === 'AddPortMapping') put(router, entry);
      return on('add', error)(asked);
    };
    expect(await attempted(gateway, { answer })).toMatchObject({ came: error.code, owner, left: [] });
  });

  it('of a renewal, the old mapping is no success', async () => {
    const [router, gateway] = await connected();
    put(router);
    const answer = on('add', fault(501));
    expect(await attempted(gateway, { answer })).toMatchObject({ came: 501, owner: 'own', asked: [LOOK, ADD] });
  });

  it.each<readonly [string, CallError, boolean, readonly number[]]>([
    ['nothing answers', transport('timeout'), false, [7777]],
    ['nothing answers, and the table has listed others', transport('timeout'), true, [7777]],
    ['the table has never listed anything', fault(713), false, [7777]],
    ['the table has listed others', fault(713), true, []],
  ])('what may stand is told: %s', async (_what, error, hasOthers, left) => {
    const [router, gateway] = await connected();
    if (hasOthers) {
      put(router, { externalPort: 2001 });
      expect((await gateway.connection.call('GetGenericPortMappingEntry', { NewPortMappingIndex: 0 })).isOk()).toBe(
        true,
      );
      expect((await attempted(gateway, { attempt: { externalPort: 2001 } })).came).toContain('2001');
    }
    const answer = first(
      on('add', transport('reset')),
      on('look', error.kind === 'transport' ? error : fault(714), 2),
      on('table', error),
    );
    expect((await attempted(gateway, { answer })).left).toEqual(left);
  });
});

describe('a conflict on a router that is trusted with conflicts', () => {
  const trusted = { trustConflicts: true, answer: on('add', fault(718)) } as const;

  it.each<readonly [string, Parameters<typeof put>[1] | null, Partial<Outcome>]>([
    [
      'is another host’s',
      { internalClient: THEIRS },
      { came: 'foreign', owner: 'other', asked: [ADD, LOOK, 'look any'] },
    ],
    ['is this host’s own', {}, { came: 718, owner: 'own', asked: [ADD, LOOK] }],
    ['is nobody’s', null, { came: 718, owner: 'nobody', asked: [ADD, LOOK, LOOK] }],
  ])('%s', async (_what, entry, expected) => {
    const [router, gateway] = await connected({ igdVersion: 2 });
    if (entry !== null) put(router, entry);
    expect(await attempted(gateway, trusted)).toMatchObject(expected);
  });

  it('is looked at after 718 alone', async () => {
    const [, gateway] = await connected({ igdVersion: 2 });
    const other = { ...trusted, answer: on('add', fault(606)) };
    expect(await attempted(gateway, other)).toMatchObject({ came: 606, owner: 'unknown', asked: [ADD] });
  });
});

describe('after a success', () => {
  it('nothing is read if nobody wants that', async () => {
    const [, gateway] = await connected();
    expect(await attempted(gateway, { verify: false })).toMatchObject({
      came: 'unverified 7777 to 192.168.1.2:7777',
      asked: [LOOK, ADD],
    });
  });

  it.each<readonly [string, Parameters<typeof put>[1], string]>([
    ['as it was asked for', {}, VERIFIED],
    ['with a host name', { internalClient: 'pc.lan' }, VERIFIED],
    ['without its internal port', { internalPort: 0 }, 'unverifiable 7777 to 192.168.1.2:7777'],
    [
      'with a host name and another description',
      { internalClient: 'pc.lan', description: 'x' },
      'unverifiable 7777 to 192.168.1.2:7777',
    ],
  ])('the mapping is read back %s', async (_what, entry, came) => {
    const [router, gateway] = await connected();
    inject(router, 'AddPortMapping', () => {
      put(router, entry);
      return ok({});
    });
    expect((await attempted(gateway)).came).toBe(came);
  });

  it('the mapping can’t be verified where nothing can be read', async () => {
    const [, gateway] = await connected();
    const answer = first(on('look', fault(401)), on('table', fault(401)));
    expect((await attempted(gateway, { answer })).came).toBe('unverifiable 7777 to 192.168.1.2:7777');
  });

  /** Success is answered, and another mapping is made instead, or none. */
  async function lying(
    entry: Parameters<typeof put>[1] | null,
    options: SimulateGatewayOptions = {},
  ): Promise<Gateway> {
    const [router, gateway] = await connected(options);
    // Its table lists mappings.
    put(router, { externalPort: 2001 });
    inject(router, 'AddPortMapping', () => {
      if (entry !== null) put(router, entry);
      return ok({});
    });
    return gateway;
  }

  const CONFIRM = ['look 7777', 'table 0', 'table 1'];

  it.each<
    readonly [string, Parameters<typeof put>[1] | null, (asked: Asked) => CallError | undefined, Partial<Outcome>]
  >([
    [
      'none is there: it is deleted, in case it is',
      null,
      () => undefined,
      {
        came: 'absent',
        owner: 'nobody',
        asked: [LOOK, ADD, ...CONFIRM, ...CONFIRM, REMOVE],
        left: [],
        message: 'the router said that UDP port 7777 is mapped, but its table has no such entry',
        hint: "The router's table may be full: remove old mappings in its settings.",
      },
    ],
    [
      'none is there, and the deletion is refused: there is none',
      null,
      on('delete', fault(606)),
      { came: 'absent', left: [] },
    ],
    [
      'none is there, and the deletion is lost',
      null,
      on('delete', transport('reset')),
      { came: 'absent', left: [7777] },
    ],
    [
      'it is disabled: it is deleted',
      { enabled: false },
      () => undefined,
      {
        came: 'foreign',
        owner: 'own',
        asked: [LOOK, ADD, LOOK, REMOVE],
        left: [],
        message: 'the router said that UDP port 7777 is mapped, but its table maps it to 192.168.1.2:7777',
        hint: 'Choose another port.',
      },
    ],
    ['it is disabled, and the deletion is refused', { enabled: false }, on('delete', fault(606)), { left: [7777] }],
    ['it is disabled, and gone by then', { enabled: false }, on('delete', fault(714)), { left: [] }],
    [
      'it is another host’s: it is left alone',
      { internalClient: THEIRS },
      () => undefined,
      { came: 'foreign', owner: 'other', asked: [LOOK, ADD, LOOK, 'look any'], left: [] },
    ],
  ])('%s', async (_what, entry, answer, expected) => {
    const gateway = await lying(entry);
    const { asked, ...others } = await attempted(gateway, { answer });
    const { asked: expectedAsked, ...expectedOthers } = expected;
    expect(others).toMatchObject(expectedOthers);
    if (expectedAsked !== undefined) expect(asked).toEqual(expectedAsked);
  });

  it('a table is read again after a second, if there is time for that', async () => {
    const gateway = await lying(null);
    const { clock } = gateway.transport;
    const started = clock.now();
    await attempted(gateway);
    expect(clock.now() - started).toBeGreaterThanOrEqual(1_000);
    const again = clock.now();
    const { asked } = await attempted(gateway, { budgetMs: 1_900 });
    expect(clock.now() - again).toBeLessThan(1_000);
    expect(asked).toEqual([LOOK, ADD, ...CONFIRM, REMOVE]);
  });

  it('of which the table never lists anything, the grant is kept for the end', async () => {
    const [router, gateway] = await connected();
    inject(router, 'GetSpecificPortMappingEntry', () => err({ code: 714, description: '' }));
    inject(router, 'GetGenericPortMappingEntry', () => err({ code: 713, description: '' }));
    expect(await attempted(gateway)).toMatchObject({
      came: 'unverifiable 7777 to 192.168.1.2:7777',
      message: 'after 1',
      asked: [LOOK, ADD, LOOK, TABLE, LOOK, TABLE],
    });
    expect(router.mappings()).toHaveLength(1);
  });

  it('a router that is found to tell the truth is not doubted again', async () => {
    const gateway = await lying(null);
    const { gateway: watched, asked } = answering(gateway, on('delete', fault(714)));
    const attempt = (externalPort: number): MappingAttempt => ({
      method: 'exact',
      externalPort,
      leaseSeconds: 3600,
      description: 'a game',
      replacing: false,
      delayMs: 0,
    });
    const result = await mapPort(igdMapper(watched), {
      externalPort: 7777,
      protocol: 'UDP',
      askState: false,
      policy: (_demand, failed) => (failed.length < 2 ? attempt(7777 + failed.length) : null),
    });
    expect(result.isErr()).toBe(true);
    const after = asked.filter(({ input }) => input['NewExternalPort'] === 7778).map(({ action }) => SHORT[action]);
    expect(after).toEqual(['look', 'add', 'look', 'look']);
    expect(asked.filter(({ action }) => action === 'DeletePortMapping')).toHaveLength(1);
  });
});
