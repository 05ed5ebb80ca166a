import {
  MemoryNetwork,
  simulateGateway,
  type SimulatedGateway,
  type SimulateGatewayOptions,
} from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../client/gateway-at.ts';
import { findMapper, type FindMapperOptions } from './find-mapper.ts';
import { gatewayOf, igdMapper } from './igd/mapper.ts';
import { memoryFile } from './leases/memory-file.test-support.ts';
import { mapPort } from './map-port.ts';

/** A router that takes its time to answer a search, as they do. */
function slow(options: SimulateGatewayOptions = {}): SimulatedGateway {
  return simulateGateway({ maxSearchDelayMs: 900, seed: 3, ...options });
}

function searches(router: SimulatedGateway): number {
  return router.exchanges().filter(({ kind }) => kind !== 'http').length;
}

it('finds the mapper of the gateway on the network', async () => {
  const router = slow();
  const { mapper, state, warnings, rejected } = (await findMapper(router.transport))._unsafeUnwrap();
  expect(mapper).toMatchObject({ via: 'upnp-igd', gateway: { id: 'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500' } });
  expect(gatewayOf(mapper)?.description.location).toBe(router.descriptionUrl);
  expect(state).toMatchObject({ externalAddress: '5.5.5.1', connected: true });
  expect([warnings, rejected]).toEqual([[], []]);
  expect((await mapPort(mapper, { externalPort: 7777, protocol: 'UDP' })).isOk()).toBe(true);
});

it('has no state where the default router is trusted', async () => {
  const { transport } = slow();
  expect((await findMapper(transport, { trustDefaultRouter: true }))._unsafeUnwrap().state).toBeNull();
});

it('says why there is none', async () => {
  const error = (await findMapper(new MemoryNetwork().transport(), { timeoutMs: 10 }))._unsafeUnwrapErr();
  expect(error).toMatchObject({ kind: 'no-gateway', code: 'no-answer' });
});

it('by the only protocol that is wanted', async () => {
  const { transport, descriptionUrl } = slow();
  const { mapper } = (await findMapper(transport, { via: 'upnp-igd' }))._unsafeUnwrap();
  expect(mapper.igd.description.location).toBe(descriptionUrl);
});

describe('at a URL', () => {
  it('asks there, without a search, and remembers nothing', async () => {
    const router = slow();
    const remember = memoryFile('[]\n');
    const found = await findMapper(router.transport, { gateway: router.descriptionUrl, remember });
    expect(found._unsafeUnwrap()).toMatchObject({
      mapper: { via: 'upnp-igd', igd: { description: { location: router.descriptionUrl } } },
      state: { externalAddress: '5.5.5.1' },
      rejected: [],
      warnings: [],
    });
    expect(searches(router)).toBe(0);
    expect([remember.text, remember.writes]).toEqual(['[]\n', 0]);
  });

  it.each([
    ['ftp://192.168.1.1/', { kind: 'policy', code: 'not-http' }],
    ['http://router.lan/d.xml', { kind: 'policy', code: 'host-name' }],
    ['http://192.168.1.1:5000/nothing', { kind: 'transport', code: 'http-status', status: 404 }],
    ['http://192.168.1.1:1/', { kind: 'transport', code: 'refused' }],
  ])('has the errors of the URL: %s', async (gateway, error) => {
    const router = slow();
    expect((await findMapper(router.transport, { gateway }))._unsafeUnwrapErr()).toMatchObject(error);
    expect(searches(router)).toBe(0);
  });

  it('may be a host name where that is allowed', async () => {
    const { transport } = slow();
    const options = { gateway: 'http://router.lan/d.xml', allowHostName: true };
    expect((await findMapper(transport, options))._unsafeUnwrapErr()).toMatchObject({ kind: 'transport' });
  });

  it('is not asked longer than deadlineMs', async () => {
    const { transport, clock } = slow({ lanAddress: '192.168.1.1' });
    const started = clock.now();
    const options = { gateway: 'http://192.168.1.250/d.xml', deadlineMs: 100 };
    expect((await findMapper(transport, options)).isErr()).toBe(true);
    expect(clock.now() - started).toBeLessThanOrEqual(100);
  });
});

describe('with remember', () => {
  it('asks the gateway of the last time first', async () => {
    const router = slow();
    const remember = memoryFile();
    expect((await findMapper(router.transport, { remember })).isOk()).toBe(true);
    expect(remember.writes).toBe(1);
    const searched = searches(router);
    const started = router.clock.now();
    const { mapper, state } = (await findMapper(router.transport, { remember }))._unsafeUnwrap();
    expect(gatewayOf(mapper)?.description.location).toBe(router.descriptionUrl);
    expect(state).toMatchObject({ externalAddress: '5.5.5.1' });
    // A description, a status and an address, at 2 ms each.
    expect([router.clock.now() - started, searches(router)]).toEqual([6, searched]);
  });

  it('remembers what is found', async () => {
    const router = slow();
    const remember = memoryFile();
    expect((await findMapper(router.transport, { remember })).isOk()).toBe(true);
    router.reboot();
    expect((await findMapper(router.transport, { remember })).isOk()).toBe(true);
    expect(JSON.parse(remember.text ?? '')).toMatchObject([{ location: router.descriptionUrl }]);
  });
});

describe('misuse', () => {
  it.each<readonly [string, RegExp, RegExp | null]>([
    [
      'a gateway',
      /gateway must be the URL of a router's description, or of its PCP or NAT-PMP server, not a gateway/,
      /igdMapper\(gateway\)/,
    ],
    ['what a search found', /not an object with a gateway in it/, /igdMapper\(found\.gateway\)/],
    [
      'a mapper',
      /gateway must be the URL of a router's description, or of its PCP or NAT-PMP server, not a port mapper/,
      /no need/,
    ],
    ['a number', /gateway must be the URL of a router's description, or of its PCP or NAT-PMP server, not 7/, null],
    ['a path', /remember must be a file, such as nodeFile\(path\), not "gateway\.json"/, null],
    ['another protocol', /via must be "upnp-igd" or "pcp" or "nat-pmp", not "ssdp"/, null],
    ['others', /each of via must be "upnp-igd" or "pcp" or "nat-pmp", not "ssdp"/, null],
    ['none', /via must be at least one protocol/, null],
    ['a URL alone', /options must be an object of options, not "http/, null],
  ])('%s', async (what, message, hint) => {
    const router = slow();
    const found = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
    const before = router.exchanges().length;
    const wrong: Readonly<Record<string, unknown>> = {
      'a gateway': { gateway: found.gateway },
      'what a search found': { gateway: found },
      'a mapper': { gateway: igdMapper(found.gateway) },
      'a number': { gateway: 7 },
      'a path': { remember: 'gateway.json' },
      'another protocol': { via: 'ssdp' },
      others: { via: ['pcp', 'ssdp'] },
      none: { via: [] },
      'a URL alone': router.descriptionUrl,
    };
    const error = (await findMapper(router.transport, wrong[what] as FindMapperOptions))._unsafeUnwrapErr();
    expect(error.kind).toBe('invalid-argument');
    expect(error.message).toMatch(message);
    expect(error.hint ?? '').toMatch(hint ?? /^$/);
    expect(router.exchanges()).toHaveLength(before);
  });
});
