import { simulateGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from './gateway-at.ts';
import type { Gateway } from './gateway.ts';
import { walkMappings } from './walk-mappings.ts';
import { addMapping, type AddMappingOptions } from './add-mapping.ts';
import { deleteMapping } from './delete-mapping.ts';

async function start(options: SimulateGatewayOptions = {}) {
  const router = simulateGateway(options);
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  return { router, gateway };
}

async function mapAll(gateway: Gateway, ...ports: readonly number[]): Promise<void> {
  for (const externalPort of ports) expect((await addMapping(gateway, { ...asked, externalPort })).isOk()).toBe(true);
}

const asked = { externalPort: 7777, protocol: 'UDP' } as const;

describe('addMapping', () => {
  it('maps to this host, to the same port, for an hour, unless told otherwise', async () => {
    const { router, gateway } = await start();
    expect((await addMapping(gateway, asked))._unsafeUnwrap()).toEqual({
      externalPort: 7777,
      protocol: 'UDP',
      remoteHost: '',
      internalClient: '192.168.1.2',
      internalPort: 7777,
      enabled: true,
      description: 'Portwright',
      leaseSeconds: 3600,
    });
    expect(router.mappings()).toMatchObject([
      {
        externalPort: 7777,
        protocol: 'UDP',
        internalClient: '192.168.1.2',
        internalPort: 7777,
        description: 'Portwright',
      },
    ]);
    await router.clock.advance('61m');
    expect(router.mappings()).toEqual([]);
  });

  it('maps to the IPv4 address of this host when it speaks IPv6 to the gateway', async () => {
    const router = simulateGateway({ client: { address: '192.168.1.5' }, isSecure: false });
    const { gateway } = (await gatewayAt(router.transport, 'http://[fd77::1]:5000/description.xml'))._unsafeUnwrap();
    expect(gateway.localAddress).toBe('fd77::2');
    expect((await addMapping(gateway, asked))._unsafeUnwrap().internalClient).toBe('192.168.1.5');
  });

  it('maps to a loopback address only where the gateway is on this host, and seen there', async () => {
    const { router, gateway } = await start({ lanAddress: '127.0.0.1', client: { address: '127.0.0.1' } });
    expect((await addMapping(gateway, asked))._unsafeUnwrap().internalClient).toBe('127.0.0.1');
    expect(router.mappings()).toMatchObject([{ internalClient: '127.0.0.1' }]);
  });

  it('sends every field as given, and lists it so', async () => {
    const { gateway } = await start({ igdVersion: 1, isSecure: false });
    const mapping = {
      externalPort: 80,
      protocol: 'TCP',
      remoteHost: '9.9.9.9',
      internalClient: '192.168.1.77',
      internalPort: 8080,
      description: 'a <b> & "c" \u00e9\u20ac',
      leaseSeconds: 0,
    } as const;
    expect((await addMapping(gateway, mapping)).isOk()).toBe(true);
    expect((await walkMappings(gateway))._unsafeUnwrap()).toEqual({
      mappings: [{ ...mapping, enabled: true }],
      unreadable: [],
      complete: true,
      error: null,
    });
  });

  it.each(['', '   '])('never sends an empty description', async (description) => {
    const { router, gateway } = await start();
    expect((await addMapping(gateway, { ...asked, description })).isOk()).toBe(true);
    expect(router.mappings()).toMatchObject([{ description: 'Portwright' }]);
  });

  it.each([
    ['externalPort', { externalPort: 0 }],
    ['externalPort', { externalPort: 65_536 }],
    ['externalPort', { externalPort: 1.5 }],
    ['internalPort', { internalPort: 0 }],
    ['internalPort', { internalPort: -1 }],
    ['leaseSeconds', { leaseSeconds: -1 }],
    ['leaseSeconds', { leaseSeconds: 4_294_967_296 }],
    ['remoteHost', { remoteHost: 'example.com' }],
    ['remoteHost', { remoteHost: '::1' }],
    ['internalClient', { internalClient: '0.0.0.0' }],
    ['internalClient', { internalClient: '127.0.0.1' }],
    ['internalClient', { internalClient: 'fd77::2' }],
    ['internalClient', { internalClient: '192.168.1' }],
    ['protocol', { protocol: 'SCTP' as 'UDP' }],
  ] satisfies readonly [string, Partial<AddMappingOptions>][])(
    'refuses a wrong %s before anything is sent: %o',
    async (argument, wrong) => {
      const { router, gateway } = await start();
      const before = router.exchanges().length;
      expect((await addMapping(gateway, { ...asked, ...wrong }))._unsafeUnwrapErr()).toMatchObject({
        kind: 'invalid-argument',
        argument,
      });
      expect(router.exchanges()).toHaveLength(before);
    },
  );

  it.each([
    ['a port that the gateway keeps', { ...asked, externalPort: 80 }, {}, 606, 'ActionNotAuthorized'],
    ['another host', { ...asked, internalClient: '192.168.1.9' }, {}, 606, 'ActionNotAuthorized'],
    [
      'a lease on a router with permanent ones only',
      asked,
      { igdVersion: 1, leasePolicy: 'permanent-only' },
      725,
      'OnlyPermanentLeasesSupported',
    ],
    [
      'unequal ports on a router that wants equal ones',
      { ...asked, internalPort: 1 },
      { igdVersion: 1, requiresSamePorts: true },
      724,
      'SamePortValuesRequired',
    ],
    ['a full table', asked, { capacity: 0 }, 728, 'NoPortMapsAvailable'],
  ] satisfies readonly [string, AddMappingOptions, SimulateGatewayOptions, number, string][])(
    'reports the fault for %s, by number and name',
    async (_name, mapping, options, code, name) => {
      const { gateway } = await start(options);
      expect((await addMapping(gateway, mapping))._unsafeUnwrapErr()).toMatchObject({
        kind: 'upnp-fault',
        action: 'AddPortMapping',
        code,
        name,
      });
    },
  );
});

describe('deleteMapping', () => {
  it('removes the mapping', async () => {
    const { router, gateway } = await start();
    expect((await addMapping(gateway, asked)).isOk()).toBe(true);
    expect((await deleteMapping(gateway, asked)).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it('reports a mapping that is not there', async () => {
    const { gateway } = await start();
    expect((await deleteMapping(gateway, asked))._unsafeUnwrapErr()).toMatchObject({
      code: 714,
      name: 'NoSuchEntryInArray',
    });
  });

  it('refuses port 0, which would stand for all', async () => {
    const { gateway } = await start();
    expect((await deleteMapping(gateway, { ...asked, externalPort: 0 }))._unsafeUnwrapErr().kind).toBe(
      'invalid-argument',
    );
  });
});

describe('walkMappings', () => {
  it('reads an empty table', async () => {
    const { gateway } = await start();
    expect((await walkMappings(gateway))._unsafeUnwrap()).toEqual({
      mappings: [],
      unreadable: [],
      complete: true,
      error: null,
    });
  });

  it('reads the table in its order, with what is left of the leases', async () => {
    const { router, gateway } = await start();
    await mapAll(gateway, 9003, 9001, 9002);
    await router.clock.advance('10m');
    const { mappings } = (await walkMappings(gateway))._unsafeUnwrap();
    expect(mappings.map(({ externalPort }) => externalPort)).toEqual([9003, 9001, 9002]);
    expect(mappings[0]?.leaseSeconds).toBeGreaterThanOrEqual(2998);
    expect(mappings[0]?.leaseSeconds).toBeLessThanOrEqual(3000);
  });

  it('says that a listing was broken off, and keeps what it has', async () => {
    const { router, gateway } = await start();
    await mapAll(gateway, 9001, 9002);
    const { http } = gateway.transport;
    let left = 2;
    const failing: typeof http = {
      request: (request, options) =>
        left-- > 0
          ? http.request(request, options)
          : http.request({ ...request, url: 'http://192.168.1.1:9/' }, options),
    };
    const transport = { ...router.transport, http: failing };
    left = 100;
    const { gateway: fragile } = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
    left = 1;
    expect((await walkMappings(fragile))._unsafeUnwrap()).toMatchObject({
      mappings: [{ externalPort: 9001 }],
      complete: false,
      error: { kind: 'transport', code: 'refused' },
    });
    left = 0;
    expect((await walkMappings(fragile))._unsafeUnwrapErr()).toMatchObject({ code: 'refused' });
  });
});

describe('the calls of one gateway', () => {
  it('wait for one another, and a failure holds nobody up', async () => {
    const { router, gateway } = await start();
    let open = 0;
    let most = 0;
    const { http } = router.transport;
    const counting = {
      request: (...args: Parameters<typeof http.request>) => {
        open += 1;
        most = Math.max(most, open);
        return http
          .request(...args)
          .andTee(() => (open -= 1))
          .orTee(() => (open -= 1));
      },
    };
    const transport = { ...router.transport, http: counting };
    const { gateway: counted } = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
    const results = await Promise.all([
      ...[9001, 9002, 80, 9003].map((externalPort) => addMapping(counted, { ...asked, externalPort })),
      deleteMapping(counted, asked),
      walkMappings(counted),
    ]);
    expect(most).toBe(1);
    expect(results.map((result) => result.isOk())).toEqual([true, true, false, true, false, true]);
    expect((await walkMappings(gateway))._unsafeUnwrap().mappings).toHaveLength(3);
  });
});
