/** A table that is read row by row: an odd row hides no other, and a router without an end is left in time. */
import type { FaultDefinition, SimulateGatewayOptions } from '@portwright/transport-mock';
import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { ok } from '../result.ts';
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
      proceed().orElse(() =>
        ok({
          NewRemoteHost: '',
          NewExternalPort: '',
          NewProtocol: '',
          NewInternalPort: '',
          NewInternalClient: '',
          NewEnabled: '',
          NewPortMappingDescription: '',
          NewLeaseDuration: '',
          ...values,
        }),
      );

  it.each([
    ['a row without any value', {}, [], 2],
    ['a row that can’t be read', { NewProtocol: 'NONE' }, ['NONE'], 3],
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

  it('is left at a row without any value after one that can’t be read', async () => {
    const last: ActionHook = (call, proceed) =>
      entry(call.args.get('NewPortMappingIndex') === 1 ? { NewProtocol: 'NONE' } : {})(call, proceed);
    const { gateway } = await start({}, last);
    expect(seen((await walkMappings(gateway))._unsafeUnwrap())).toMatchObject({ texts: ['NONE'], complete: false });
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
