import type { ClockPort, HttpOptions, Transport } from '@portwright/core';
import { describe, expect, test } from 'vitest';
import { keyArgs, mappingArgs, readAnswer, soapRequest, text, WANIP2 } from './gateway.test-support.ts';
import { simulateGateway } from './simulate-gateway.ts';

const OPTIONS: HttpOptions = { deadlineMs: 5_000, maxBodyBytes: 100_000 };

async function call(transport: Transport, action: string, args: string): Promise<ReturnType<typeof readAnswer>> {
  const response = await transport.http.request(soapRequest(WANIP2, action, args), OPTIONS);
  return readAnswer(response._unsafeUnwrap());
}

test('a mapping, from the request to the end of its lease', async () => {
  await using router = simulateGateway();
  expect(await call(router.transport, 'AddPortMapping', mappingArgs({ NewProtocol: 'UDP' }))).toEqual({});
  expect(router.mappings()).toEqual([
    {
      remoteHost: '',
      externalPort: 7777,
      protocol: 'UDP',
      internalPort: 7777,
      internalClient: '192.168.1.2',
      isEnabled: true,
      description: 'a test',
      leaseSecondsLeft: 3600,
    },
  ]);
  await router.clock.advance('59m');
  expect(router.mappings()).toMatchObject([{ leaseSecondsLeft: 60 }]);
  await router.clock.advance('1m');
  expect(router.mappings()).toEqual([]);
  expect(await call(router.transport, 'GetSpecificPortMappingEntry', keyArgs(7777, 'UDP'))).toBe(714);
});

test('the internal client is the machine that asks', async () => {
  await using router = simulateGateway({ client: { address: '192.168.1.77' } });
  expect(await call(router.transport, 'AddPortMapping', mappingArgs())).toBe(606);
  expect(await call(router.transport, 'AddPortMapping', mappingArgs({ NewInternalClient: '192.168.1.77' }))).toEqual(
    {},
  );
});

describe('the recording', () => {
  test('holds requests and answers as they were', async () => {
    await using router = simulateGateway();
    const request = soapRequest(WANIP2, 'GetExternalIPAddress', '');
    const { body, status } = (await router.transport.http.request(request, OPTIONS))._unsafeUnwrap();
    const [exchange, ...others] = router.exchanges();
    expect(others).toEqual([]);
    expect(exchange).toMatchObject({
      kind: 'http',
      at: 1,
      from: '192.168.1.2',
      request,
      outcome: { kind: 'response', response: { status, body } },
      faults: [],
    });
  });

  test('shows what was wrong, and the gateway goes on', async () => {
    await using router = simulateGateway();
    const { body, ...request } = soapRequest(WANIP2, 'GetExternalIPAddress', '');
    const refused = await router.transport.http.request({ ...request, body: body.slice(0, 100) }, OPTIONS);
    expect(refused._unsafeUnwrap().status).toBe(400);
    expect(await call(router.transport, 'GetExternalIPAddress', '')).toEqual({ NewExternalIPAddress: '5.5.5.1' });
    const statuses = router
      .exchanges()
      .map((exchange) =>
        exchange.kind === 'http' && exchange.outcome.kind === 'response' ? exchange.outcome.response.status : null,
      );
    expect(statuses).toEqual([400, 200]);
  });

  test('keeps the latest, as many as it may', async () => {
    await using router = simulateGateway({ recordedExchanges: 3 });
    for (let count = 0; count < 20; count += 1) await call(router.transport, 'GetStatusInfo', '');
    expect(router.exchanges().map(({ at }) => at)).toEqual([35, 37, 39]);
    await using forgetful = simulateGateway({ recordedExchanges: 0 });
    await call(forgetful.transport, 'GetStatusInfo', '');
    expect(forgetful.exchanges()).toEqual([]);
  });
});

test('the WAN link goes down and up', async () => {
  await using router = simulateGateway();
  router.setWanLink(false);
  expect(await call(router.transport, 'GetExternalIPAddress', '')).toEqual({ NewExternalIPAddress: '' });
  router.setWanLink(true);
  expect(await call(router.transport, 'GetExternalIPAddress', '')).toEqual({ NewExternalIPAddress: '5.5.5.1' });
});

test('closing says byebye, takes it off the network, and may be repeated', async () => {
  const router = simulateGateway();
  const { transport, clock } = router;
  const options = { family: 'ipv4', localPort: 1900, memberships: ['239.255.255.250'] } as const;
  const socket = (await transport.datagram.open(options))._unsafeUnwrap();
  await router.close();
  await router[Symbol.asyncDispose]();
  await clock.advance('1s');
  await socket.close();
  const heard: string[] = [];
  for await (const { payload } of socket.datagrams) heard.push(text(payload));
  expect(heard).toHaveLength(11);
  expect(heard.every((message) => message.includes('NTS: ssdp:byebye\r\n'))).toBe(true);
  const request = { method: 'GET', url: router.descriptionUrl, headers: [], body: new Uint8Array() };
  expect((await transport.http.request(request, OPTIONS))._unsafeUnwrapErr().code).toBe('unreachable');
  expect((await transport.interfaces.defaultRouters?.())?._unsafeUnwrap()).toEqual([]);
});

test('runs on a real clock as well', async () => {
  const started = performance.now();
  const clock: ClockPort = {
    now: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
  await using router = simulateGateway({ clock, latencyMs: 5 });
  expect(router.clock).toBe(clock);
  expect(await call(router.transport, 'AddPortMapping', mappingArgs({ NewLeaseDuration: 1 }))).toEqual({});
  expect(performance.now() - started).toBeGreaterThan(8);
  await clock.sleep(1_050);
  expect(router.mappings()).toEqual([]);
});

test('thirty gateways keep three hundred mappings alive for a day', async () => {
  const network = simulateGateway({ latencyMs: 2 }).network;
  const routers = Array.from({ length: 30 }, (_, index) =>
    simulateGateway({
      network,
      lanAddress: `192.168.1.${index + 100}`,
      lanAddress6: null,
      recordedExchanges: 0,
    }),
  );
  const answers = new Map<unknown, number>();
  const keep = async (url: string, port: number): Promise<never> => {
    const request = { ...soapRequest(WANIP2, 'AddPortMapping', mappingArgs({ NewExternalPort: port })), url };
    for (;;) {
      const response = (await network.transport().http.request(request, OPTIONS))._unsafeUnwrap();
      answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
      await network.clock.sleep(1_800_000);
    }
  };
  for (const { config } of routers) {
    for (let port = 5000; port < 5010; port += 1)
      void keep(`http://${config.lanAddress}:5000/control/WANIPConn1`, port);
  }
  await network.clock.advance('24h');
  expect([...answers]).toEqual([[200, 14_400]]);
  expect(routers.map((router) => router.mappings().length)).toEqual(routers.map(() => 10));
});
