import {
  simulateGateway,
  type FaultDefinition,
  type SimulatedGateway,
  type SimulateGatewayOptions,
} from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { err } from '../result.ts';
import { gatewayAt } from '../client/gateway-at.ts';
import type { Gateway } from '../client/gateway.ts';
import { listMappings } from './igd/list.ts';
import { mapOnAll } from './igd/map-on-all.ts';
import { mapPort } from './map-port.ts';
import { igdMapper } from './igd/mapper.ts';

type FaultHooks = ReturnType<FaultDefinition['hooks']>;

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;

async function connected(options: SimulateGatewayOptions = {}): Promise<readonly [SimulatedGateway, Gateway]> {
  const router = simulateGateway({ maxSearchDelayMs: 0, ...options });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  return [router, gateway];
}

/** Another host's mapping, in the table already. */
function occupy(router: SimulatedGateway, externalPort: number, protocol: 'TCP' | 'UDP' = 'UDP'): void {
  router.machine.gateway.connection.mappings.put({
    remoteHost: '',
    externalPort,
    protocol,
    internalPort: externalPort,
    internalClient: '192.168.1.66',
    isEnabled: true,
    description: 'theirs',
    expiresAt: Infinity,
  });
}

function actions(router: SimulatedGateway): readonly string[] {
  return router.exchanges().flatMap((one) => {
    const soapAction =
      one.kind === 'http' ? one.request.headers.find(([name]) => name === 'SOAPAction')?.[1] : undefined;
    return /#(\w+)/.exec(soapAction ?? '')?.[1] ?? [];
  });
}

