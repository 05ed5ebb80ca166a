/** A table that is read row by row: an odd row hides no other, and a router without an end is left in time. */
import type { FaultDefinition, SimulateGatewayOptions } from '@portwright/transport-mock';
import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { err, ok, okAsync } from '../result.ts';
import { decodeCall } from '../igd/call.ts';
import { wanIpConnection } from '../igd/wan-ip-connection.ts';
import type { Gateway } from './gateway.ts';
import { addMapping } from './add-mapping.ts';
import { deleteMapping } from './delete-mapping.ts';
import { gatewayAt } from './gateway-at.ts';
import { walkMappings, type MappingList } from './walk-mappings.ts';

type Texts = Readonly<Record<string, string>>;
type ActionHook = NonNullable<ReturnType<FaultDefinition['hooks']>['action']>;

async function start(options: SimulateGatewayOptions = {}, entry?: ActionHook) {
  const router = simulateGateway({ igdVersion: 1, recordedExchanges: 100, ...options });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  (await addMapping(gateway, { externalPort: 7777, protocol: 'TCP' }))._unsafeUnwrap();
  if (entry !== undefined) {
    const on = ['GetGenericPortMappingEntry'];
    router.inject({ name: 'by-test', row: 49, what: '', remedy: '', on, hooks: () => ({ action: entry }) });
  }
  return { router, gateway };
}

interface Walked {
  readonly ports: readonly number[];
  readonly texts: readonly string[];
  readonly complete: boolean;
  readonly error: string | null;
}

function seen({ mappings, unreadable, complete, error }: MappingList): Walked {
  const texts = unreadable.map(({ text }) => text);
  return { ports: mappings.map(({ externalPort }) => externalPort), texts, complete, error: error?.kind ?? null };
}

async function walk(oddRows: readonly Texts[]): Promise<Walked> {
  const { gateway } = await start({ reports: { oddRows } });
  return seen((await walkMappings(gateway))._unsafeUnwrap());
}

/** An entry without any value. */
const ROW: Texts = {
  NewRemoteHost: '',
  NewExternalPort: '',
  NewProtocol: '',
  NewInternalPort: '',
  NewInternalClient: '',
  NewEnabled: '',
  NewPortMappingDescription: '',
  NewLeaseDuration: '',
};
const RANGE = { NewExternalPort: '27005-27015' };
const RANGE_TEXT = '27005-27015 UDP 27005 192.168.1.20 1 steam 0';

