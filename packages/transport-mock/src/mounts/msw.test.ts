import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { HttpRequest, HttpResponse } from '@portwright/core';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { args, keyArgs, mappingArgs, readAnswer, soapRequest, text, WANIP2 } from '../gateway.test-support.ts';
import { simulateGateway } from '../simulate-gateway.ts';
import { gatewayHandlers } from './msw.ts';

const server = setupServer();
beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' });
});
afterEach(() => {
  server.resetHandlers();
});
afterAll(() => {
  server.close();
});

type Client = (request: HttpRequest, signal?: AbortSignal) => Promise<HttpResponse>;

const byFetch: Client = async ({ method, url, headers, body }, signal) => {
  const response = await fetch(url, {
    method,
    headers: headers.filter(([name]) => name !== 'HOST').map(([name, value]): [string, string] => [name, value]),
    ...(body.length === 0 ? {} : { body: body.slice().buffer }),
    signal: signal ?? null,
  });
  return {
    status: response.status,
    headers: [...response.headers],
    body: new Uint8Array(await response.arrayBuffer()),
  };
};

const byNodeHttp: Client = async ({ method, url, headers, body }, signal) => {
  const request = http.request(url, { method, headers: headers.flat(), ...(signal === undefined ? {} : { signal }) });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const { rawHeaders } = response;
  return {
    status: response.statusCode ?? 0,
    headers: rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : [])),
    body: Buffer.concat(chunks),
  };
};

function get(url: string, method = 'GET'): HttpRequest {
  return { method, url, headers: [], body: new Uint8Array() };
}

