import { simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../../client/gateway-at.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { Transport } from '../../ports.ts';
import { cleanUpAfterCrash } from '../leases/clean-up.ts';
import { keepMapped } from '../keeper/keep-mapped.ts';
import { mapOnAll } from './map-on-all.ts';
import { mapPort } from '../map-port.ts';
import { memoryFile } from '../leases/memory-file.test-support.ts';
import { unmapPort } from '../unmap-port.ts';
import { igdMapper } from './mapper.ts';
import { LeaseStore } from '../leases/lease-store.ts';

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
    const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    expect(mapped).toMatchObject({ verified: 'verified', attempts: [], granted: { internalClient: SECOND } });
    expect(mapped.mapper.gateway.id).toBe(igdMapper(gateway).gateway.id);
    expect((await unmapPort(igdMapper(gateway), UDP)).isOk()).toBe(true);
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

  it('is deleted after a crash', async () => {
    const [router, gateway, transport] = await connected();
    const file = memoryFile();
    const crashed = keepMapped(transport, { ...UDP, leases: new LeaseStore({ file }) });
    expect((await crashed.settled()).isOk()).toBe(true);
    expect((await cleanUpAfterCrash(igdMapper(gateway), file))._unsafeUnwrap()).toMatchObject({
      deleted: [{}],
      failed: [],
    });
    expect(router.mappings()).toEqual([]);
  });

  it('is taken back when mapping on all gateways is aborted', async () => {
    const [router, , transport] = await connected();
    const second = simulateGateway({
      network: router.network,
      maxSearchDelayMs: 0,
      lanAddress: '192.168.1.254',
      lanAddress6: null,
      uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500',
    });
    const abort = new AbortController();
    for (const gateway of [router, second]) {
      gateway.inject({
        name: 'interrupted',
        row: 12,
        what: 'the second grant interrupts the program',
        remedy: 'takes back both',
        on: ['AddPortMapping'],
        hooks: () => ({
          outcome: (_context, proceed) => {
            const answer = proceed();
            if (router.mappings().length + second.mappings().length === 2) abort.abort();
            return answer;
          },
        }),
      });
    }
    const { gateways } = (await mapOnAll(transport, { ...UDP, signal: abort.signal }))._unsafeUnwrap();
    expect(gateways.map(({ result }) => result._unsafeUnwrapErr().code)).toEqual(['aborted', 'aborted']);
    expect([...router.mappings(), ...second.mappings()]).toEqual([]);
  });
});

it('a mapping to another host is asked for from where the system chooses, and refused', async () => {
  const [router, gateway] = await connected();
  const error = (await mapPort(igdMapper(gateway), { ...UDP, internalClient: '192.168.1.50' }))._unsafeUnwrapErr();
  expect(error).toMatchObject({ kind: 'not-mapped', attempts: [{ error: { code: 606 } }] });
  expect(router.mappings()).toEqual([]);
});
