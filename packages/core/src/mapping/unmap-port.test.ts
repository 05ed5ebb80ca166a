import {
  simulateGateway,
  type FaultName,
  type SimulatedGateway,
  type SimulateGatewayOptions,
} from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../client/gateway-at.ts';
import { igdMapper, type IgdMapper } from './igd/mapper.ts';
import { occupy } from './keep-job.test-support.ts';
import { keepMapped } from './keeper/keep-mapped.ts';
import { mapPort } from './map-port.ts';
import { unmapPort } from './unmap-port.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;
const BOTH = { ...UDP, protocol: 'both' } as const;
const UNREADABLE = ['GetSpecificPortMappingEntry', 'GetGenericPortMappingEntry'];

async function connected(options: SimulateGatewayOptions = {}): Promise<readonly [SimulatedGateway, IgdMapper]> {
  const router = simulateGateway({ maxSearchDelayMs: 0, ...options });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  return [router, igdMapper(gateway)];
}

function drop(router: SimulatedGateway, protocol?: 'TCP' | 'UDP'): void {
  const { mappings } = router.machine.gateway.connection;
  mappings.remove(mappings.all().filter((one) => protocol === undefined || one.protocol === protocol));
}

/** The table names each client as the router's DNS does. */
function listHostNames(router: SimulatedGateway): void {
  router.inject({
    name: 'host-names',
    row: 44,
    what: 'NewInternalClient is a host name',
    remedy: 'goes by port and description',
    on: UNREADABLE,
    hooks: () => ({
      action: (_call, proceed) =>
        proceed().map((values) =>
          'NewInternalClient' in values ? { ...values, NewInternalClient: 'mypc.lan' } : values,
        ),
    }),
  });
}