describe('mapPort', () => {
  it('says what was asked for and what was granted, read back', async () => {
    const [router, gateway] = await connected();
    const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    const mapping = {
      externalPort: 7777,
      protocol: 'UDP',
      remoteHost: '',
      internalClient: '192.168.1.2',
      internalPort: 7777,
      enabled: true,
      description: 'a game',
      leaseSeconds: 3600,
    };
    expect(mapped).toMatchObject({
      requested: mapping,
      granted: mapping,
      verified: 'verified',
      attempts: [],
      warnings: [],
    });
    expect(router.mappings()).toHaveLength(1);
    expect(
      actions(router).filter((action) => !action.startsWith('GetStatus') && action !== 'GetExternalIPAddress'),
    ).toEqual(['GetSpecificPortMappingEntry', 'AddPortMapping', 'GetSpecificPortMappingEntry']);
  });

  it('tells of a grant before it is read back', async () => {
    const [router, gateway] = await connected();
    const mapping = mapPort(igdMapper(gateway), { ...UDP, askState: false });
    const told: string[] = [];
    for await (const step of mapping.steps) {
      if (step.kind === 'granted') told.push(`granted ${step.lease.externalPort} for ${step.lease.leaseSeconds}`);
      else told.push(step.kind);
      told.push(`after ${actions(router).at(-1)}`);
    }
    expect(told).toEqual([
      'requested',
      'after GetSpecificPortMappingEntry',
      'granted 7777 for 3600',
      'after AddPortMapping',
    ]);
    expect((await mapping).isOk()).toBe(true);
    expect(actions(router).at(-1)).toBe('GetSpecificPortMappingEntry');
  });

  it('tells of no grant where there was none', async () => {
    const [router, gateway] = await connected();
    occupy(router, 7777);
    const mapping = mapPort(igdMapper(gateway), UDP);
    const told: string[] = [];
    for await (const { kind } of mapping.steps) told.push(kind);
    expect(told).toEqual(['failed']);
    expect((await mapping).isErr()).toBe(true);
  });

  it('leaves another host’s mapping alone, and says so', async () => {
    const [router, gateway] = await connected();
    occupy(router, 7777);
    const error = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrapErr();
    expect(error).toMatchObject({
      kind: 'not-mapped',
      code: 'refused',
      attempts: [{ owner: 'other', error: { kind: 'conflict', entry: { internalClient: '192.168.1.66' } } }],
    });
    expect(actions(router)).not.toContain('AddPortMapping');
    expect(router.mappings()).toMatchObject([{ internalClient: '192.168.1.66' }]);
  });

  it('takes what a version 2 gateway gives where any port will do', async () => {
    const [router, gateway] = await connected();
    occupy(router, 7777);
    const mapped = (await mapPort(igdMapper(gateway), { ...UDP, port: 'any' }))._unsafeUnwrap();
    expect(mapped.granted.externalPort).not.toBe(7777);
    expect(mapped.warnings.map(({ code }) => code)).toEqual(['altered-port']);
    expect(actions(router)).toContain('AddAnyPortMapping');
  });

  it('tries other ports on a version 1 gateway', async () => {
    const [router, gateway] = await connected({ igdVersion: 1 });
    occupy(router, 7777);
    const mapped = (await mapPort(igdMapper(gateway), { ...UDP, port: 'any' }))._unsafeUnwrap();
    expect(mapped.attempts).toMatchObject([{ externalPort: 7777, owner: 'other' }]);
    expect(router.mappings()).toHaveLength(2);
  });

  it('takes a permanent lease where nothing else is given', async () => {
    const [, gateway] = await connected({ igdVersion: 1, leasePolicy: 'permanent-only' });
    const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    expect(mapped.granted.leaseSeconds).toBe(0);
    expect(mapped.warnings.map(({ code }) => code)).toEqual(['permanent']);
    expect(mapped.attempts).toMatchObject([{ leaseSeconds: 3600, error: { code: 725 } }]);
  });

  it('reads before it asks again when an answer was lost: what was done is not done twice', async () => {
    const [router, gateway] = await connected();
    router.inject('reset-after-request', { on: 'AddPortMapping', nth: 1 });
    const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    expect(mapped).toMatchObject({ verified: 'verified', attempts: [] });
    expect(actions(router).filter((action) => action === 'AddPortMapping')).toHaveLength(1);
  });

  it.each<readonly [string, FaultHooks]>([
    [
      'a bare 500',
      {
        response: (_request, proceed) => {
          proceed();
          return { status: 500, reason: 'Internal Server Error', headers: [], body: new Uint8Array() };
        },
      },
    ],
    [
      'a fault',
      {
        action: (_call, proceed) => {
          // The answer is another one than the outcome.
          void proceed();
          return err({ code: 501, description: 'ActionFailed' });
        },
      },
    ],
  ])('believes the table where the answer is %s, and the request was carried out', async (_what, hooks) => {
    const [router, gateway] = await connected({ igdVersion: 1 });
    router.inject({ name: 'carried-out', row: 23, what: '', remedy: '', hooks: () => hooks }, { on: 'AddPortMapping' });
    const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    expect(mapped).toMatchObject({ attempts: [], verified: 'verified', granted: { leaseSeconds: 3600 } });
    expect(actions(router).filter((name) => name === 'AddPortMapping')).toHaveLength(1);
  });

  it('asks once more when the request itself was lost', async () => {
    const [router, gateway] = await connected();
    router.inject(
      {
        name: 'dropped',
        row: 10,
        what: 'the connection is reset, and the request was not read',
        remedy: 'reads, and asks again',
        on: ['AddPortMapping'],
        hooks: () => ({ outcome: () => ({ kind: 'failure', code: 'reset', delayMs: 0 }) }),
      },
      { nth: 1 },
    );
    const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    expect(mapped.attempts).toMatchObject([{ error: { kind: 'transport', code: 'reset' }, owner: 'nobody' }]);
    expect(router.mappings()).toHaveLength(1);
  });

  it('warns of a second NAT and of a gateway that is not connected', async () => {
    const [, nat] = await connected({ externalAddress: '100.64.3.4' });
    expect((await mapPort(igdMapper(nat), UDP))._unsafeUnwrap().warnings.map(({ code }) => code)).toEqual([
      'double-nat',
    ]);
    const [, down] = await connected({ isWanUp: false });
    expect((await mapPort(igdMapper(down), UDP))._unsafeUnwrap().warnings.map(({ code }) => code)).toEqual([
      'address-unknown',
      'disconnected',
    ]);
  });

  it('ends within its budget when nothing answers', async () => {
    const [router, gateway] = await connected();
    router.inject('slow-loris');
    const started = router.clock.now();
    const error = (await mapPort(igdMapper(gateway), { ...UDP, budgetMs: 8_000 }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'not-mapped', code: 'out-of-time' });
    expect(router.clock.now() - started).toBeLessThanOrEqual(8_000);
  });

  it('takes back what it got when it was aborted meanwhile', async () => {
    const [router, gateway] = await connected();
    const abort = new AbortController();
    const mapping = mapPort(igdMapper(gateway), { ...UDP, signal: abort.signal });
    abort.abort();
    expect((await mapping)._unsafeUnwrapErr()).toMatchObject({ code: 'aborted' });
    expect(router.mappings()).toEqual([]);
  });

  it.each([
    ['externalPort', { externalPort: 0 }],
    ['internalPort', { internalPort: 65_536 }],
    ['leaseSeconds', { leaseSeconds: -1 }],
    ['budgetMs', { budgetMs: 0 }],
    ['internalClient', { internalClient: 'localhost' }],
  ])('refuses a wrong %s before anything is sent', async (argument, wrong) => {
    const [router, gateway] = await connected();
    const before = router.exchanges().length;
    expect((await mapPort(igdMapper(gateway), { ...UDP, ...wrong }))._unsafeUnwrapErr()).toMatchObject({
      kind: 'invalid-argument',
      argument,
    });
    expect(router.exchanges()).toHaveLength(before);
  });
});