describe.each([
  ['fetch', byFetch],
  ['node:http', byNodeHttp],
])('%s', (_name, client) => {
  test('does the whole job at the gateway’s own address', async () => {
    await using router = simulateGateway();
    server.use(...gatewayHandlers(router));
    const call = async (action: string, argsXml: string): Promise<ReturnType<typeof readAnswer>> =>
      readAnswer(await client(soapRequest(WANIP2, action, argsXml)));

    const description = await client(get('http://192.168.1.1:5000/description.xml'));
    expect(description.status).toBe(200);
    expect(text(description.body)).toContain('<controlURL>/control/WANIPConn1</controlURL>');
    expect(await call('AddPortMapping', mappingArgs({ NewPortMappingDescription: 'Größe' }))).toEqual({});
    expect(router.mappings()).toMatchObject([
      { externalPort: 7777, internalClient: '192.168.1.2', description: 'Größe' },
    ]);
    expect(await call('GetGenericPortMappingEntry', args({ NewPortMappingIndex: 0 }))).toMatchObject({
      NewExternalPort: '7777',
    });
    expect(await call('GetGenericPortMappingEntry', args({ NewPortMappingIndex: 1 }))).toBe(713);
    expect(await call('DeletePortMapping', keyArgs())).toEqual({});
    expect(router.mappings()).toEqual([]);
  });

  test('the request arrives with its method, headers and bytes', async () => {
    await using router = simulateGateway();
    server.use(...gatewayHandlers(router));
    const request = soapRequest(WANIP2, 'GetExternalIPAddress', '');
    await client(request);
    const [exchange] = router.exchanges();
    expect(exchange).toMatchObject({
      kind: 'http',
      from: '192.168.1.2',
      request: { method: 'POST', url: request.url, body: request.body },
    });
    const headers = exchange?.kind === 'http' ? exchange.request.headers : [];
    expect(Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))).toMatchObject({
      'content-type': 'text/xml; charset="utf-8"',
      soapaction: '"urn:schemas-upnp-org:service:WANIPConnection:2#GetExternalIPAddress"',
    });
  });

  test('other methods and other ports of the address are the gateway’s, too', async () => {
    await using router = simulateGateway();
    server.use(...gatewayHandlers(router));
    expect((await client(get(router.descriptionUrl, 'HEAD'))).body).toHaveLength(0);
    expect((await client(get('http://192.168.1.1:5000/event/WANIPConn1', 'SUBSCRIBE'))).status).toBe(412);
    expect((await client(get('http://192.168.1.1:5000/control/WANIPConn1', 'DELETE'))).status).toBe(405);
    await expect(client(get('http://192.168.1.1:5001/description.xml'))).rejects.toThrow();
    const said = vi.spyOn(console, 'error').mockReturnValue();
    await expect(client(get('http://192.168.1.3:5000/control/WANIPConn1'))).rejects.toThrow();
    expect(said).toHaveBeenCalledWith(expect.stringContaining('GET http://192.168.1.3:5000/control/WANIPConn1'));
    said.mockRestore();
    expect(router.exchanges()).toHaveLength(3);
  });

  test('a fault of the connection is a network error, after the request was carried out', async () => {
    await using router = simulateGateway();
    server.use(...gatewayHandlers(router));
    router.inject('reset-after-request', { on: 'AddPortMapping', nth: 1 });
    const add = soapRequest(WANIP2, 'AddPortMapping', mappingArgs());
    await expect(client(add)).rejects.toThrow();
    expect(router.mappings()).toHaveLength(1);
    expect(router.exchanges()).toMatchObject([
      { outcome: { kind: 'failure', code: 'reset' }, faults: ['reset-after-request'] },
    ]);
    expect(readAnswer(await client(add))).toEqual({});
  });

  test.each(['chunked-with-extensions', 'content-length-and-chunked', 'http-1.0-without-length'] as const)(
    'of %s only the document is seen',
    async (fault) => {
      await using router = simulateGateway();
      server.use(...gatewayHandlers(router));
      const { body } = await client(get(router.descriptionUrl));
      router.inject(fault);
      expect(text((await client(get(router.descriptionUrl))).body)).toBe(text(body));
    },
  );

  test('an answer comes after its time on the gateway’s clock', async () => {
    await using router = simulateGateway();
    server.use(...gatewayHandlers(router));
    const withDelay = (delayMs: number): void => {
      router.inject({
        name: 'late',
        row: 12,
        what: 'late',
        remedy: 'none',
        hooks: () => ({ outcome: (context, proceed) => ({ ...proceed(context), delayMs }) }),
      });
    };
    withDelay(30_000);
    expect((await client(get(router.descriptionUrl))).status).toBe(200);
    expect(router.clock.now()).toBe(30_000);
    withDelay(Infinity);
    const giveUp = new AbortController();
    const answer = client(get(router.descriptionUrl), giveUp.signal);
    await expect.poll(() => router.exchanges().length).toBe(2);
    giveUp.abort();
    await expect(answer).rejects.toThrow(/abort/i);
  });

  test('after a reboot it answers on the other port', async () => {
    await using router = simulateGateway();
    server.use(...gatewayHandlers(router));
    router.reboot();
    expect(router.descriptionUrl).toBe('http://192.168.1.1:5001/description.xml');
    expect((await client(get(router.descriptionUrl))).status).toBe(200);
    await expect(client(get('http://192.168.1.1:5000/description.xml'))).rejects.toThrow();
  });

  test('the client may be another one, and come by IPv6', async () => {
    await using router = simulateGateway();
    server.use(...gatewayHandlers(router, { client: { address: '192.168.1.77', address6: 'fd77::77' } }));
    await client(get(router.descriptionUrl));
    await client(get('http://[fd77::1]:5000/description.xml'));
    expect(router.exchanges()).toMatchObject([{ from: '192.168.1.77' }, { from: 'fd77::77' }]);
  });
});

test('headers of an answer keep their spelling and order where the client shows them', async () => {
  await using router = simulateGateway();
  server.use(...gatewayHandlers(router));
  const { headers } = await byNodeHttp(get(router.descriptionUrl));
  expect(headers.map(([name]) => name)).toEqual(['CONTENT-TYPE', 'CONTENT-LENGTH', 'CONNECTION', 'SERVER']);
});

test('several gateways are told apart by their addresses', async () => {
  const routers = ['192.168.1.1', '192.168.1.254'].map((lanAddress) =>
    simulateGateway({ lanAddress, lanAddress6: null, friendlyName: lanAddress }),
  );
  server.use(...routers.flatMap((router) => gatewayHandlers(router)));
  for (const { descriptionUrl, config } of routers) {
    expect(text((await byFetch(get(descriptionUrl))).body)).toContain(
      `<friendlyName>${config.lanAddress}</friendlyName>`,
    );
  }
  expect(routers.map((router) => router.exchanges().length)).toEqual([1, 1]);
  for (const router of routers) await router.close();
});
