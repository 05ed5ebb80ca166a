import { describe, expect, test } from 'vitest';
import { keyArgs, L3F1, mappingArgs, readAnswer, soapRequest, WANCIC1, WANIP2, args } from '../gateway.test-support.ts';
import type { FaultDefinition } from '../faults/fault.ts';
import { header } from '../http/http-reply.ts';
import { type SimulatedGateway, simulateGateway } from '../simulate-gateway.ts';
import { ACCEPTED, CALLBACK, gena, listen, SUBSCRIBE, subscribe } from './events.test-support.ts';

async function call(router: SimulatedGateway, service: string, action: string, argsXml = ''): Promise<void> {
  const request = soapRequest(service, action, argsXml);
  const response = await router.transport.http.request(request, { deadlineMs: 5_000, maxBodyBytes: 10_000 });
  expect(readAnswer(response._unsafeUnwrap())).toBeTypeOf('object');
}

describe('UDA 1.1, 4.1.2: SUBSCRIBE', () => {
  test('is answered with a SID and the time that is granted', async () => {
    await using router = simulateGateway();
    const { status, headers, body } = await gena(router.transport, 'SUBSCRIBE', SUBSCRIBE);
    expect(status).toBe(200);
    expect(body).toHaveLength(0);
    expect(headers).toEqual([
      ['CONTENT-LENGTH', '0'],
      ['CONNECTION', 'close'],
      ['SERVER', 'Linux/6.6 UPnP/1.1 Portwright-simulation/1.0'],
      ['SID', 'uuid:00000000-0001-1000-8000-a1b2c3d4e500'],
      ['TIMEOUT', 'Second-1800'],
    ]);
  });

  test('SIDs differ, also from those before a reboot', async () => {
    await using router = simulateGateway();
    const first = await subscribe(router.transport);
    const second = await subscribe(router.transport, 'L3Forwarding1');
    router.reboot({ httpPort: 5000 });
    const third = await subscribe(router.transport);
    expect([first, second, third]).toEqual([
      'uuid:00000000-0001-1000-8000-a1b2c3d4e500',
      'uuid:00000001-0001-1000-8000-a1b2c3d4e500',
      'uuid:00000000-0002-1000-8000-a1b2c3d4e500',
    ]);
  });

  test.each([
    ['Second-1', 'Second-1800'],
    ['Second-1800', 'Second-1800'],
    ['Second-3600', 'Second-3600'],
    ['Second-604800', 'Second-86400'],
    ['Second-infinite', 'Second-86400'],
    ['what?', 'Second-1800'],
  ])('a TIMEOUT of %s is granted as %s', async (wanted, granted) => {
    await using router = simulateGateway();
    const headers = SUBSCRIBE.map(([name, value]) => [name, name === 'TIMEOUT' ? wanted : value] as const);
    const response = await gena(router.transport, 'SUBSCRIBE', headers);
    expect(header(response.headers, 'timeout')).toBe(granted);
  });

  test('a gateway without room answers 503, until somebody leaves', async () => {
    await using router = simulateGateway({ subscriptionCapacity: 2 });
    const [first] = [await subscribe(router.transport), await subscribe(router.transport)];
    expect(await subscribe(router.transport)).toBe('none: 503');
    expect((await gena(router.transport, 'UNSUBSCRIBE', [['SID', first]])).status).toBe(200);
    expect(await subscribe(router.transport)).toMatch(/^uuid:/);
  });

  test('CVE-2020-12695: nobody subscribes another host', async () => {
    await using router = simulateGateway();
    const heard = listen(router.network, () => ACCEPTED, { address: '192.168.1.3', port: 8058 });
    expect(await subscribe(router.transport, 'WANIPConn1', 'http://192.168.1.3:8058/')).toBe('none: 412');
    await router.clock.advance('1m');
    expect(heard).toEqual([]);
  });
});

