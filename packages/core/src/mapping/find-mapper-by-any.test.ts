/** UPnP, PCP and NAT-PMP, searched for at the same time. */
import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { findMapper, type FindMapperOptions } from './find-mapper.ts';
import { memoryFile } from './leases/memory-file.test-support.ts';
import { mapPort } from './map-port.ts';
import type { Via } from './types.ts';
import { unmapPort } from './unmap-port.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;
const ALL = ['upnp', 'pcp', 'nat-pmp'] as const;
/** Of an IPv4 router's server. */
const SERVER = '192.168.1.1';

function routerWith(
  protocols: SimulateGatewayOptions['protocols'],
  options: SimulateGatewayOptions = {},
): SimulatedGateway {
  return simulateGateway({ maxSearchDelayMs: 0, protocols, ...options });
}

/** What was found, and how long it took. */
async function found(
  router: SimulatedGateway,
  options: FindMapperOptions = {},
): Promise<{ readonly via: Via; readonly ms: number }> {
  const started = router.clock.now();
  const { mapper } = (await findMapper(router.transport, options))._unsafeUnwrap();
  return { via: mapper.via, ms: router.clock.now() - started };
}

describe('a router', () => {
  it.each<readonly [readonly (typeof ALL)[number][], Via]>([
    [['upnp'], 'upnp-igd'],
    [['upnp', 'pcp'], 'upnp-igd'],
    [ALL, 'upnp-igd'],
    [['pcp'], 'pcp'],
    [['pcp', 'nat-pmp'], 'pcp'],
    [['nat-pmp'], 'nat-pmp'],
  ])('with %j is asked by %s', async (protocols, via) => {
    const router = routerWith(protocols);
    const { mapper } = (await findMapper(router.transport))._unsafeUnwrap();
    expect(mapper.via).toBe(via);
    expect((await mapPort(mapper, UDP))._unsafeUnwrap().granted).toMatchObject({ via, externalPort: 7777 });
    expect((await mapPort(mapper, { ...UDP, protocol: 'both', externalPort: 8888 })).isOk()).toBe(true);
    expect(router.mappings()).toHaveLength(3);
  });

  it('without UPnP is found a second after the search began', async () => {
    expect(await found(routerWith(['pcp']))).toEqual({ via: 'pcp', ms: 1_000 });
  });

  it('with UPnP that takes its time is worth that second', async () => {
    const router = routerWith(ALL, { maxSearchDelayMs: 900, seed: 3 });
    expect((await found(router)).via).toBe('upnp-igd');
  });

  it('is awaited for as long as graceMs says', async () => {
    expect(await found(routerWith(['pcp']), { graceMs: 300 })).toEqual({ via: 'pcp', ms: 300 });
    const { via, ms } = await found(routerWith(['pcp']), { graceMs: Infinity });
    expect([via, ms > 2_000]).toEqual(['pcp', true]);
  });

  it.each<readonly [Via | readonly Via[], Via]>([
    ['pcp', 'pcp'],
    ['nat-pmp', 'nat-pmp'],
    [['pcp', 'upnp-igd'], 'pcp'],
    [['nat-pmp', 'pcp'], 'nat-pmp'],
  ])('by %j is asked at once', async (via, expected) => {
    const { via: chosen, ms } = await found(routerWith(ALL), { via });
    expect([chosen, ms < 20]).toEqual([expected, true]);
  });

  it('keeps the protocol of the present lease for as long as that is there', async () => {
    expect(await found(routerWith(ALL), { lastVia: 'nat-pmp' })).toMatchObject({ via: 'nat-pmp' });
    const { via, ms } = await found(routerWith(['pcp', 'nat-pmp']), { lastVia: 'upnp-igd' });
    expect([via, ms > 2_000]).toEqual(['pcp', true]);
    expect(await found(routerWith(ALL), { via: ['pcp', 'upnp-igd'], lastVia: 'nat-pmp' })).toMatchObject({
      via: 'pcp',
    });
  });
});

describe('the routers of one interface', () => {
  it.each(['lan0', '192.168.1.2'])('are asked: %s', async (name) => {
    expect(await found(routerWith(['pcp']), { via: 'pcp', interface: name })).toMatchObject({ via: 'pcp' });
  });

  it('are none where that has no default router', async () => {
    const router = routerWith(['pcp']);
    const error = (await findMapper(router.transport, { via: 'pcp', interface: 'tun7' }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'no-gateway', code: 'no-answer', candidates: [] });
    expect(error.message).toBe('this computer has no default router that could be asked by PCP or NAT-PMP');
    expect(router.exchanges()).toEqual([]);
  });
});

