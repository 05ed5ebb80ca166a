/** The mapping table in one request or entry by entry: it counts as complete only if nothing is missing. */
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../client/gateway.ts';
import type { CallError } from '../../errors.ts';
import { ok } from '../../result.ts';
import { answering, connected, EMPTY, fault, inject, put, transport, type Asked } from './igd.test-support.ts';
import { listMappings, type ListMappingsOptions } from './list.ts';

const LISTING = 'GetListOfPortMappings';
const ENTRY = 'GetGenericPortMappingEntry';

/** A version 2 router with so many mappings, every second of them for TCP. */
async function holding(mappings: number): ReturnType<typeof connected> {
  const [router, gateway] = await connected({ igdVersion: 2, capacity: 1_000 });
  for (let port = 2001; port < 2001 + mappings; port += 1) {
    put(router, { externalPort: port, protocol: port % 2 === 0 ? 'TCP' : 'UDP' });
  }
  return [router, gateway];
}

interface Listed {
  readonly ports: readonly number[];
  readonly complete: boolean;
  /** Such as `list TCP` and `entry 128`. */
  readonly asked: readonly string[];
}

async function listed(
  gateway: Gateway,
  options?: ListMappingsOptions,
  answer: (asked: Asked) => CallError | undefined = () => undefined,
): Promise<Listed> {
  const { gateway: watched, asked } = answering(gateway, answer);
  const { mappings, complete } = (await listMappings(watched, options))._unsafeUnwrap();
  const said = asked.map(({ action, input }) =>
    action === LISTING ? `list ${String(input['NewProtocol'])}` : `entry ${String(input['NewPortMappingIndex'])}`,
  );
  return { ports: mappings.map(({ externalPort }) => externalPort).sort(), complete, asked: said };
}

function entries(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `entry ${from + index}`);
}

describe('the table of a version 2 router', () => {
  it.each([
    [3, undefined, ['entry 128', 'list TCP', 'list UDP', 'entry 3']],
    [128, undefined, ['entry 128', 'list TCP', 'list UDP', 'entry 128']],
    [129, undefined, ['entry 128', ...entries(0, 129)]],
    [3, { atOnce: 3 }, ['entry 3', 'list TCP', 'list UDP', 'entry 3']],
    [3, { atOnce: 2 }, ['entry 2', ...entries(0, 3)]],
    [3, { atOnce: Infinity }, ['list TCP', 'list UDP', 'entry 3']],
    [3, { atOnce: 70_000 }, ['entry 65535', 'list TCP', 'list UDP', 'entry 3']],
    [0, undefined, ['entry 128', 'list TCP', 'list UDP', 'entry 0']],
    [3, { protocol: 'TCP' }, ['entry 128', 'list TCP']],
    [3, { protocol: 'udp' }, ['entry 128', 'list UDP']],
    [3, { protocol: 'udp', atOnce: 2 }, ['entry 2', ...entries(0, 3)]],
  ] as const)('of %i mappings is read, with %j, by %j', async (mappings, options, expected) => {
    const [, gateway] = await holding(mappings);
    const { ports, complete, asked } = await listed(gateway, options);
    const wanted = Array.from({ length: mappings }, (_, index) => 2001 + index).filter((port) => {
      if (options === undefined || !('protocol' in options)) return true;
      return port % 2 === (options.protocol === 'TCP' ? 0 : 1);
    });
    expect({ ports, complete, asked }).toEqual({ ports: wanted, complete: true, asked: expected });
  });

  it.each([730, 714])('has no mapping of a protocol after %i', async (code) => {
    const [, gateway] = await holding(2);
    const { ports, asked } = await listed(gateway, { protocol: 'TCP' }, ({ action }) =>
      action === LISTING ? fault(code) : undefined,
    );
    expect([ports, asked]).toEqual([[], ['entry 128', 'list TCP']]);
  });

  it.each<readonly [string, CallError]>([
    ['501', fault(501)],
    ['713', fault(713)],
    ['a reset', transport('reset')],
    ['an HTTP status', transport('http-status', 404)],
    ['an empty answer', EMPTY],
  ])('is read entry by entry where the second listing fails: %s', async (_what, error) => {
    const [, gateway] = await holding(3);
    const { ports, complete, asked } = await listed(gateway, undefined, ({ action, nth }) =>
      action === LISTING && nth === 2 ? error : undefined,
    );
    expect([ports, complete]).toEqual([[2001, 2002, 2003], true]);
    expect(asked).toEqual(['entry 128', 'list TCP', 'list UDP', ...entries(0, 3)]);
  });

  it.each<readonly [string, CallError]>([
    ['a reset', transport('reset')],
    ['an empty answer', EMPTY],
  ])('is read entry by entry where its length is not known: %s', async (_what, error) => {
    const [, gateway] = await holding(3);
    const { ports, complete, asked } = await listed(gateway, undefined, ({ action, nth }) =>
      action === ENTRY && nth === 1 ? error : undefined,
    );
    expect([ports, complete, asked]).toEqual([[2001, 2002, 2003], true, ['entry 128', ...entries(0, 3)]]);
  });
});