describe('UDA 1.1, 4.2: the first event', () => {
  test.each<readonly [string, Readonly<Record<string, string>>]>([
    [
      'WANIPConn1',
      {
        PossibleConnectionTypes: 'IP_Routed,IP_Bridged',
        ConnectionStatus: 'Connected',
        ExternalIPAddress: '5.5.5.1',
        PortMappingNumberOfEntries: '0',
        SystemUpdateID: '0',
      },
    ],
    ['WANCommonIFC1', { PhysicalLinkStatus: 'Up', EnabledForInternet: '1' }],
    ['WANIPv6Firewall1', { FirewallEnabled: '1', InboundPinholeAllowed: '1' }],
    [
      'L3Forwarding1',
      {
        DefaultConnectionService:
          'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e502:WANConnectionDevice:2,urn:upnp-org:serviceId:WANIPConn1',
      },
    ],
  ])('of %s has every evented variable, and SEQ 0', async (service, values) => {
    await using router = simulateGateway();
    const heard = listen(router.network);
    const sid = await subscribe(router.transport, service);
    await router.clock.advance('1s');
    expect(heard).toMatchObject([
      { sid, key: '0', values, from: '192.168.1.1', request: { method: 'NOTIFY', url: CALLBACK } },
    ]);
    expect(Object.keys(heard[0]?.values ?? {})).toEqual(Object.keys(values));
  });

  test('comes after the answer, however long that takes', async () => {
    await using router = simulateGateway();
    const heard = listen(router.network);
    const fault: FaultDefinition = {
      row: 0,
      what: 'a slow answer',
      remedy: 'patience',
      hooks: () => ({ outcome: (request, proceed) => ({ ...proceed(request), delayMs: 700 }) }),
    };
    router.inject({ name: 'slow', ...fault }, { on: 'event' });
    await subscribe(router.transport);
    const answeredAt = router.clock.now();
    expect(heard).toEqual([]);
    await router.clock.advance('1s');
    expect([answeredAt, heard[0]?.at]).toEqual([702, 702]);
  });

  test('of version 1 has no SystemUpdateID; WANPPPConnection tells the same', async () => {
    await using router = simulateGateway({ igdVersion: 1, connectionService: 'ppp' });
    const heard = listen(router.network);
    await subscribe(router.transport, 'WANPPPConn1');
    await router.clock.advance('1s');
    expect(Object.keys(heard[0]?.values ?? {})).toEqual([
      'PossibleConnectionTypes',
      'ConnectionStatus',
      'ExternalIPAddress',
      'PortMappingNumberOfEntries',
    ]);
  });

  test('goes over IPv6 to whom subscribes over IPv6', async () => {
    await using router = simulateGateway();
    const heard = listen(router.network, () => ACCEPTED, { address: 'fd77::2', port: 8058 });
    const request = { method: 'SUBSCRIBE', url: 'http://[fd77::1]:5000/event/WANIPConn1', body: new Uint8Array() };
    const headers = [
      ['CALLBACK', '<http://[fd77::2]:8058/>'],
      ['NT', 'upnp:event'],
    ] as const;
    const options = { deadlineMs: 5_000, maxBodyBytes: 10_000 };
    const response = await router.transport.http.request({ ...request, headers }, options);
    expect(response._unsafeUnwrap().status).toBe(200);
    await router.clock.advance('1s');
    expect(heard).toMatchObject([{ from: 'fd77::1', key: '0' }]);
  });
});

