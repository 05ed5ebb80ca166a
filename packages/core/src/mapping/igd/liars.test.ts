/** Routers that say one thing and do another: found out, told, at a bounded cost, and at nobody else's. */
import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import { err, ok } from '../../result.ts';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../../client/gateway-at.ts';
import type { Gateway } from '../../client/gateway.ts';
import { keepMapped } from '../keeper/keep-mapped.ts';
import { occupy, portsFrom2001 } from '../keep-job.test-support.ts';
import { mapPort } from '../map-port.ts';
import { igdMapper } from './mapper.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', port: 'any', description: 'a game' } as const;

async function connected(options: SimulateGatewayOptions = {}): Promise<readonly [SimulatedGateway, Gateway]> {
  const router = simulateGateway({ igdVersion: 1, maxSearchDelayMs: 0, recordedExchanges: 100_000, ...options });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  return [router, gateway];
}

/** How often an action was asked for. */
function count(router: SimulatedGateway, action: string): number {
  return router.exchanges().filter((one) => {
    return one.kind === 'http' && one.request.headers.some(([, value]) => value.endsWith(`#${action}"`));
  }).length;
}

/** The table is never shown. */
const HIDDEN_TABLE = {
  name: 'hidden-table',
  row: 41,
  what: 'no read shows any mapping',
  remedy: 'reads again, and believes the grant',
  on: ['GetSpecificPortMappingEntry', 'GetGenericPortMappingEntry'],
  hooks: () => ({ action: () => err({ code: 714, description: 'NoSuchEntryInArray' }) }),
} as const;

/** What other hosts have in the table. */
function theirs(router: SimulatedGateway): readonly string[] {
  return router
    .mappings()
    .filter(({ internalClient }) => internalClient === '192.168.1.66')
    .map(({ externalPort, description }) => `${externalPort} ${description}`);
}

describe('success without a mapping', () => {
  it('is found out at each of six attempts, and told, where the table lists other mappings', async () => {
    const [router, gateway] = await connected();
    occupy(router, [2001]);
    router.inject('mapping-not-made');
    const started = router.clock.now();
    const error = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrapErr();
    expect(error).toMatchObject({
      kind: 'not-mapped',
      code: 'refused',
      attempts: Array.from({ length: 6 }, () => ({ error: { kind: 'unconfirmed', code: 'absent', entry: null } })),
    });
    expect(error.hint).toBe("The router's table may be full: remove old mappings in its settings.");
    expect(count(router, 'AddPortMapping')).toBe(6);
    // A second for each: the table may be late.
    expect(router.clock.now() - started).toBeLessThan(7_000);
  });

  it('is kept as unverifiable where the table has never listed anything: on the wanted port, with its lease', async () => {
    const [router, gateway] = await connected();
    router.inject('mapping-not-made');
    const mapped = (await mapPort(igdMapper(gateway), { ...UDP, port: 'exact' }))._unsafeUnwrap();
    expect(mapped).toMatchObject({ granted: { externalPort: 7777, leaseSeconds: 3600 }, verified: 'unverifiable' });
    expect(mapped.attempts.map(({ error }) => error.code)).toEqual(['unlisted']);
    expect(mapped.warnings.map(({ code }) => code)).toEqual(['unverifiable']);
    expect(count(router, 'DeletePortMapping')).toBe(0);
  });

  it('tries one other port where the table has never listed anything, and keeps the last grant alone', async () => {
    const [router, gateway] = await connected();
    router.inject('mapping-not-made');
    const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    expect(mapped.attempts.map(({ externalPort }) => externalPort)).toEqual([7777, mapped.granted.externalPort]);
    expect(mapped.granted.externalPort).not.toBe(7777);
    expect(mapped.verified).toBe('unverifiable');
    expect(count(router, 'DeletePortMapping')).toBe(1);
  });

  it('leaves nothing behind when it is aborted meanwhile', async () => {
    const [router, gateway] = await connected();
    router.inject(HIDDEN_TABLE);
    const abort = new AbortController();
    const mapping = mapPort(igdMapper(gateway), { ...UDP, port: 'exact', signal: abort.signal });
    await router.clock.advance('500ms');
    expect(router.mappings()).toHaveLength(1);
    abort.abort();
    expect((await mapping)._unsafeUnwrapErr()).toMatchObject({ code: 'aborted', unknownLeases: [] });
    expect(router.mappings()).toEqual([]);
  });

  it('leaves nothing behind when it is aborted once another port is granted', async () => {
    const [router, gateway] = await connected();
    const hidden = router.inject(HIDDEN_TABLE);
    const abort = new AbortController();
    const mapping = mapPort(igdMapper(gateway), { ...UDP, signal: abort.signal });
    for await (const step of mapping.steps) {
      if (step.kind !== 'granted' || step.lease.externalPort === 7777) continue;
      hidden.remove();
      abort.abort();
    }
    expect((await mapping)._unsafeUnwrapErr()).toMatchObject({ code: 'aborted', unknownLeases: [] });
    expect(router.mappings()).toEqual([]);
  });

  it('waits for a table that shows a new mapping only after half a second', async () => {
    const [router, gateway] = await connected();
    const hidden = router.inject(HIDDEN_TABLE);
    const mapping = mapPort(igdMapper(gateway), { ...UDP, port: 'exact' });
    await router.clock.advance('500ms');
    hidden.remove();
    expect((await mapping)._unsafeUnwrap()).toMatchObject({ verified: 'verified', attempts: [] });
    expect(count(router, 'AddPortMapping')).toBe(1);
    expect(count(router, 'DeletePortMapping')).toBe(0);
  });

  it('is found out when the table holds another host’s entry instead', async () => {
    const [router, gateway] = await connected();
    // Taken in the moment between the look and the request.
    router.inject({
      name: 'overtaken',
      row: 41,
      what: 'another host gets the port just before, and success is answered',
      remedy: 'reads back',
      on: ['AddPortMapping'],
      hooks: () => ({
        action: () => {
          occupy(router, [7777]);
          return ok({});
        },
      }),
    });
    const error = (await mapPort(igdMapper(gateway), { ...UDP, port: 'exact', leaseSeconds: 0 }))._unsafeUnwrapErr();
    expect(error).toMatchObject({
      attempts: [{ owner: 'other', error: { code: 'foreign', entry: { internalClient: '192.168.1.66' } } }],
    });
    expect(theirs(router)).toEqual(['7777 theirs']);
    expect(count(router, 'DeletePortMapping')).toBe(0);
  });
});

