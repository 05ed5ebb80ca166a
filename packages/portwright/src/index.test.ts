import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { discover, findGateway, gatewayAt, listMappings, mapPort, nodeTransport, unmapPort } from './index.ts';

describe('the library', () => {
  it('maps a port in a few lines', async () => {
    const router = simulateGateway();
    const mapping = await findGateway({ transport: router.transport }).andThen(({ gateway }) =>
      mapPort(gateway, { externalPort: 7777, protocol: 'UDP', description: 'my game' }),
    );
    expect(mapping._unsafeUnwrap()).toMatchObject({ externalPort: 7777, internalClient: '192.168.1.2' });
    expect(router.mappings()).toMatchObject([{ externalPort: 7777, protocol: 'UDP', description: 'my game' }]);
  });

  it('does the rest of it', async () => {
    const router = simulateGateway();
    const { transport, descriptionUrl } = router;
    const { gateway } = (await gatewayAt(descriptionUrl, { transport }))._unsafeUnwrap();
    const key = { externalPort: 7777, protocol: 'TCP' } as const;
    expect((await mapPort(gateway, key)).isOk()).toBe(true);
    expect((await listMappings(gateway))._unsafeUnwrap().mappings).toHaveLength(1);
    expect((await unmapPort(gateway, key)).isOk()).toBe(true);
    expect((await discover({ transport, timeoutMs: 100 }))._unsafeUnwrap().devices).toHaveLength(1);
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