describe('an odd row', () => {
  it('is kept with its text, and what is wrong with it', async () => {
    const { gateway } = await start({ reports: { oddRows: [RANGE] } });
    expect((await walkMappings(gateway))._unsafeUnwrap().unreadable).toMatchObject([
      { kind: 'malformed', code: 'value', where: 'NewExternalPort', excerpt: '27005-27015', text: RANGE_TEXT },
    ]);
  });

  it('hides no row after it, odd or not', async () => {
    expect(await walk([{ NewProtocol: 'BOTH' }, RANGE, {}, RANGE])).toEqual({
      ports: [27_005, 7_777],
      texts: ['27005 BOTH 27005 192.168.1.20 1 steam 0', RANGE_TEXT, RANGE_TEXT],
      complete: true,
      error: null,
    });
  });

  it.each<readonly [string, readonly Texts[], readonly string[]]>([
    ['two equal ones', [RANGE, RANGE], [RANGE_TEXT, RANGE_TEXT]],
    ['eight equal ones', Array<Texts>(8).fill(RANGE), Array<string>(8).fill(RANGE_TEXT)],
    ['one without any value', [ROW], ['']],
    ['seven without any value', Array<Texts>(7).fill(ROW), Array<string>(7).fill('')],
    ['equal ones around an empty one', [RANGE, ROW, RANGE], [RANGE_TEXT, '', RANGE_TEXT]],
    [
      'many, with others between them',
      Array.from({ length: 20 }, (_, index) => (index % 5 === 4 ? { NewProtocol: `P${index}` } : ROW)),
      Array.from({ length: 20 }, (_, index) => (index % 5 === 4 ? `27005 P${index} 27005 192.168.1.20 1 steam 0` : '')),
    ],
  ])('hides no row after it: %s', async (_what, oddRows, texts) => {
    expect(await walk(oddRows)).toEqual({ ports: [7_777], texts, complete: true, error: null });
  });

  it('is not counted together with those before a good one', async () => {
    const few = Array<Texts>(5).fill(ROW);
    const { ports, texts, complete } = await walk([...few, {}, ...few]);
    expect([ports, texts.length, complete]).toEqual([[27_005, 7_777], 10, true]);
  });

  it.each<readonly [string, ActionHook | undefined, object]>([
    ['refused with 501', () => err({ code: 501, description: '' }), { code: 'response', where: 'index 1', text: '' }],
    ['refused with 606', () => err({ code: 606, description: '' }), { code: 'response', where: 'index 1', text: '' }],
    ['an empty 200', undefined, { code: 'empty', text: '' }],
    ['another response element', undefined, { code: 'response', text: '' }],
  ])('may be an answer without values: %s', async (what, hook, expected) => {
    const { router, gateway } = await start();
    for (const externalPort of [7_778, 7_779]) {
      (await addMapping(gateway, { externalPort, protocol: 'TCP' }))._unsafeUnwrap();
    }
    const bodies: Texts = { 'another response element': '<Envelope><Body><Other/></Body></Envelope>' };
    const call: Gateway['connection']['call'] = (action, input, options) => {
      const { NewPortMappingIndex: index } = input as Readonly<Record<string, unknown>>;
      if (index !== 1 || hook !== undefined) return gateway.connection.call(action, input, options);
      const body = new TextEncoder().encode(bodies[what] ?? '');
      const response = { status: 200, headers: [], body };
      const { address } = gateway.connection;
      return decodeCall(wanIpConnection, address, action, response).asyncAndThen((value) => okAsync(value));
    };
    if (hook !== undefined) {
      const on = ['GetGenericPortMappingEntry'];
      const hooks = (): { readonly action: ActionHook } => ({
        action: (asked, proceed) => (asked.args.get('NewPortMappingIndex') === 1 ? hook(asked, proceed) : proceed()),
      });
      router.inject({ name: 'by-test', row: 49, what: '', remedy: '', on, hooks });
    }
    const odd = { ...gateway, connection: { ...gateway.connection, call } };
    const { mappings, unreadable, complete, error } = (await walkMappings(odd))._unsafeUnwrap();
    expect(mappings.map(({ externalPort }) => externalPort)).toEqual([7_777, 7_779]);
    expect(unreadable).toMatchObject([{ kind: 'malformed', ...expected }]);
    expect(unreadable[0]?.message).not.toBe('');
    expect([complete, error]).toEqual([true, null]);
  });

  it.each([
    ['a raw <', 'a<b'],
    ['an odd tag', '<b>'],
    ['an odd character', 'a&#0;b'],
  ])('may be malformed XML: %s', async (_what, raw) => {
    const { router, gateway } = await start({ reports: { oddRows: [{ NewPortMappingDescription: 'RAW' }] } });
    router.inject({
      name: 'raw',
      row: 49,
      what: '',
      remedy: '',
      on: ['GetGenericPortMappingEntry'],
      hooks: () => ({
        response: (_context, proceed) => {
          const response = proceed();
          const body = new TextEncoder().encode(new TextDecoder().decode(response.body).replace('RAW', raw));
          const length = ['CONTENT-LENGTH', String(body.length)] as const;
          const headers = response.headers.map((one) => (one[0] === length[0] ? length : one));
          return { ...response, headers, body };
        },
      }),
    });
    const { ports, texts, complete } = seen((await walkMappings(gateway))._unsafeUnwrap());
    expect([ports.at(-1), ports.length + texts.length, complete]).toEqual([7_777, 2, true]);
  });
});