describe('another client’s mapping, returned for every port', () => {
  it('is not taken for its own, nor for a port that is taken', async () => {
    const [router, gateway] = await connected({ refusals: { noSuchEntry: 'first-entry' } });
    occupy(router, portsFrom2001(12));
    const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    expect(mapped).toMatchObject({ verified: 'verified', attempts: [], granted: { internalClient: '192.168.1.2' } });
    expect(theirs(router)).toHaveLength(12);
  });

  it('costs no more than 512 entries where the listing never ends', async () => {
    const [router, gateway] = await connected({ refusals: { noSuchEntry: 'first-entry' } });
    occupy(router, portsFrom2001(3));
    router.inject('listing-never-ends');
    const mapped = (await mapPort(igdMapper(gateway), { ...UDP, externalPort: 999 }))._unsafeUnwrap();
    expect(mapped.granted.externalPort).not.toBe(2001);
    expect(count(router, 'GetGenericPortMappingEntry')).toBeLessThanOrEqual(512);
    expect(theirs(router)).toHaveLength(3);
  });

  it('ends within the budget where each entry of an endless listing takes its time', async () => {
    const [router, gateway] = await connected({ refusals: { noSuchEntry: 'first-entry' } });
    occupy(router, portsFrom2001(3));
    router.inject('listing-never-ends');
    router.inject({
      name: 'slow',
      row: 12,
      what: 'each answer takes four seconds',
      remedy: 'one budget for all of it',
      on: ['control'],
      hooks: () => ({ outcome: (_context, proceed) => ({ ...proceed(), delayMs: 4_000 }) }),
    });
    const started = router.clock.now();
    const error = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'not-mapped', code: 'out-of-time' });
    expect(router.clock.now() - started).toBeLessThanOrEqual(20_000);
    expect(theirs(router)).toHaveLength(3);
  });
});