describe('later events', () => {
  /** A gateway, and a subscriber that has had the first event. */
  async function subscribed(service = 'WANIPConn1'): Promise<{
    readonly router: SimulatedGateway;
    readonly sid: string;
    readonly later: () => Promise<readonly unknown[]>;
  }> {
    const router = simulateGateway();
    const heard = listen(router.network);
    const sid = await subscribe(router.transport, service);
    await router.clock.advance('1s');
    return {
      router,
      sid,
      later: async () => {
        await router.clock.advance('1s');
        return heard.slice(1).map(({ key, values }) => [key, values]);
      },
    };
  }

  test('tell only what has changed, each with the next SEQ', async () => {
    const { router, later } = await subscribed();
    router.changeExternalAddress('5.5.5.2');
    router.changeExternalAddress('5.5.5.2');
    router.setWanLink(false);
    router.setWanLink(true);
    expect(await later()).toEqual([
      ['1', { ExternalIPAddress: '5.5.5.2' }],
      ['2', { ConnectionStatus: 'Disconnected', ExternalIPAddress: '' }],
      ['3', { ConnectionStatus: 'Connected', ExternalIPAddress: '5.5.5.2' }],
    ]);
    await router.close();
  });

  test('WANIPConnection:2, 2.4.4: a new mapping is its number and SystemUpdateID at the same time', async () => {
    const { router, later } = await subscribed();
    await call(router, WANIP2, 'AddPortMapping', mappingArgs());
    await call(router, WANIP2, 'AddPortMapping', mappingArgs({ NewPortMappingDescription: 'changed' }));
    await call(router, WANIP2, 'GetStatusInfo');
    await call(router, WANIP2, 'DeletePortMapping', keyArgs());
    expect(await later()).toEqual([
      ['1', { PortMappingNumberOfEntries: '1', SystemUpdateID: '1' }],
      ['2', { SystemUpdateID: '2' }],
      ['3', { PortMappingNumberOfEntries: '0', SystemUpdateID: '3' }],
    ]);
    await router.close();
  });

  test('WANIPConnection:2, 2.4.6: so is the end of a lease, at its time', async () => {
    const { router, later } = await subscribed('WANIPConn1');
    const heard = listen(router.network, () => ACCEPTED, { address: '192.168.1.2', port: 9000 });
    await subscribe(router.transport, 'WANIPConn1', 'http://192.168.1.2:9000/');
    await call(router, WANIP2, 'AddPortMapping', mappingArgs({ NewLeaseDuration: 60 }));
    const addedAt = router.clock.now() - 1;
    await call(router, WANIP2, 'AddPortMapping', mappingArgs({ NewExternalPort: 7778, NewLeaseDuration: 90 }));
    await router.clock.advance('2m');
    expect((await later()).slice(2)).toEqual([
      ['3', { PortMappingNumberOfEntries: '1', SystemUpdateID: '3' }],
      ['4', { PortMappingNumberOfEntries: '0', SystemUpdateID: '4' }],
    ]);
    expect(heard.find(({ key }) => key === '3')?.at).toBe(addedAt + 60_000 + 1);
    await router.close();
  });

  test('a renewed lease ends when it ends now', async () => {
    const { router, later } = await subscribed();
    await call(router, WANIP2, 'AddPortMapping', mappingArgs({ NewLeaseDuration: 100 }));
    await router.clock.advance('50s');
    await call(router, WANIP2, 'AddPortMapping', mappingArgs({ NewLeaseDuration: 100 }));
    await router.clock.advance('98s');
    expect(await later()).toHaveLength(2);
    expect(await later()).toHaveLength(3);
    await router.close();
  });

  test('a connection that ends by the clock is one, too', async () => {
    const { router, later } = await subscribed();
    await call(router, WANIP2, 'SetAutoDisconnectTime', args({ NewAutoDisconnectTime: 600 }));
    await call(router, WANIP2, 'SetWarnDisconnectDelay', args({ NewWarnDisconnectDelay: 120 }));
    await router.clock.advance('10m');
    expect(await later()).toEqual([['1', { ConnectionStatus: 'PendingDisconnect' }]]);
    await router.clock.advance('2m');
    expect((await later()).slice(1)).toEqual([['2', { ConnectionStatus: 'Disconnected', ExternalIPAddress: '' }]]);
    await router.close();
  });

  test('the cable is WANCommonInterfaceConfig’s', async () => {
    const { router, later } = await subscribed('WANCommonIFC1');
    router.setWanLink(false);
    router.changeExternalAddress('5.5.5.9');
    await call(router, WANCIC1, 'SetEnabledForInternet', args({ NewEnabledForInternet: 0 }));
    expect(await later()).toEqual([
      ['1', { PhysicalLinkStatus: 'Down' }],
      ['2', { EnabledForInternet: '0' }],
    ]);
    await router.close();
  });

  test('Layer3Forwarding tells of its default connection', async () => {
    const { router, later } = await subscribed('L3Forwarding1');
    const value = `${router.machine.gateway.defaultConnectionService} `.trim().replace('Device:2', 'Device:1');
    await call(router, L3F1, 'SetDefaultConnectionService', args({ NewDefaultConnectionService: value }));
    expect(await later()).toEqual([['1', { DefaultConnectionService: value }]]);
    await router.close();
  });

  test('every subscriber gets its own, in its own count', async () => {
    await using router = simulateGateway();
    const heard = listen(router.network);
    const first = await subscribe(router.transport);
    router.changeExternalAddress('5.5.5.2');
    const second = await subscribe(router.transport);
    router.changeExternalAddress('5.5.5.3');
    await router.clock.advance('1s');
    const of = (sid: string): readonly unknown[] =>
      heard.filter((event) => event.sid === sid).map(({ key, values }) => [key, values['ExternalIPAddress']]);
    expect(of(first)).toEqual([
      ['0', '5.5.5.1'],
      ['1', '5.5.5.2'],
      ['2', '5.5.5.3'],
    ]);
    expect(of(second)).toEqual([
      ['0', '5.5.5.2'],
      ['1', '5.5.5.3'],
    ]);
  });

  test('are recorded, with what came of them', async () => {
    await using router = simulateGateway();
    await subscribe(router.transport);
    await router.clock.advance('1s');
    listen(router.network);
    router.changeExternalAddress('5.5.5.2');
    await router.clock.advance('1s');
    expect(router.exchanges().filter(({ kind }) => kind === 'event')).toMatchObject([
      { at: 1, from: '192.168.1.1', request: { method: 'NOTIFY', url: CALLBACK }, outcome: null },
      { at: 1_002, from: '192.168.1.1', request: { method: 'NOTIFY' }, outcome: { kind: 'response' } },
    ]);
  });
});