describe('a router that has the same answer for every index', () => {
  const entry =
    (values: Texts): ActionHook =>
    (_call, proceed) =>
      proceed().orElse(() => ok({ ...ROW, ...values }));

  it.each([
    ['a row without any value', {}, [], 9],
    ['a row that can’t be read', { NewProtocol: 'NONE' }, ['NONE'], 10],
  ] as const)('is left: %s', async (_what, values, texts, requests) => {
    const { router, gateway } = await start({}, entry(values));
    const before = router.exchanges().length;
    expect(seen((await walkMappings(gateway))._unsafeUnwrap())).toEqual({
      ports: [7_777],
      texts,
      complete: false,
      error: 'malformed',
    });
    expect(router.exchanges()).toHaveLength(before + requests);
  });

  it.each([
    [501, 8],
    [606, 8],
    [401, 1],
    [602, 1],
  ])('is left if it refuses every row with %i, after %i requests', async (code, requests) => {
    const { router, gateway } = await start({}, () => err({ code, description: '' }));
    const before = router.exchanges().length;
    expect((await walkMappings(gateway))._unsafeUnwrapErr()).toMatchObject({ kind: 'upnp-fault', code });
    expect(router.exchanges()).toHaveLength(before + requests);
  });

  it('is left at a row without any value after one that can’t be read', async () => {
    const last: ActionHook = (call, proceed) =>
      entry(call.args.get('NewPortMappingIndex') === 1 ? { NewProtocol: 'NONE' } : {})(call, proceed);
    const { gateway } = await start({}, last);
    expect(seen((await walkMappings(gateway))._unsafeUnwrap())).toMatchObject({ texts: ['NONE'], complete: false });
  });

  it('is left where odd rows and rows without any value take turns', async () => {
    const turns: ActionHook = (call, proceed) =>
      entry(Number(call.args.get('NewPortMappingIndex')) % 2 === 1 ? { NewProtocol: 'NONE' } : {})(call, proceed);
    const { router, gateway } = await start({}, turns);
    const before = router.exchanges().length;
    expect(seen((await walkMappings(gateway))._unsafeUnwrap())).toMatchObject({ texts: ['NONE'], complete: false });
    expect(router.exchanges()).toHaveLength(before + 10);
  });

  it('has no table where the first row is such a one', async () => {
    const { router, gateway } = await start({}, entry({}));
    router.machine.gateway.connection.mappings.remove(router.machine.gateway.connection.mappings.all());
    expect((await walkMappings(gateway))._unsafeUnwrapErr()).toMatchObject({ kind: 'malformed', code: 'value' });
  });

  it('is left after 10,000 rows, odd ones among them', async () => {
    const odd: ActionHook = (call) =>
      ok({
        NewRemoteHost: '',
        NewExternalPort: `odd ${String(call.args.get('NewPortMappingIndex'))}`,
        NewProtocol: 'UDP',
        NewInternalPort: 1,
        NewInternalClient: '192.168.1.20',
        NewEnabled: true,
        NewPortMappingDescription: '',
        NewLeaseDuration: 0,
      });
    const { gateway } = await start({}, odd);
    const { mappings, unreadable, complete, error } = (await walkMappings(gateway))._unsafeUnwrap();
    expect([mappings.length, unreadable.length, complete, error]).toEqual([0, 10_000, false, null]);
  }, 60_000);
});

describe('remote host 0.0.0.0', () => {
  it('is any, where a router lists it', async () => {
    const { gateway } = await start({ reports: { anyRemoteHost: '0.0.0.0' } });
    expect((await walkMappings(gateway))._unsafeUnwrap().mappings).toMatchObject([{ remoteHost: '' }]);
  });

  it('is any, where a caller passes it', async () => {
    const { router, gateway } = await start();
    const key = { externalPort: 7778, protocol: 'UDP', remoteHost: '0.0.0.0' } as const;
    expect((await addMapping(gateway, key))._unsafeUnwrap()).toMatchObject({ remoteHost: '' });
    expect(router.mappings()).toMatchObject([{}, { externalPort: 7778, remoteHost: '' }]);
    expect((await deleteMapping(gateway, key)).isOk()).toBe(true);
    expect(router.mappings()).toHaveLength(1);
  });
});