describe('the state of a server', () => {
  it('is not asked for by NAT-PMP over IPv6, which NAT-PMP does not have', async () => {
    const router = routerWith(['pcp', 'nat-pmp']);
    const { mapper } = (await findMapper(router.transport, { via: 'pcp', families: ['ipv6'] }))._unsafeUnwrap();
    const before = router.exchanges().length;
    expect(await mapper.readState({ deadlineMs: 8_000 })).toEqual({});
    expect(router.exchanges()).toHaveLength(before);
  });
});

describe('a server at an address', () => {
  it.each<readonly [string, Via]>([
    [`pcp://${SERVER}`, 'pcp'],
    [`PCP://${SERVER}:5351/`, 'pcp'],
    [`nat-pmp://${SERVER}`, 'nat-pmp'],
  ])('%s is asked there', async (gateway, via) => {
    const router = routerWith(ALL);
    expect(await found(router, { gateway })).toMatchObject({ via });
    expect(router.exchanges().filter(({ kind }) => kind === 'search')).toEqual([]);
  });

  it.each([
    'pcp://router.lan',
    'pcp://',
    'pcp://192.168.1.1:1900',
    'pcp://192.168.1.1/path',
    'pcp://user@192.168.1.1',
    'pcp://192.168.1',
    'pcp://fe80::1',
    'pcp://[192.168.1.1]',
    'nat-pmp://[fe80::1%eth0]',
    'nat-pmp:192.168.1.1',
  ])('%s is refused', async (gateway) => {
    const router = routerWith(ALL);
    const error = (await findMapper(router.transport, { gateway }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'policy', code: 'bad-url', url: gateway });
    expect(error.hint).toMatch(/pcp:\/\/192\.168\.1\.1/);
    expect(router.exchanges()).toEqual([]);
  });

  it('says that nobody answers there', async () => {
    const router = routerWith(['upnp']);
    const error = (await findMapper(router.transport, { gateway: `pcp://${SERVER}` }))._unsafeUnwrapErr();
    expect(error).toMatchObject({
      kind: 'no-gateway',
      code: 'none-usable',
      candidates: [{ code: 'no-server', location: `pcp://${SERVER}`, from: SERVER }],
    });
  });
});

describe('with remember', () => {
  it.each<Via>(['pcp', 'nat-pmp'])('asks the server of the last time at once: %s', async (via) => {
    const router = routerWith([via === 'pcp' ? 'pcp' : 'nat-pmp']);
    const remember = memoryFile();
    expect((await found(router, { remember })).ms).toBe(1_000);
    expect(remember.writes).toBe(1);
    expect(await found(router, { remember })).toMatchObject({ via });
    expect((await found(router, { remember })).ms).toBeLessThan(20);
    expect(remember.writes).toBe(1);
  });

  it.each([
    ['another address than that of the default router', [{ via: 'pcp', server: '192.168.1.77' }]],
    ['another interface', [{ via: 'pcp', server: SERVER, interface: 'tun7' }]],
    ['another protocol', [{ via: 'ssh', server: SERVER }]],
    ['no server', [{ via: 'pcp' }]],
  ])('searches for a file with %s', async (_what, stored) => {
    const router = routerWith(['pcp']);
    const remember = memoryFile(JSON.stringify(stored));
    expect(await found(router, { remember })).toEqual({ via: 'pcp', ms: 1_000 });
  });

  it('searches if the server of the last time does not answer any more, and remembers what is found', async () => {
    const router = routerWith(['upnp']);
    const remember = memoryFile(JSON.stringify([{ via: 'pcp', server: SERVER }]));
    expect((await found(router, { remember })).via).toBe('upnp-igd');
    expect(JSON.parse(remember.text ?? '')).toMatchObject([{ location: router.descriptionUrl }]);
  });

  it('waits 150 ms for the server of the last time, and then as long as for any other', async () => {
    const router = routerWith(['nat-pmp']);
    const remember = memoryFile(JSON.stringify([{ via: 'pcp', server: SERVER, interface: 'lan0' }]));
    expect(await found(router, { remember, graceMs: 500 })).toEqual({ via: 'nat-pmp', ms: 650 });
  });

  it('remembers the router that was found, and not the protocol that stepped in', async () => {
    const router = routerWith(ALL);
    for (const on of ['AddPortMapping', 'AddAnyPortMapping']) router.inject('not-authorized-606', { on });
    const remember = memoryFile();
    const { mapper } = (await findMapper(router.transport, { remember }))._unsafeUnwrap();
    expect((await mapPort(mapper, UDP))._unsafeUnwrap().granted.via).toBe('pcp');
    expect(JSON.parse(remember.text ?? '')).toMatchObject([{ location: router.descriptionUrl }]);
  });

  it('does not ask the server of the last time by a protocol that is not wanted', async () => {
    const router = routerWith(ALL);
    const remember = memoryFile(JSON.stringify([{ via: 'pcp', server: SERVER }]));
    expect((await found(router, { remember, via: 'upnp-igd' })).via).toBe('upnp-igd');
  });
});

