import { simulateGateway } from '@portwright/transport-mock';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  discover,
  findGateway,
  findKnownGateway,
  gatewayAt,
  igdMapper,
  keepMapped,
  listMappings,
  mapOnAll,
  mapPort,
  nodeFile,
  nodeTransport,
  unmapPort,
} from './index.ts';

describe('the library', () => {
  it('maps a port in a few lines', async () => {
    const router = simulateGateway();
    const mapping = await findGateway({ transport: router.transport }).andThen(({ gateway }) =>
      mapPort(igdMapper(gateway), { externalPort: 7777, protocol: 'UDP', description: 'my game' }),
    );
    const { granted, verified } = mapping._unsafeUnwrap();
    expect(granted).toMatchObject({ externalPort: 7777, internalClient: '192.168.1.2' });
    expect(verified).toBe('verified');
    expect(router.mappings()).toMatchObject([{ externalPort: 7777, protocol: 'UDP', description: 'my game' }]);
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

  it('maps on every gateway there is', async () => {
    const { transport } = simulateGateway();
    const { gateways } = (await mapOnAll({ transport, externalPort: 7777, protocol: 'UDP' }))._unsafeUnwrap();
    expect(gateways.map(({ result }) => result.isOk())).toEqual([true]);
  });

  it('remembers a gateway', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'portwright-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = nodeFile(join(folder, 'gateway.json'));
    const router = simulateGateway();
    const { transport } = router;
    expect((await findKnownGateway(file, { transport })).isOk()).toBe(true);
    // A search would find nothing.
    router.inject('udp-loss');
    const { gateway } = (await findKnownGateway(file, { transport }))._unsafeUnwrap();
    expect(gateway.description.location).toBe('http://192.168.1.1:5000/description.xml');
  });

  it("is on this machine's network by default", async () => {
    const nobody = await gatewayAt('http://127.0.0.1:1/');
    expect(nobody._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'refused' });
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
    expect((await gatewayAt('http://localhost:1/'))._unsafeUnwrapErr()).toMatchObject({
      kind: 'policy',
      code: 'host-name',
    });
    const allowed = await gatewayAt('http://localhost:1/', { allowHostName: true });
    expect(allowed._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'refused' });
  });
});
