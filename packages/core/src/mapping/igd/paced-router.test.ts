/** Routers that turn down a connection which comes too soon, and a host whose address changes between two calls. */
import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../../client/gateway-at.ts';
import { paced, type SentRequest, type TurnDown } from '../../client/paced-router.test-support.ts';
import type { Transport } from '../../ports.ts';
import { mapPort } from '../map-port.ts';
import { unmapPort } from '../unmap-port.ts';
import { listMappings } from './list.ts';
import { gatewayReport } from './report.ts';
import { igdMapper } from './mapper.ts';

const UDP = { externalPort: 7777, protocol: 'UDP' } as const;

describe.each(['reset', 'truncated', 'refused', '500'] satisfies TurnDown[])('a router that answers %s', (how) => {
  it.each([20, 300, 500])('within %i ms of the last connection is mapped, listed and reported', async (gapMs) => {
    const router = simulateGateway({ maxSearchDelayMs: 0 });
    const sent: SentRequest[] = [];
    const transport = paced(router.transport, gapMs, how, sent);
    const { gateway } = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
    const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
    expect(mapped).toMatchObject({ verified: 'verified', attempts: [], warnings: [] });
    expect(sent.filter(({ what }) => what.startsWith('Add')).map(({ isServed }) => isServed)).toEqual([true]);
    expect((await listMappings(gateway))._unsafeUnwrap()).toMatchObject({ mappings: [UDP], complete: true });
    const { state, natEnabled } = await gatewayReport(gateway);
    expect([state.connected, state.externalAddress, state.errors, natEnabled]).toEqual([true, '5.5.5.1', [], true]);
    expect((await unmapPort(igdMapper(gateway), UDP)).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });
});

it('a port is led to the address that this host has when it is mapped', async () => {
  const router = simulateGateway({ maxSearchDelayMs: 0, isSecure: true });
  let client: Transport = router.transport;
  const transport: Transport = {
    ...router.transport,
    http: { request: (request, options) => client.http.request(request, options) },
    interfaces: {
      list: () => client.interfaces.list(),
      owns: (address) => client.interfaces.owns?.(address) ?? client.interfaces.list().map(() => false),
    },
  };
  const { gateway } = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
  client = router.network.transport({ address: '192.168.1.33' });
  const { granted } = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
  expect(granted.internalClient).toBe('192.168.1.33');
  expect(router.mappings()).toMatchObject([{ internalClient: '192.168.1.33' }]);
  expect((await unmapPort(igdMapper(gateway), UDP)).isOk()).toBe(true);
});
