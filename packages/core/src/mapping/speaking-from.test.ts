import { simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../client/gateway-at.ts';
import type { Gateway } from '../client/gateway.ts';
import type { Transport } from '../ports.ts';
import { keepMapped } from './keep-mapped.ts';
import { mapPort } from './map-port.ts';
import { unmapPort } from './unmap-port.ts';

const SECOND = '192.168.1.3';
const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game', internalClient: SECOND } as const;

/** A host with two addresses on a router's network. Towards the router the system chooses the first. */
function withTwoAddresses({ transport, network }: SimulatedGateway): Transport {
  const second = network.transport({ address: SECOND, address6: null, interfaceName: 'lan1' });
  return {
    ...transport,
    http: {
      request: (request, options) =>
        (options.localAddress === SECOND ? second : transport).http.request(request, options),
    },
    interfaces: {
      ...transport.interfaces,
      list: () => transport.interfaces.list().andThen((one) => second.interfaces.list().map((two) => [...one, ...two])),
    },
  };
}

/** It lets each host map to itself alone: 606 by the book, 718 on others (miniupnp#165). */
async function connected(igdVersion: 1 | 2 = 2): Promise<readonly [SimulatedGateway, Gateway, Transport]> {
  const router = simulateGateway({ igdVersion, maxSearchDelayMs: 0, isSecure: true });
  const transport = withTwoAddresses(router);
  const { gateway } = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
  return [router, gateway, transport];
}

describe('a mapping to this host’s other address', () => {
  it.each([1, 2] as const)('is asked for, read and deleted from there: version %i', async (igdVersion) => {
    const [router, gateway] = await connected(igdVersion);
    expect(gateway.localAddress).toBe('192.168.1.2');
    const mapped = (await mapPort(gateway, UDP))._unsafeUnwrap();
    expect(mapped).toMatchObject({ verified: 'verified', attempts: [], granted: { internalClient: SECOND } });
    expect(mapped.gateway).toBe(gateway);
    expect((await unmapPort(gateway, UDP)).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it('is kept, and given back', async () => {
    const [router, , transport] = await connected();
    const kept = keepMapped(transport, UDP);
    expect((await kept.settled())._unsafeUnwrap()).toMatchObject({ internalClient: SECOND });
    await router.clock.advance('2h');
    expect(router.mappings()).toMatchObject([{ internalClient: SECOND }]);
    expect((await kept.close()).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });
});

it('a mapping to another host is asked for from where the system chooses, and refused', async () => {
  const [router, gateway] = await connected();
  const error = (await mapPort(gateway, { ...UDP, internalClient: '192.168.1.50' }))._unsafeUnwrapErr();
  expect(error).toMatchObject({ kind: 'not-mapped', attempts: [{ error: { code: 606 } }] });
  expect(router.mappings()).toEqual([]);
});
