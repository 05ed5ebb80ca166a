/** Whether an action of version 2 is worth a request: by the version, else by the service's own description. */
import type { SimulatedGateway, SimulateGatewayOptions } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../client/gateway.ts';
import { connected } from './igd.test-support.ts';
import { isOfVersion2, offersAction } from './offered-actions.ts';

/** How often the description of the connection service was asked for. */
function descriptions(router: SimulatedGateway, { services, description }: Gateway): number {
  const url = new URL(services.connectionService.scpdUrl ?? '', description.location).href;
  return router.exchanges().filter((one) => one.kind === 'http' && one.request.url === url).length;
}

/** The gateway, with another URL for the description of its connection service. */
function describedAt(gateway: Gateway, scpdUrl: string | null): Gateway {
  const { services } = gateway;
  return { ...gateway, services: { ...services, connectionService: { ...services.connectionService, scpdUrl } } };
}

it.each<readonly [string, SimulateGatewayOptions, boolean, boolean, boolean, number]>([
  ['version 2', { igdVersion: 2 }, true, true, true, 0],
  ['version 1', { igdVersion: 1 }, false, false, false, 1],
  ['version 1 with actions of version 2', { persona: 'openwrt' }, false, true, true, 1],
])('%s', async (_what, options, isSecond, addsAny, lists, requests) => {
  const [router, gateway] = await connected({ igdVersion: undefined, ...options });
  expect(isOfVersion2(gateway)).toBe(isSecond);
  expect(await offersAction(gateway, 'AddAnyPortMapping', {})).toBe(addsAny);
  expect(await offersAction(gateway, 'GetListOfPortMappings', {})).toBe(lists);
  expect(descriptions(router, gateway)).toBe(requests);
});

it('a service whose type has no version is of version 1', async () => {
  const [, gateway] = await connected();
  const { services } = gateway;
  const odd = { ...gateway, services: { ...services, connection: { ...services.connection, serviceType: 'odd' } } };
  expect(isOfVersion2(odd)).toBe(false);
});

describe('version 1 has none', () => {
  it('where the description has no URL', async () => {
    const [, gateway] = await connected({ igdVersion: undefined, persona: 'openwrt' });
    expect(await offersAction(describedAt(gateway, null), 'AddAnyPortMapping', {})).toBe(false);
  });

  it('where the description is another host’s: nothing is sent', async () => {
    const [router, gateway] = await connected({ igdVersion: undefined, persona: 'openwrt' });
    const before = router.exchanges().length;
    const foreign = describedAt(gateway, 'http://192.168.1.66/scpd.xml');
    expect(await offersAction(foreign, 'AddAnyPortMapping', {})).toBe(false);
    expect(router.exchanges()).toHaveLength(before);
  });

  it('where the description is larger than one may be: no more of it is read', async () => {
    const [, gateway] = await connected({ igdVersion: undefined, persona: 'openwrt' });
    const { transport } = gateway;
    const limits: number[] = [];
    const http: typeof transport.http = {
      request: (request, options) => {
        if (request.method === 'GET') limits.push(options.maxBodyBytes);
        return transport.http.request(request, options);
      },
    };
    await offersAction({ ...gateway, transport: { ...transport, http } }, 'AddAnyPortMapping', {});
    expect(limits).toEqual([262_144]);
  });

  it('while the description can’t be fetched', async () => {
    const [router, gateway] = await connected({ igdVersion: undefined, persona: 'openwrt' });
    router.machine.configure({ description: { hasScpds: false } });
    expect(await offersAction(gateway, 'AddAnyPortMapping', {})).toBe(false);
    router.machine.configure({ description: { hasScpds: true } });
    expect(await offersAction(gateway, 'AddAnyPortMapping', {})).toBe(true);
  });
});