const ROW = `<PortMappingEntry>
    <NewRemoteHost></NewRemoteHost><NewExternalPort>2001</NewExternalPort><NewProtocol>UDP</NewProtocol>
    <NewInternalPort>2001</NewInternalPort><NewInternalClient>192.168.1.2</NewInternalClient>
    <NewEnabled>1</NewEnabled><NewDescription>a game</NewDescription><NewLeaseTime>0</NewLeaseTime>
  </PortMappingEntry>`;

describe('a listing', () => {
  it('keeps the rows that can’t be read where the table can’t be read row by row', async () => {
    const [router, gateway] = await holding(0);
    const odd = ROW.replace('>UDP<', '>BOTH<');
    inject(router, LISTING, () => ok({ NewPortListing: `<PortMappingList>${odd}${ROW}</PortMappingList>` }));
    const { gateway: deaf } = answering(gateway, ({ action, nth }) =>
      action === ENTRY && nth > 1 ? transport('reset') : undefined,
    );
    expect((await listMappings(deaf, { protocol: 'UDP' }))._unsafeUnwrap()).toMatchObject({
      mappings: [{ externalPort: 2001, description: 'a game', remoteHost: '', leaseSeconds: 0 }],
      unreadable: [{ code: 'value', where: 'NewProtocol', text: '2001 BOTH 2001 192.168.1.2 1 a game 0' }],
      complete: false,
      error: { code: 'reset' },
    });
  });

  it.each([
    ['a raw <', 'a game', 'a < b', ''],
    ['a tag in it', 'a game', 'a <info> b', ''],
    ['a tag of the listing', 'a game', '<PortMappingEntry>', ''],
    ['the end tag of a text missing', '</NewDescription>', '', 'a game'],
    ['the end tag of an entry missing', '</PortMappingEntry>', '', 'a game'],
  ])('that is not well-formed keeps its rows: %s', async (_what, text, damaged, description) => {
    const [router, gateway] = await holding(0);
    const second = ROW.replaceAll('2001', '2003');
    const NewPortListing = `<p:PortMappingList xmlns:p="x">${ROW.replace(text, damaged)}${second}</p:PortMappingList>`;
    inject(router, LISTING, () => ok({ NewPortListing }));
    const { gateway: deaf, asked } = answering(gateway, ({ action, nth }) =>
      action === ENTRY && nth > 1 ? transport('reset') : undefined,
    );
    const list = (await listMappings(deaf, { protocol: 'UDP' }))._unsafeUnwrap();
    expect(list.mappings).toMatchObject([{ externalPort: 2001, description }, { externalPort: 2003 }]);
    expect([list.mappings.length, list.complete, list.error?.code]).toEqual([2, false, 'reset']);
    // A row may be missing, so the table is asked for entry by entry.
    expect(asked.filter(({ action }) => action === ENTRY)).toHaveLength(2);
  });

  it('of both protocols is shown where nobody can tell whether it is complete', async () => {
    const [, gateway] = await holding(3);
    const { gateway: deaf } = answering(gateway, ({ action, nth }) =>
      action === ENTRY && nth > 1 ? transport('reset') : undefined,
    );
    const list = (await listMappings(deaf))._unsafeUnwrap();
    expect([list.mappings.length, list.complete, list.error?.code]).toEqual([3, false, 'reset']);
  });

  it('has 0.0.0.0 for any remote host', async () => {
    const [router, gateway] = await holding(0);
    const rows = ['0.0.0.0', '8.8.8.8', '000.000.000.000'].map((host) => ROW.replace('Host></', `Host>${host}</`));
    inject(router, LISTING, () => ok({ NewPortListing: `<PortMappingList>${rows.join('')}</PortMappingList>` }));
    const { mappings } = (await listMappings(gateway, { protocol: 'UDP' }))._unsafeUnwrap();
    expect(mappings.map(({ remoteHost }) => remoteHost)).toEqual(['', '8.8.8.8', '']);
  });

  it.each([
    ['whole', `<PortMappingList>${ROW}</PortMappingList>`, [2001], 1],
    [
      'with a row that can’t be read',
      `<PortMappingList>${ROW}${ROW.replace('>UDP<', '>SCTP<')}</PortMappingList>`,
      [2001, 2003],
      5,
    ],
    ['cut off', `<PortMappingList>${ROW}`, [2001, 2003], 5],
    ['empty', '', [], 1],
  ])('that is %s', async (_what, NewPortListing, ports, requests) => {
    const [router, gateway] = await holding(3);
    inject(router, LISTING, () => ok({ NewPortListing }));
    const got = await listed(gateway, { protocol: 'UDP', atOnce: Infinity });
    expect([got.ports, got.complete, got.asked.length]).toEqual([ports, true, requests]);
  });
});