describe('a router that refuses every port by one protocol', () => {
  it('is asked by the next, and tells all attempts', async () => {
    const router = routerWith(ALL);
    for (const on of ['AddPortMapping', 'AddAnyPortMapping']) router.inject('not-authorized-606', { on });
    const { mapper } = (await findMapper(router.transport))._unsafeUnwrap();
    const mapped = (await mapPort(mapper, UDP))._unsafeUnwrap();
    expect(mapped.granted).toMatchObject({ via: 'pcp', externalPort: 7777 });
    expect(mapped.attempts.map(({ error }) => error.code)).toEqual([606]);
    expect(mapped.mapper.via).toBe('pcp');
    expect((await unmapPort(mapped.mapper, mapped)).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it('for another NAT in between is asked by the next', async () => {
    const router = routerWith(['upnp', 'pcp'], { clientsBehind: '192.168.1.50' });
    const { mapper } = (await findMapper(router.transport, { via: ['pcp', 'upnp-igd'] }))._unsafeUnwrap();
    const mapped = (await mapPort(mapper, UDP))._unsafeUnwrap();
    expect([mapped.granted.via, mapped.attempts.map(({ error }) => error.code)]).toEqual([
      'upnp-igd',
      ['address-mismatch'],
    ]);
  });

  it('by all of them is an error with all attempts', async () => {
    const router = routerWith(['upnp', 'pcp'], { pcp: { isRefused: true } });
    for (const on of ['AddPortMapping', 'AddAnyPortMapping']) router.inject('not-authorized-606', { on });
    const { mapper } = (await findMapper(router.transport))._unsafeUnwrap();
    expect((await mapPort(mapper, UDP))._unsafeUnwrapErr()).toMatchObject({
      kind: 'not-mapped',
      code: 'refused',
      attempts: [{ error: { code: 606 } }],
    });
  });

  it('is not asked by a protocol that is not wanted', async () => {
    const router = routerWith(ALL);
    for (const on of ['AddPortMapping', 'AddAnyPortMapping']) router.inject('not-authorized-606', { on });
    const { mapper } = (await findMapper(router.transport, { via: 'upnp-igd' }))._unsafeUnwrap();
    expect((await mapPort(mapper, UDP)).isErr()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });
});

describe('no router', () => {
  it('tells what was asked by which protocol', async () => {
    const router = routerWith([]);
    const error = (await findMapper(router.transport))._unsafeUnwrapErr();
    expect(error).toMatchObject({
      kind: 'no-gateway',
      code: 'no-answer',
      candidates: [
        { code: 'no-server', location: `pcp://${SERVER}` },
        { code: 'no-server', location: `nat-pmp://${SERVER}` },
      ],
    });
    expect(error.message).toMatch(/192\.168\.1\.1 answers neither PCP nor NAT-PMP$/);
  });

  it.each<readonly [Via, RegExp]>([
    ['pcp', /; 192\.168\.1\.1 does not answer PCP$/],
    ['nat-pmp', /; 192\.168\.1\.1 does not answer NAT-PMP$/],
  ])('tells what was asked: by UPnP and %s', async (via, message) => {
    const error = (await findMapper(routerWith([]).transport, { via: ['upnp-igd', via] }))._unsafeUnwrapErr();
    expect(error.message).toMatch(message);
  });

  it('that lets this device open ports says so, and what to do', async () => {
    const router = routerWith(['pcp'], { pcp: { isRefused: true } });
    const error = (await findMapper(router.transport))._unsafeUnwrapErr();
    expect(error.message).toMatch(/PCP 2 NOT_AUTHORIZED/);
    expect(error.hint).toMatch(/Allow this device to open ports/);
  });
});