describe('a port and a protocol', () => {
  it('deletes what leads to this host', async () => {
    const [router, mapper] = await connected();
    expect((await mapPort(mapper, UDP)).isOk()).toBe(true);
    expect((await unmapPort(mapper, UDP))._unsafeUnwrap()).toMatchObject({ description: 'a game' });
    expect(router.mappings()).toEqual([]);
  });

  it('leaves another host’s alone, unless it is told in as many words', async () => {
    const [router, mapper] = await connected({ isSecure: false });
    occupy(router, [7777], 'UDP');
    expect((await unmapPort(mapper, UDP))._unsafeUnwrapErr()).toMatchObject({
      kind: 'not-unmapped',
      code: 'not-own',
    });
    expect(router.mappings()).toHaveLength(1);
    expect((await unmapPort(mapper, { ...UDP, force: true })).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it('leaves what it can’t read alone, unless it is told in as many words', async () => {
    const [router, mapper] = await connected({ isSecure: false, omittedActions: UNREADABLE });
    occupy(router, [7777], 'UDP');
    expect((await unmapPort(mapper, UDP))._unsafeUnwrapErr()).toMatchObject({
      kind: 'not-unmapped',
      code: 'unknown',
    });
    expect(router.mappings()).toHaveLength(1);
    expect((await unmapPort(mapper, { ...UDP, force: true })).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it('says when there is nothing to delete', async () => {
    const [, mapper] = await connected();
    expect((await unmapPort(mapper, UDP))._unsafeUnwrapErr()).toMatchObject({ code: 'absent' });
  });

  it('leaves alone what a table with host names does not tell to be this host’s', async () => {
    const [router, mapper] = await connected();
    expect((await mapPort(mapper, UDP)).isOk()).toBe(true);
    listHostNames(router);
    const error = (await unmapPort(mapper, UDP))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'not-unmapped', code: 'unknown', mapping: { internalClient: 'mypc.lan' } });
    expect(router.mappings()).toHaveLength(1);
  });

  it('goes to the control URL that the description has by now', async () => {
    const [router, mapper] = await connected();
    expect((await mapPort(mapper, UDP)).isOk()).toBe(true);
    router.machine.configure({ description: { controlUrl: '/moved/{id}' } });
    expect((await unmapPort(mapper, UDP)).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });
});

describe('what mapPort gave', () => {
  it('is deleted: one protocol', async () => {
    const [router, mapper] = await connected();
    const mapped = (await mapPort(mapper, UDP))._unsafeUnwrap();
    expect((await unmapPort(mapper, mapped))._unsafeUnwrap()).toMatchObject({ protocol: 'UDP', externalPort: 7777 });
    expect(router.mappings()).toEqual([]);
  });

  it('is deleted: both protocols, on the port that they got', async () => {
    const [router, mapper] = await connected({ igdVersion: 1 });
    occupy(router, [7777], 'UDP');
    const mapped = (await mapPort(mapper, { ...BOTH, port: 'any' }))._unsafeUnwrap();
    const { externalPort } = mapped;
    expect((await unmapPort(mapper, mapped))._unsafeUnwrap()).toMatchObject([
      { protocol: 'TCP', externalPort },
      { protocol: 'UDP', externalPort },
    ]);
    expect(router.mappings()).toMatchObject([{ internalClient: '192.168.1.66' }]);
  });

  it('is deleted for another host, too, whose mapping it is', async () => {
    const [router, mapper] = await connected({ isSecure: false });
    const mapped = (await mapPort(mapper, { ...BOTH, internalClient: '192.168.1.77' }))._unsafeUnwrap();
    expect((await unmapPort(mapper, UDP))._unsafeUnwrapErr()).toMatchObject({ code: 'not-own' });
    expect((await unmapPort(mapper, mapped)).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it('is deleted after it went through JSON', async () => {
    const [router, mapper] = await connected();
    const mapped = (await mapPort(mapper, UDP))._unsafeUnwrap();
    const lease = JSON.parse(JSON.stringify({ ...mapped.granted, description: null })) as typeof mapped.granted;
    expect((await unmapPort(mapper, lease)).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it('is known by its port and description in a table with host names', async () => {
    const [router, mapper] = await connected();
    listHostNames(router);
    const mapped = (await mapPort(mapper, UDP))._unsafeUnwrap();
    expect((await unmapPort(mapper, mapped)).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it('is deleted where the router shows no mappings', async () => {
    const [router, mapper] = await connected({ omittedActions: UNREADABLE });
    const mapped = (await mapPort(mapper, UDP))._unsafeUnwrap();
    expect(mapped.verified).toBe('unverifiable');
    expect((await unmapPort(mapper, mapped))._unsafeUnwrap()).toBeNull();
    expect(router.mappings()).toEqual([]);
  });

  it('is deleted where the control URL moved while it was mapped', async () => {
    const [router, mapper] = await connected();
    router.machine.configure({ description: { controlUrl: '/moved/{id}' } });
    const mapped = (await mapPort(mapper, UDP))._unsafeUnwrap();
    expect(mapped.mapper).not.toBe(mapper);
    expect((await unmapPort(mapper, mapped)).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it.each([
    ['another host', '192.168.1.66', 7777, 'theirs', /another device, 192\.168\.1\.66/],
    ['another program on this host', '192.168.1.2', 9999, 'theirs', /another program, on port 9999/],
  ])('is left alone once it is that of %s', async (_what, internalClient, internalPort, description, message) => {
    const [router, mapper] = await connected({ isSecure: false });
    const mapped = (await mapPort(mapper, UDP))._unsafeUnwrap();
    drop(router);
    router.machine.gateway.connection.mappings.put({
      ...{ remoteHost: '', externalPort: 7777, protocol: 'UDP', isEnabled: true, expiresAt: Infinity },
      ...{ internalClient, internalPort, description },
    });
    const error = (await unmapPort(mapper, mapped))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'not-unmapped', code: 'not-own' });
    expect(error.message).toMatch(message);
    expect(router.mappings()).toHaveLength(1);
  });

  it.each(['TCP', 'UDP'] as const)('is tried for each protocol: %s is gone already', async (gone) => {
    const [router, mapper] = await connected();
    const mapped = (await mapPort(mapper, BOTH))._unsafeUnwrap();
    drop(router, gone);
    const error = (await unmapPort(mapper, mapped))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'not-unmapped', code: 'absent', message: `${gone} port 7777 is not mapped` });
    expect(router.mappings()).toEqual([]);
  });

  it('has the error of TCP where there are two', async () => {
    const [router, mapper] = await connected();
    const mapped = (await mapPort(mapper, BOTH))._unsafeUnwrap();
    drop(router);
    expect((await unmapPort(mapper, mapped))._unsafeUnwrapErr().message).toBe('TCP port 7777 is not mapped');
  });

  it('is not looked for on another router', async () => {
    const [router, mapper] = await connected();
    const [other, otherMapper] = await connected({ uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500' });
    const mapped = (await mapPort(mapper, BOTH))._unsafeUnwrap();
    expect((await mapPort(otherMapper, BOTH)).isOk()).toBe(true);
    expect((await unmapPort(otherMapper, mapped))._unsafeUnwrapErr()).toMatchObject({
      kind: 'not-unmapped',
      code: 'absent',
      message: 'TCP port 7777 is mapped on another router',
      hint: 'Pass the mapper that has mapped it.',
    });
    expect([router.mappings().length, other.mappings().length]).toEqual([2, 2]);
  });
});

it('a port of a router on this host, over loopback', async () => {
  const router = simulateGateway({ maxSearchDelayMs: 0 });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  const loopback = { ...gateway, localAddress: '127.0.0.1' };
  const error = (await unmapPort(igdMapper(loopback), { ...UDP, internalClient: '127.0.0.1' }))._unsafeUnwrapErr();
  expect(error).toMatchObject({ kind: 'not-unmapped', code: 'absent' });
  expect(
    (await unmapPort(igdMapper(gateway), { ...UDP, internalClient: '127.0.0.1' }))._unsafeUnwrapErr(),
  ).toMatchObject({ kind: 'invalid-argument', code: 'not-an-address' });
});

describe('misuse', () => {
  it.each([
    ['a kept mapping', /options must be an object of options, not a kept mapping/, /close\(\)/],
    ['a result', /not a Result/, /orThrow/],
    ['a promise', /not a promise/, /Await/],
    ['no leases', /leases must be a lease store, not a list/, null],
    ['leases of nothing', /each of leases must be an object of options, not null/, null],
    ['a grant of nothing', /granted must be an object of options, not null/, null],
    ['a lease without a protocol', /protocol must be TCP or UDP, not undefined/, null],
    ['both', /protocol must be TCP or UDP, not "both"/, /one call for TCP and one for UDP/],
  ])('%s', async (what, message, hint) => {
    const [router, mapper] = await connected();
    const kept = keepMapped(router.transport, { ...UDP, externalPort: 7778 });
    const mapped = (await mapPort(mapper, BOTH))._unsafeUnwrap();
    const wrong: Readonly<Record<string, unknown>> = {
      'a kept mapping': kept,
      'a result': await mapPort(mapper, UDP),
      'a promise': mapPort(mapper, UDP),
      'no leases': { ...mapped, leases: [] },
      'leases of nothing': { ...mapped, leases: [null, null] },
      'a grant of nothing': { ...mapped.ports[0], granted: null },
      'a lease without a protocol': { ...mapped.ports[0], granted: {} },
      both: { externalPort: 7777, protocol: 'both' },
    };
    const error = (await unmapPort(mapper, wrong[what] as typeof UDP))._unsafeUnwrapErr();
    expect(error.kind).toBe('invalid-argument');
    expect(error.message).toMatch(message);
    expect(error.hint ?? '').toMatch(hint ?? /^$/);
    expect((await kept.close()).isOk()).toBe(true);
  });
});

describe('an answer to the deletion that proves nothing', () => {
  const DELETION = { on: 'DeletePortMapping' };

  /** The router does it, and answers with another status and body. */
  function answers(
    router: SimulatedGateway,
    status: number,
    body: string,
    meanwhile: () => void = () => undefined,
  ): void {
    const bytes = new TextEncoder().encode(body);
    router.inject({
      name: 'by-test',
      row: 28,
      what: '',
      remedy: '',
      on: ['DeletePortMapping'],
      hooks: () => ({
        response: (_context, proceed) => {
          proceed();
          meanwhile();
          return { status, headers: [['CONTENT-LENGTH', String(bytes.length)]], body: bytes };
        },
      }),
    });
  }

  it.each<FaultName>(['empty-answer', 'answer-for-another-action', 'reset-after-request', 'early-half-close'])(
    'is settled by reading: it is done, %s',
    async (fault) => {
      const [router, mapper] = await connected();
      expect((await mapPort(mapper, UDP)).isOk()).toBe(true);
      const injected = router.inject(fault, DELETION);
      expect((await unmapPort(mapper, UDP))._unsafeUnwrap()).toMatchObject({ externalPort: 7777 });
      expect([injected.hits, router.mappings()]).toEqual([1, []]);
    },
  );

  it.each([
    [500, ''],
    [503, 'busy'],
    [200, '<html>Done</html>'],
  ])('is settled by reading: it is done, %i %s', async (status, body) => {
    const [router, mapper] = await connected();
    const mapped = (await mapPort(mapper, UDP))._unsafeUnwrap();
    answers(router, status, body);
    expect((await unmapPort(mapper, mapped))._unsafeUnwrap()).toMatchObject({ externalPort: 7777 });
    expect(router.mappings()).toEqual([]);
  });

  it('is settled by reading: it is done, and no answer came in time', async () => {
    const [router, mapper] = await connected();
    expect((await mapPort(mapper, UDP)).isOk()).toBe(true);
    router.inject({
      name: 'lost',
      row: 12,
      what: '',
      remedy: '',
      on: ['DeletePortMapping'],
      hooks: () => ({ outcome: (_context, proceed) => ({ ...proceed(), delayMs: 60_000 }) }),
    });
    expect((await unmapPort(mapper, UDP)).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it.each<readonly [FaultName, string, string]>([
    ['empty-answer-without-effect', 'malformed', 'empty'],
    ['http-500-without-fault', 'transport', 'http-status'],
  ])('is settled by reading: it is not done, %s', async (fault, kind, code) => {
    const [router, mapper] = await connected({ isSecure: false });
    expect((await mapPort(mapper, UDP)).isOk()).toBe(true);
    occupy(router, [7778], 'UDP');
    router.inject(fault, DELETION);
    for (const options of [UDP, { ...UDP, externalPort: 7778, force: true }]) {
      const error = (await unmapPort(mapper, options))._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind, code, hint: expect.stringMatching(/firmware/) as string });
      expect(error.message).toMatch(`UDP port ${options.externalPort} is still mapped: `);
    }
    expect(router.mappings()).toHaveLength(2);
  });

  it('stays an error where the table can’t be read by then', async () => {
    const [router, mapper] = await connected();
    const mapped = (await mapPort(mapper, UDP))._unsafeUnwrap();
    answers(router, 200, '', () => {
      router.machine.configure({ omittedActions: UNREADABLE });
    });
    const error = (await unmapPort(mapper, mapped))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'malformed', code: 'empty' });
    expect(error.message).not.toMatch('still mapped');
  });

  it('is a success where the port is another host’s by then', async () => {
    const [router, mapper] = await connected();
    expect((await mapPort(mapper, UDP)).isOk()).toBe(true);
    answers(router, 200, '', () => {
      occupy(router, [7777], 'UDP');
    });
    expect((await unmapPort(mapper, UDP))._unsafeUnwrap()).toMatchObject({ internalClient: '192.168.1.2' });
    expect(router.mappings()).toMatchObject([{ internalClient: '192.168.1.66' }]);
  });

  it('is a success where nothing was mapped in the first place', async () => {
    const [router, mapper] = await connected();
    answers(router, 200, '');
    expect((await unmapPort(mapper, { ...UDP, force: true }))._unsafeUnwrap()).toBeNull();
  });

  it('is a refusal, and not read after, where the router says so', async () => {
    const [router, mapper] = await connected();
    expect((await mapPort(mapper, UDP)).isOk()).toBe(true);
    router.inject('not-authorized-606', DELETION);
    const before = router.exchanges().length;
    expect((await unmapPort(mapper, UDP))._unsafeUnwrapErr()).toMatchObject({ kind: 'upnp-fault', code: 606 });
    const asked = router.exchanges().slice(before);
    expect(JSON.stringify(asked.at(-1))).toContain('#DeletePortMapping');
  });
});