describe('a port that is another host’s', () => {
  it('is left to it by a gateway that would let anybody overwrite it', async () => {
    const [router, gateway] = await connected({ isSecure: false });
    occupy(router, [7777]);
    router.inject({
      name: 'overwrites',
      row: 44,
      what: 'AddPortMapping overwrites whatever is there',
      remedy: 'looks before it asks',
      on: ['AddPortMapping'],
      hooks: () => ({
        action: (call, proceed) => {
          const { mappings } = router.machine.gateway.connection;
          mappings.remove(mappings.ofPort(Number(call.args.get('NewExternalPort')), 'UDP'));
          return proceed();
        },
      }),
    });
    const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    expect(mapped.attempts).toMatchObject([{ externalPort: 7777, error: { kind: 'conflict' } }]);
    expect(theirs(router)).toEqual(['7777 theirs']);
  });

  it('is left to it when AddAnyPortMapping names it as granted', async () => {
    const [router, gateway] = await connected({ igdVersion: 2, isSecure: false });
    occupy(router, [7777]);
    router.inject({
      name: 'names-another',
      row: 41,
      what: 'AddAnyPortMapping does nothing, and names a port that another host has',
      remedy: 'reads back',
      on: ['AddAnyPortMapping'],
      hooks: () => ({ action: () => ok({ NewReservedPort: 7777 }) }),
    });
    expect((await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap().granted.externalPort).not.toBe(7777);
    expect(theirs(router)).toEqual(['7777 theirs']);
    expect(count(router, 'DeletePortMapping')).toBe(0);
  });
});

it('a mapping that became another one than was asked for is taken back', async () => {
  const [router, gateway] = await connected();
  router.inject({
    name: 'disabled',
    row: 41,
    what: 'every mapping is made, and disabled',
    remedy: 'reads back, and takes back',
    on: ['AddPortMapping'],
    hooks: () => ({
      action: (call, proceed) => proceed({ ...call, args: new Map([...call.args, ['NewEnabled', false]]) }),
    }),
  });
  const error = (await mapPort(igdMapper(gateway), { ...UDP, port: 'exact' }))._unsafeUnwrapErr();
  expect(error).toMatchObject({ attempts: [{ owner: 'own', error: { code: 'foreign' } }, { leaseSeconds: 0 }] });
  expect(router.mappings()).toEqual([]);
});

describe('a lease that shrinks', () => {
  it('is told, and is renewed no more than once in two minutes', async () => {
    await using router = simulateGateway({ igdVersion: 1, recordedExchanges: 100_000 });
    let lease = 7_200;
    router.inject({
      name: 'shrinking',
      row: 42,
      what: 'each grant is half as long as the one before',
      remedy: 'reports it, and does not follow it down',
      on: ['AddPortMapping'],
      hooks: () => ({
        action: (call, proceed) => {
          lease = Math.max(1, lease / 2);
          return proceed({ ...call, args: new Map([...call.args, ['NewLeaseDuration', Math.ceil(lease)]]) });
        },
      }),
    });
    await using kept = keepMapped(router.transport, { ...UDP, leaseSeconds: 7_200 });
    const leases: (number | null)[] = [];
    kept.on((event) => {
      if (event.kind === 'renewed') leases.push(event.mapping.leaseSeconds);
    });
    expect((await kept.settled())._unsafeUnwrap().leaseSeconds).toBe(3_600);
    await router.clock.advance('24h');
    expect(leases.slice(0, 3)).toEqual([1_800, 900, 450]);
    expect(count(router, 'AddPortMapping')).toBeLessThanOrEqual(720);
  });

  it('that a renewal does not lengthen is deleted, and asked for anew', async () => {
    await using router = simulateGateway({ igdVersion: 1 });
    router.inject({
      name: 'renewal-ignored',
      row: 41,
      what: 'a renewal is answered with success, and the lease runs on as it was (miniupnp#131)',
      remedy: 'deletes its own mapping, and adds it again',
      on: ['AddPortMapping'],
      hooks: () => ({
        action: (call, proceed) => {
          const port = Number(call.args.get('NewExternalPort'));
          return router.mappings().some(({ externalPort }) => externalPort === port) ? ok({}) : proceed();
        },
      }),
    });
    await using kept = keepMapped(router.transport, UDP);
    const events: string[] = [];
    kept.on(({ kind }) => events.push(kind));
    expect((await kept.settled()).isOk()).toBe(true);
    for (let minutes = 0; minutes < 24 * 60; minutes += 10) {
      await router.clock.advance('10m');
      expect(router.mappings()).toHaveLength(1);
    }
    expect(new Set(events)).toEqual(new Set(['mapped', 'renewed']));
  });
});

it.each(['', '0.0.0.0', 'garbage', '999.1.1.1', '1.2.3', '<b>5.5.5.5</b>', '127.0.0.1', '169.254.1.1', '224.0.0.1'])(
  'an external address that is %o costs a warning, and not the mapping',
  async (NewExternalIPAddress) => {
    const [router, gateway] = await connected();
    router.inject({
      name: 'odd-address',
      row: 40,
      what: 'the external address is none',
      remedy: 'warns',
      on: ['GetExternalIPAddress'],
      hooks: () => ({ action: () => ok({ NewExternalIPAddress }) }),
    });
    const { warnings, granted } = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    expect(granted.externalPort).toBe(7777);
    expect(warnings.map(({ code }) => code)).toEqual(['address-unknown']);
  },
);
