import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { createAbort } from '../abort.ts';
import { gatewayAt } from './gateway-at.ts';

async function start() {
  const router = simulateGateway();
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  return { router, gateway };
}

describe('a call', () => {
  it('reaches every service that the gateway describes', async () => {
    const { gateway } = await start();
    expect((await gateway.connection.call('GetNATRSIPStatus', {}))._unsafeUnwrap()).toEqual({
      NewRSIPAvailable: false,
      NewNATEnabled: true,
    });
    const link = await gateway.commonInterface?.call('GetCommonLinkProperties', {});
    expect(link?._unsafeUnwrap().NewPhysicalLinkStatus).toBe('Up');
    const firewall = await gateway.firewall?.call('GetFirewallStatus', {});
    expect(firewall?._unsafeUnwrap()).toEqual({ FirewallEnabled: true, InboundPinholeAllowed: true });
    const route = await gateway.forwarding?.call('GetDefaultConnectionService', {});
    expect(route?._unsafeUnwrap().NewDefaultConnectionService).toMatch(/^uuid:.*:WANConnectionDevice:2,urn:/);
    expect(gateway.pppConnection).toBeNull();
  });

  it('reaches a PPP connection as what it is', async () => {
    const router = simulateGateway({ connectionService: 'ppp', igdVersion: 1 });
    const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
    expect(gateway.services.connectionName).toBe('WANPPPConnection');
    expect((await gateway.connection.call('GetExternalIPAddress', {})).isOk()).toBe(true);
    expect((await gateway.pppConnection?.call('GetLinkLayerMaxBitRates', {}))?.isOk()).toBe(true);
  });

  it('that is aborted while it waits for its turn is not sent', async () => {
    const { router, gateway } = await start();
    const before = router.exchanges().length;
    const { signal, abort } = createAbort();
    const first = gateway.connection.call('GetStatusInfo', {});
    const second = gateway.connection.call('GetExternalIPAddress', {}, { signal });
    abort();
    expect((await first).isOk()).toBe(true);
    expect((await second)._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'aborted' });
    expect(router.exchanges()).toHaveLength(before + 1);
  });

  it('has a deadline of its own, which begins with its turn', async () => {
    const { router, gateway } = await start();
    await router.close();
    const started = router.clock.now();
    const calls = [1, 2].map(() => gateway.connection.call('GetStatusInfo', {}, { deadlineMs: 400 }));
    const results = await Promise.all(calls);
    expect(results.map((result) => result._unsafeUnwrapErr().kind)).toEqual(['transport', 'transport']);
    expect(router.clock.now() - started).toBe(800);
  });
});
