import { simulateGateway } from '@portwright/transport-mock';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as portwright from './index.ts';
import * as upnp from './upnp.ts';
import {
  findMapper,
  Keeper,
  keepMapped,
  mapOnAll,
  mapPort,
  nodeFile,
  nodeTransport,
  orThrow,
  unmapPort,
} from './index.ts';
import { discover, findKnownGateway, gatewayAt, gatewayOf, igdMapper, listMappings } from './upnp.ts';

async function temporaryFile(): Promise<ReturnType<typeof nodeFile>> {
  const folder = await mkdtemp(join(tmpdir(), 'portwright-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return nodeFile(join(folder, 'gateway.json'));
}

describe('the entries', () => {
  it('portwright has what opens ports, and Godot’s names, at most 20 values', () => {
    expect(Object.keys(portwright).length).toBeLessThanOrEqual(20);
    expect(Object.keys(portwright).sort()).toEqual(
      [
        'findMapper',
        'mapPort',
        'unmapPort',
        'mapOnAll',
        'keepMapped',
        'Keeper',
        'LeaseStore',
        'cleanUpAfterCrash',
        'closeOnExit',
        'nodeFile',
        'nodeTransport',
        'orThrow',
        'PortwrightException',
        'UPNP',
        'UPNPDevice',
        'UPNPResult',
        'IGDStatus',
      ].sort(),
    );
  });

  it('portwright/upnp has what takes a gateway or finds one', () => {
    expect(Object.keys(upnp).sort()).toEqual(
      [
        'discover',
        'findGateway',
        'findKnownGateway',
        'gatewayAt',
        'gatewayOf',
        'igdMapper',
        'listMappings',
        'gatewayReport',
        'watchGateway',
        'GatewayWatch',
        'addPinhole',
        'checkPinhole',
        'deletePinhole',
        'firewallStatus',
        'outboundPinholeTimeout',
        'pinholePackets',
        'updatePinhole',
        'addMapping',
        'deleteMapping',
        'walkMappings',
        'connectionState',
        'selectServices',
        'retryPolicy',
        'SEARCH_TARGETS',
        'GATEWAY_SEARCH_TARGETS',
        'devicesOf',
        'servicesOf',
      ].sort(),
    );
  });
});

describe('the library', () => {
  it('maps a port in a few lines', async () => {
    const router = simulateGateway();
    const mapping = await findMapper({ transport: router.transport }).andThen(({ mapper }) =>
      mapPort(mapper, { externalPort: 7777, protocol: 'UDP', description: 'my game' }),
    );
    const { granted, verified } = mapping._unsafeUnwrap();
    expect(granted).toMatchObject({ externalPort: 7777, internalClient: '192.168.1.2' });
    expect(verified).toBe('verified');
    expect(router.mappings()).toMatchObject([{ externalPort: 7777, protocol: 'UDP', description: 'my game' }]);
  });

  it('maps both protocols, and unmaps them', async () => {
    const router = simulateGateway();
    const { mapper } = await orThrow(findMapper({ transport: router.transport }));
    const mapped = await orThrow(mapPort(mapper, { externalPort: 7777, protocol: 'both' }));
    expect(router.mappings()).toHaveLength(2);
    await orThrow(unmapPort(mapper, mapped));
    expect(router.mappings()).toEqual([]);
  });

  it('does the rest of it', async () => {
    const router = simulateGateway();
    const { transport, descriptionUrl } = router;
    const { gateway } = (await gatewayAt(descriptionUrl, { transport }))._unsafeUnwrap();
    const key = { externalPort: 7777, protocol: 'TCP' } as const;
    expect((await mapPort(igdMapper(gateway), key)).isOk()).toBe(true);
    expect((await listMappings(gateway))._unsafeUnwrap().mappings).toHaveLength(1);
    expect((await unmapPort(igdMapper(gateway), key)).isOk()).toBe(true);
    expect((await discover({ transport, timeoutMs: 100 }))._unsafeUnwrap().devices).toHaveLength(1);
  });

  it('keeps a port mapped', async () => {
    const router = simulateGateway();
    {
      await using game = keepMapped({ transport: router.transport, externalPort: 7777, protocol: 'UDP' });
      expect((await game.settled()).isOk()).toBe(true);
      await router.clock.advance('3h');
      expect(router.mappings()).toHaveLength(1);
    }
    expect(router.mappings()).toEqual([]);
  });

  it('keeps several ports mapped', async () => {
    const router = simulateGateway();
    {
      await using keeper = new Keeper({ transport: router.transport });
      const kept = [7777, 7778].map((externalPort) => keeper.keep({ externalPort, protocol: 'UDP' }));
      for (const one of kept) expect((await one.settled()).isOk()).toBe(true);
      expect(router.mappings()).toHaveLength(2);
    }
    expect(router.mappings()).toEqual([]);
  });

  it.each([
    ['keepMapped', (options: object) => keepMapped({ externalPort: 7777, protocol: 'UDP', ...options })],
    ['a Keeper', (options: object) => new Keeper(options).keep({ externalPort: 7777, protocol: 'UDP' })],
  ])('%s tells of what a listener throws by a warning of the process', async (_what, keep) => {
    const warning = new Promise<Error>((resolve) => {
      process.once('warning', resolve);
    });
    const { transport } = simulateGateway();
    await using kept = keep({ transport });
    kept.on(() => {
      throw new Error('a mistake in a listener');
    });
    expect((await kept.settled()).isOk()).toBe(true);
    expect((await warning).message).toBe('a mistake in a listener');
  });

  it('maps on every gateway there is', async () => {
    const { transport } = simulateGateway();
    const { gateways } = (await mapOnAll({ transport, externalPort: 7777, protocol: 'UDP' }))._unsafeUnwrap();
    expect(gateways.map(({ result }) => result.isOk())).toEqual([true]);
  });

  it('remembers a gateway', async () => {
    const remember = await temporaryFile();
    const router = simulateGateway();
    const { transport } = router;
    expect((await findMapper({ transport, remember })).isOk()).toBe(true);
    // A search would find nothing.
    router.inject('udp-loss');
    const { mapper } = (await findMapper({ transport, remember }))._unsafeUnwrap();
    expect(gatewayOf(mapper)?.description.location).toBe('http://192.168.1.1:5000/description.xml');
    const { gateway } = (await findKnownGateway(remember, { transport }))._unsafeUnwrap();
    expect(gateway.description.location).toBe('http://192.168.1.1:5000/description.xml');
  });

  it('asks a gateway at a URL', async () => {
    const { transport, descriptionUrl } = simulateGateway();
    const { mapper } = (await findMapper({ transport, gateway: descriptionUrl }))._unsafeUnwrap();
    expect(gatewayOf(mapper)?.description.location).toBe(descriptionUrl);
  });

  it("is on this machine's network by default", async () => {
    const refused = { kind: 'transport', code: 'refused' };
    expect((await gatewayAt('http://127.0.0.1:1/'))._unsafeUnwrapErr()).toMatchObject(refused);
    expect((await findMapper({ gateway: 'http://127.0.0.1:1/' }))._unsafeUnwrapErr()).toMatchObject(refused);
    expect(Object.keys(nodeTransport()).toSorted()).toEqual([
      'clock',
      'datagram',
      'events',
      'http',
      'interfaces',
      'random',
    ]);
  });

  it('looks a host name up only where that is allowed', async () => {
    const notAllowed = { kind: 'policy', code: 'host-name' };
    const [url, refused] = ['http://localhost:1/', { kind: 'transport', code: 'refused' }];
    expect((await gatewayAt(url))._unsafeUnwrapErr()).toMatchObject(notAllowed);
    expect((await findMapper({ gateway: url }))._unsafeUnwrapErr()).toMatchObject(notAllowed);
    expect((await gatewayAt(url, { allowHostName: true }))._unsafeUnwrapErr()).toMatchObject(refused);
    expect((await findMapper({ gateway: url, allowHostName: true }))._unsafeUnwrapErr()).toMatchObject(refused);
  });
});
