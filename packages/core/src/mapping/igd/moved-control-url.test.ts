/** A control URL that the router does not know any more: its description says where the service is now. */
import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { findGateway } from '../../client/find-gateway.ts';
import { selectServices } from '../../client/select-services.ts';
import type { AttemptError } from '../attempts.ts';
import { connected, EMPTY, fault, put, transport } from './igd.test-support.ts';
import { asDescribedNow, hasMoved } from './moved-control-url.ts';

it.each<readonly [string, AttemptError, boolean]>([
  ['HTTP 404', transport('http-status', 404), true],
  ['HTTP 405', transport('http-status', 405), true],
  ['HTTP 412', transport('http-status', 412), true],
  ['HTTP 403', transport('http-status', 403), false],
  ['HTTP 500', transport('http-status', 500), false],
  ['an unknown HTTP status', transport('http-status'), false],
  ['a reset', transport('reset', 404), false],
  ['fault 404', fault(404), false],
  ['an empty answer', EMPTY, false],
])('after %s, the service has moved: %s', (_what, error, expected) => {
  expect(hasMoved(error)).toBe(expected);
});

describe('the same service, as described now', () => {
  it('is at its new control URL', async () => {
    const [router, gateway] = await connected();
    put(router);
    router.machine.configure({ description: { controlUrl: '/moved/{id}' } });
    const now = await asDescribedNow(gateway, {});
    expect(now?.services.connection.controlUrl).toBe('http://192.168.1.1:5000/moved/WANIPConn1');
    expect(now?.localAddress).toBe('192.168.1.2');
    expect(now?.queue).toBe(gateway.queue);
    const index = { NewPortMappingIndex: 0 };
    expect((await now?.connection.call('GetGenericPortMappingEntry', index))?.isOk()).toBe(true);
  });

  it('is found where the router names itself by another host', async () => {
    const router = simulateGateway({ description: { controlUrl: 'http://127.0.0.1:5000/control/{id}' } });
    router.inject('location-on-loopback');
    const { gateway } = (await findGateway(router.transport))._unsafeUnwrap();
    router.machine.configure({ description: { controlUrl: 'http://127.0.0.1:5000/moved/{id}' } });
    const now = await asDescribedNow(gateway, {});
    expect(now?.services.connection.controlUrl).toBe('http://192.168.1.1:5000/moved/WANIPConn1');
  });

  it('has this host’s address from before, if the transport tells none', async () => {
    const [, gateway] = await connected();
    const { http } = gateway.transport;
    const silent: typeof http = {
      request: (request, options) =>
        http.request(request, options).map(({ status, headers, body }) => ({ status, headers, body })),
    };
    const now = await asDescribedNow({ ...gateway, transport: { ...gateway.transport, http: silent } }, {});
    expect(now?.localAddress).toBe('192.168.1.2');
  });

  it('is the one with the same id and type, where there are several', async () => {
    const [, gateway] = await connected({ connectionService: 'ip-and-ppp' });
    const { usable } = selectServices(gateway.description);
    expect(usable).toHaveLength(2);
    for (const services of usable) {
      const now = await asDescribedNow({ ...gateway, services }, {});
      expect(now?.services.connectionService.serviceId).toBe(services.connectionService.serviceId);
      expect(now?.services.connectionName).toBe(services.connectionName);
    }
  });

  it('is none where the description can’t be fetched, or has no such service', async () => {
    const [router, gateway] = await connected();
    const { services } = gateway;
    const id = { ...services, connectionService: { ...services.connectionService, serviceId: 'another' } };
    expect(await asDescribedNow({ ...gateway, services: id }, {})).toBe(null);
    expect(
      await asDescribedNow({ ...gateway, services: { ...services, connectionName: 'WANPPPConnection' } }, {}),
    ).toBe(null);
    router.reboot();
    expect(await asDescribedNow(gateway, {})).toBe(null);
  });
});