it('mapOnAll maps on every gateway, and tells of each', async () => {
  const [first] = await connected();
  const second = simulateGateway({
    network: first.network,
    maxSearchDelayMs: 0,
    lanAddress: '192.168.1.254',
    lanAddress6: null,
    uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500',
    capacity: 0,
  });
  const all = (await mapOnAll(first.transport, UDP))._unsafeUnwrap();
  expect(all.gateways.map(({ result }) => result.isOk()).sort()).toEqual([false, true]);
  expect(first.mappings()).toHaveLength(1);
  expect(second.mappings()).toEqual([]);
});

describe('listMappings', () => {
  async function full(options: SimulateGatewayOptions): Promise<readonly [SimulatedGateway, Gateway]> {
    const [router, gateway] = await connected({ capacity: 5_000, recordedExchanges: 10_000, ...options });
    for (let port = 2001; port <= 2300; port += 1) occupy(router, port, port % 2 === 0 ? 'TCP' : 'UDP');
    return [router, gateway];
  }

  it('takes three requests for 300 mappings on a version 2 gateway that may be asked for them at once', async () => {
    const [router, gateway] = await full({});
    const list = (await listMappings(gateway, { atOnce: Infinity }))._unsafeUnwrap();
    expect(list).toMatchObject({ complete: true, error: null });
    expect(new Set(list.mappings.map(({ externalPort }) => externalPort)).size).toBe(300);
    expect(actions(router)).toHaveLength(2 + 3);
  });

  it('takes one for those of a protocol', async () => {
    const [router, gateway] = await full({});
    const list = (await listMappings(gateway, { protocol: 'TCP', atOnce: Infinity }))._unsafeUnwrap();
    expect(list.mappings).toHaveLength(150);
    expect(list.mappings[0]).toMatchObject({
      externalPort: 2002,
      internalClient: '192.168.1.66',
      description: 'theirs',
    });
    expect(actions(router).slice(2)).toEqual(['GetListOfPortMappings']);
    // miniupnpd takes 0, which is all of them by the book, for a thousand.
    const asked = router.exchanges().at(-1);
    const body = asked?.kind === 'http' ? new TextDecoder().decode(asked.request.body) : '';
    expect(body).toContain('<NewNumberOfPorts>65535</NewNumberOfPorts>');
  });

  it('reads entry by entry on version 1, or where the listing is refused', async () => {
    for (const options of [{ igdVersion: 1 }, { omittedActions: ['GetListOfPortMappings'] }] as const) {
      const [, gateway] = await full(options);
      expect((await listMappings(gateway))._unsafeUnwrap()).toMatchObject({
        complete: true,
        mappings: { length: 300 },
      });
    }
  });

  it('takes them as well on version 1, where its description has the action', async () => {
    const [router, gateway] = await connected({ persona: 'openwrt', recordedExchanges: 10_000 });
    for (let port = 2001; port <= 2128; port += 1) occupy(router, port, port % 2 === 0 ? 'TCP' : 'UDP');
    expect((await listMappings(gateway))._unsafeUnwrap()).toMatchObject({ complete: true, mappings: { length: 128 } });
    expect(actions(router).slice(2)).toEqual([
      'GetGenericPortMappingEntry',
      'GetListOfPortMappings',
      'GetListOfPortMappings',
      'GetGenericPortMappingEntry',
    ]);
  });

  it('asks for no more than 128 at once, unless it is told to: miniupnpd 2.3.1 ends on more', async () => {
    const [router, gateway] = await full({});
    expect((await listMappings(gateway))._unsafeUnwrap()).toMatchObject({ complete: true, mappings: { length: 300 } });
    expect(actions(router)).not.toContain('GetListOfPortMappings');
  });

  it('reads entry by entry where the description has the action, and it is refused', async () => {
    const [router, gateway] = await full({});
    router.inject('version-2-actions-refused');
    expect((await listMappings(gateway))._unsafeUnwrap()).toMatchObject({ complete: true, mappings: { length: 300 } });
  });

  it('finds the rest where the listing shows only the caller’s own', async () => {
    const [router, gateway] = await full({});
    router.inject(
      {
        name: 'own-view',
        row: 48,
        what: 'the listing by range has the caller’s own mappings alone (FRITZ!Box)',
        remedy: 'looks whether there is more',
        on: ['GetListOfPortMappings'],
        hooks: () => ({ options: { showsForeignMappings: false } }),
      },
      { on: 'GetListOfPortMappings' },
    );
    expect((await listMappings(gateway, { atOnce: Infinity }))._unsafeUnwrap().mappings).toHaveLength(300);
    expect(actions(router).slice(2, 4)).toEqual(['GetListOfPortMappings', 'GetListOfPortMappings']);
  });
});

describe('a gateway that is trusted with conflicts', () => {
  it('is asked at once on version 2, and looked at where it refuses', async () => {
    const [router, gateway] = await connected();
    const quick = { ...UDP, trustConflicts: true, verify: false, askState: false };
    expect((await mapPort(igdMapper(gateway), quick)).isOk()).toBe(true);
    expect(actions(router).slice(2)).toEqual(['AddPortMapping']);
    occupy(router, 8888);
    const refused = (await mapPort(igdMapper(gateway), { ...quick, externalPort: 8888 }))._unsafeUnwrapErr();
    expect(refused).toMatchObject({ attempts: [{ owner: 'other', error: { kind: 'conflict' } }] });
    expect(router.mappings()).toMatchObject([{ externalPort: 7777 }, { internalClient: '192.168.1.66' }]);
  });

  it('is looked at first on version 1 all the same', async () => {
    const [router, gateway] = await connected({ igdVersion: 1 });
    expect(
      (await mapPort(igdMapper(gateway), { ...UDP, trustConflicts: true, verify: false, askState: false })).isOk(),
    ).toBe(true);
    expect(actions(router).slice(2)).toEqual(['GetSpecificPortMappingEntry', 'AddPortMapping']);
  });
});