describe('the end of a subscription', () => {
  test('UDA 1.1, 4.1.4: UNSUBSCRIBE; the SID is unknown from then on', async () => {
    await using router = simulateGateway();
    const heard = listen(router.network);
    const sid = await subscribe(router.transport);
    await router.clock.advance('1s');
    expect((await gena(router.transport, 'UNSUBSCRIBE', [['SID', sid]])).status).toBe(200);
    router.changeExternalAddress('5.5.5.2');
    await router.clock.advance('1s');
    expect(heard).toHaveLength(1);
    expect((await gena(router.transport, 'UNSUBSCRIBE', [['SID', sid]])).status).toBe(412);
    expect((await gena(router.transport, 'SUBSCRIBE', [['SID', sid]])).status).toBe(412);
  });

  test('UDA 1.1, 4.1.3: it runs out, unless it is renewed; renewing brings no first event', async () => {
    await using router = simulateGateway();
    const heard = listen(router.network);
    const sid = await subscribe(router.transport);
    await router.clock.advance('29m');
    const renewal = await gena(router.transport, 'SUBSCRIBE', [
      ['SID', sid],
      ['TIMEOUT', 'Second-1800'],
    ]);
    expect(renewal.headers.slice(-2)).toEqual([
      ['SID', sid],
      ['TIMEOUT', 'Second-1800'],
    ]);
    await router.clock.advance('29m');
    router.changeExternalAddress('5.5.5.2');
    await router.clock.advance('1m');
    router.changeExternalAddress('5.5.5.3');
    await router.clock.advance('1m');
    expect(heard.map(({ key }) => key)).toEqual(['0', '1']);
    expect((await gena(router.transport, 'SUBSCRIBE', [['SID', sid]])).status).toBe(412);
  });

  test('a reboot forgets it', async () => {
    await using router = simulateGateway();
    const heard = listen(router.network);
    const sid = await subscribe(router.transport);
    await router.clock.advance('1s');
    router.reboot({ httpPort: 5000 });
    router.changeExternalAddress('5.5.5.2');
    await router.clock.advance('1s');
    expect(heard).toHaveLength(1);
    expect((await gena(router.transport, 'SUBSCRIBE', [['SID', sid]])).status).toBe(412);
    await subscribe(router.transport);
    await router.clock.advance('1s');
    expect(heard.map(({ key, values }) => [key, values['ExternalIPAddress']])).toEqual([
      ['0', '5.5.5.1'],
      ['0', '5.5.5.2'],
    ]);
  });

  test('a SID is of one service only', async () => {
    await using router = simulateGateway();
    const sid = await subscribe(router.transport);
    expect((await gena(router.transport, 'SUBSCRIBE', [['SID', sid]], 'L3Forwarding1')).status).toBe(412);
    expect((await gena(router.transport, 'UNSUBSCRIBE', [['SID', sid]], 'L3Forwarding1')).status).toBe(412);
    expect((await gena(router.transport, 'SUBSCRIBE', [['SID', sid]])).status).toBe(200);
  });

  test('a gateway that closes waits for nothing any more', async () => {
    const router = simulateGateway({ announces: true });
    await subscribe(router.transport);
    await call(router, WANIP2, 'AddPortMapping', mappingArgs());
    await router.clock.advance('1s');
    expect(router.clock.pending).toBe(2);
    await router.close();
    await router.clock.advance('1s');
    expect(router.clock.pending).toBe(0);
  });
});