describe('a row that can’t be read', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, string]>([
    [
      'a range of ports',
      { NewExternalPort: '27005-27015', NewInternalPort: '27005-27015' },
      '27005-27015 UDP 27005-27015',
    ],
    ['two protocols', { NewProtocol: 'TCP/UDP' }, '27005 TCP/UDP 27005'],
    ['one word for both protocols', { NewProtocol: 'BOTH' }, '27005 BOTH 27005'],
    ['no internal port', { NewInternalPort: '' }, '27005 UDP '],
    ['a port out of range', { NewExternalPort: '70000' }, '70000 UDP 27005'],
  ])('does not hide the others: %s', async (_what, row, text) => {
    for (const igdVersion of [1, 2] as const) {
      const [router, gateway] = await connected({ igdVersion, reports: { oddRows: [row, {}] } });
      put(router);
      const { mappings, unreadable, complete, error } = (await listMappings(gateway))._unsafeUnwrap();
      expect(mappings.map(({ externalPort }) => externalPort)).toEqual([27_005, 7_777]);
      expect([unreadable.length, complete, error]).toEqual([1, true, null]);
      expect(unreadable[0]?.text).toMatch(new RegExp(`^${text} ?192\\.168\\.1\\.20 1 steam 0$`));
    }
  });
});

it('the listing is asked for all ports, with leave to manage them', async () => {
  const [, gateway] = await holding(1);
  const { gateway: watched, asked } = answering(gateway, () => undefined);
  expect((await listMappings(watched, { protocol: 'UDP', atOnce: Infinity })).isOk()).toBe(true);
  expect(asked.map(({ input }) => input)).toEqual([
    { NewStartPort: 1, NewEndPort: 65_535, NewManage: true, NewNumberOfPorts: 65_535, NewProtocol: 'UDP' },
  ]);
});

it.each([
  ['protocol', { protocol: 'SCTP' }],
  ['options', 'all'],
])('a wrong argument is refused before anything is sent: %s', async (argument, options) => {
  const [router, gateway] = await holding(1);
  const before = router.exchanges().length;
  expect((await listMappings(gateway, options as never))._unsafeUnwrapErr()).toMatchObject({ argument });
  expect(router.exchanges()).toHaveLength(before);
});