test('a client that sends garbage gets 4xx, nothing is lost, and the recording shows it', async () => {
  await using router = simulateGateway();
  const heard = listen(router.network);
  const sid = await subscribe(router.transport);
  const garbage = [
    ['SUBSCRIBE', []],
    [
      'SUBSCRIBE',
      [
        ['CALLBACK', CALLBACK],
        ['NT', 'upnp:event'],
      ],
    ],
    [
      'SUBSCRIBE',
      [
        ['CALLBACK', '<\u0000>'],
        ['NT', 'upnp:event'],
      ],
    ],
    [
      'SUBSCRIBE',
      [
        ['CALLBACK', `<${CALLBACK}>`],
        ['NT', 'x'.repeat(10_000)],
      ],
    ],
    [
      'SUBSCRIBE',
      [
        ['SID', sid],
        ['NT', 'upnp:event'],
      ],
    ],
    ['SUBSCRIBE', [['SID', 'uuid:ffffffff-ffff-ffff-ffff-ffffffffffff']]],
    ['SUBSCRIBE', [['SID', `${sid}\u00ff`]]],
    ['UNSUBSCRIBE', [['SID', '../../etc/passwd']]],
    ['UNSUBSCRIBE', [['CALLBACK', `<${CALLBACK}>`]]],
    ['NOTIFY', [['SID', sid]]],
    ['GET', []],
    ['DELETE', [['SID', sid]]],
  ] as const;
  const statuses: number[] = [];
  for (const [method, headers] of garbage) statuses.push((await gena(router.transport, method, headers)).status);
  expect(statuses).toEqual([412, 412, 412, 412, 400, 412, 412, 412, 412, 405, 405, 405]);
  router.changeExternalAddress('5.5.5.2');
  await router.clock.advance('1s');
  expect(heard.map(({ key }) => key)).toEqual(['0', '1']);
  const recorded = router.exchanges().flatMap((exchange) => (exchange.kind === 'http' ? [exchange] : []));
  expect(recorded.slice(1).map(({ request }) => request.method)).toEqual(garbage.map(([method]) => method));
  expect(
    recorded.slice(1).map(({ outcome }) => (outcome.kind === 'response' ? outcome.response.status : null)),
  ).toEqual(statuses);
});

test('RFC 9110, 15.5.6: 405 says which methods there are', async () => {
  await using router = simulateGateway();
  const { headers } = await gena(router.transport, 'GET', []);
  expect(header(headers, 'allow')).toBe('SUBSCRIBE, UNSUBSCRIBE');
});

test('without a subscriber nothing waits, and nothing is sent', async () => {
  await using router = simulateGateway();
  await call(router, WANIP2, 'AddPortMapping', mappingArgs());
  router.changeExternalAddress('5.5.5.2');
  await router.clock.advance(0);
  expect(router.clock.pending).toBe(0);
  expect(router.exchanges().map(({ kind }) => kind)).toEqual(['http']);
});

test('a short lease and a subscriber make no time fly', async () => {
  await using router = simulateGateway();
  listen(router.network);
  await subscribe(router.transport);
  await call(router, WANIP2, 'AddPortMapping', mappingArgs({ NewLeaseDuration: 30 }));
  await router.clock.sleep(1_000);
  expect(router.clock.now()).toBe(1_004);
  expect(router.mappings()).toHaveLength(1);
});
