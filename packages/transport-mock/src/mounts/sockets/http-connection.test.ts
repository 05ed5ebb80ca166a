import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { mappingArgs, soapRequest, text, WANIP2 } from '../../gateway.test-support.ts';
import {
  exchangeRaw,
  GET_DESCRIPTION,
  heldClock,
  rawClient,
  serveGateway,
  singleBytes,
  statusOf,
} from '../sockets.test-support.ts';

const AS_CLIENT = { NewInternalClient: '127.0.0.1' };

/** A control request on the wire, with other framing than a length where that is given. */
function post(framing: string, body: string): string {
  return (
    'POST /control/WANIPConn1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n' +
    `SOAPAction: "${WANIP2}#AddPortMapping"\r\n${framing}\r\n\r\n${body}`
  );
}

const ADD = text(soapRequest(WANIP2, 'AddPortMapping', mappingArgs(AS_CLIENT)).body);

test('an answer is the bytes of its status line, headers and body, and then the connection ends', async () => {
  const { router, mount } = await serveGateway();
  const { text: answer, end } = await exchangeRaw(mount, GET_DESCRIPTION);
  const length = /CONTENT-LENGTH: (\d+)\r\n/.exec(answer)?.[1] ?? '';
  expect(answer.split('<?xml')[0]).toBe(
    'HTTP/1.1 200 OK\r\nCONTENT-TYPE: text/xml; charset="utf-8"\r\n' +
      `CONTENT-LENGTH: ${length}\r\nCONNECTION: close\r\nSERVER: Linux/6.6 UPnP/1.1 Portwright-simulation/1.0\r\n\r\n`,
  );
  expect(answer.split('\r\n\r\n')[1]?.length).toBe(Number(length));
  expect(end).toBe('closed');
  expect(router.exchanges()).toMatchObject([
    { kind: 'http', from: '127.0.0.1', request: { method: 'GET', url: 'http://127.0.0.1/description.xml' } },
  ]);
});

test('HEAD gets the headers alone, whatever the status', async () => {
  const { mount } = await serveGateway();
  const found = await exchangeRaw(mount, 'HEAD /description.xml HTTP/1.1\r\n\r\n');
  expect(found.text).toMatch(/^HTTP\/1\.1 200 OK\r\n(.+\r\n)+\r\n$/);
  const missing = await exchangeRaw(mount, 'HEAD /nothing HTTP/1.1\r\n\r\n');
  expect(missing.text).toMatch(/^HTTP\/1\.1 404 Not Found\r\n(.+\r\n)+\r\n$/);
});

test.each([
  ['its length', post(`Content-Length: ${ADD.length}`, ADD)],
  [
    'chunks with extensions and trailers',
    post('Transfer-Encoding: chunked', `${ADD.length.toString(16)};x=1\r\n${ADD}\r\n0\r\nA: b\r\n\r\n`),
  ],
  ['HTTP/1.0', post(`Content-Length: ${ADD.length}`, ADD).replace('HTTP/1.1', 'HTTP/1.0')],
  ['bare line feeds and odd case', post(`cOnTeNt-LeNgTh: ${ADD.length}`, '').replaceAll('\r', '') + ADD],
  ['a folded SOAPACTION', post(`Content-Length: ${ADD.length}`, ADD).replace('SOAPAction: ', 'SOAPAction:\r\n\t')],
])('a request by %s is carried out, in one piece and byte by byte', async (_name, request) => {
  const { router, mount } = await serveGateway();
  expect(statusOf(await exchangeRaw(mount, request))).toBe(200);
  expect(statusOf(await exchangeRaw(mount, ...singleBytes(request)))).toBe(200);
  expect(router.mappings()).toMatchObject([{ externalPort: 7777, internalClient: '127.0.0.1' }]);
  expect(router.exchanges()).toHaveLength(2);
});

test('a client that waits for 100 Continue gets it, and then the answer', async () => {
  const { router, mount } = await serveGateway();
  const url = `http://127.0.0.1:${mount.httpPort}/control/WANIPConn1`;
  const request = httpRequest(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'text/xml',
      SOAPACTION: `"${WANIP2}#AddPortMapping"`,
      Expect: '100-continue',
      'Content-Length': ADD.length,
    },
  });
  request.flushHeaders();
  await once(request, 'continue');
  request.end(ADD);
  const [response] = (await once(request, 'response')) as [{ readonly statusCode: number; resume(): void }];
  response.resume();
  expect(response.statusCode).toBe(200);
  expect(router.mappings()).toHaveLength(1);
});

test('the answer to an absolute target, and to one without a host', async () => {
  const { router, mount } = await serveGateway();
  await exchangeRaw(mount, 'GET http://192.168.1.1:5000/description.xml HTTP/1.1\r\n\r\n');
  await exchangeRaw(mount, 'GET /description.xml HTTP/1.0\r\n\r\n');
  await exchangeRaw(mount, 'OPTIONS * HTTP/1.1\r\nHost: gateway:80\r\n\r\n');
  const urls = router.exchanges().map((exchange) => (exchange.kind === 'http' ? exchange.request.url : ''));
  expect(urls).toEqual([
    'http://192.168.1.1:5000/description.xml',
    `http://127.0.0.1:${mount.httpPort}/description.xml`,
    'http://gateway:80/*',
  ]);
});

test.each([
  ['garbage', '\0\xff\xfe garbage\r\n\r\n', 400],
  ['a request that ends too early', 'GET / HT', 400],
  ['a target that is none', 'GET description.xml HTTP/1.1\r\n\r\n', 400],
  ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
  ['too large a body', post('Content-Length: 65537', ''), 413],
  ['headers without end', `GET / HTTP/1.1\r\n${'A: b\r\n'.repeat(3_000)}`, 431],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
])('%s is refused and recorded, and the connection closed', async (_name, sent, status) => {
  const { router, mount } = await serveGateway();
  const { socket, answer } = await rawClient(mount, sent);
  if (status === 400) socket.end();
  const { text: refusal, end } = await answer;
  expect(statusOf({ text: refusal })).toBe(status);
  expect(refusal).toContain('\r\nCONNECTION: close\r\n');
  expect(end).toBe('closed');
  expect(statusOf(await exchangeRaw(mount, GET_DESCRIPTION))).toBe(200);
  const [recorded] = router.exchanges();
  expect(recorded).toMatchObject({ kind: 'garbage', from: '127.0.0.1', response: { status } });
  const bytes = recorded?.kind === 'garbage' ? recorded.received : new Uint8Array();
  expect(bytes.length).toBeGreaterThan(0);
  expect(bytes).toEqual(new Uint8Array(Buffer.from(sent, 'latin1').subarray(0, bytes.length)));
});

test('a request that does not come to its end in time is refused with 408, however busily it is sent', async () => {
  const { mount } = await serveGateway({}, { requestDeadlineMs: 50 });
  const silent = await rawClient(mount);
  const slow = await rawClient(mount, 'GET /description.xml HTTP/1.1\r\n');
  const timer = setInterval(() => slow.socket.write('A: b\r\n'), 5);
  expect(statusOf(await silent.answer)).toBe(408);
  expect(statusOf(await slow.answer)).toBe(408);
  clearInterval(timer);
});

test('a connection on which nothing is sent ends without a word when the client ends it', async () => {
  const { mount } = await serveGateway();
  const { socket, answer } = await rawClient(mount);
  socket.end();
  expect(await answer).toEqual({ text: '', end: 'closed' });
});

test('a second request on the same connection is dropped, and the answer to the first arrives whole', async () => {
  const { router, mount } = await serveGateway();
  const { text: answers, end } = await exchangeRaw(mount, GET_DESCRIPTION + GET_DESCRIPTION, GET_DESCRIPTION);
  expect(answers.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  expect(answers.trimEnd().endsWith('</root>')).toBe(true);
  expect(end).toBe('closed');
  expect(router.exchanges()).toHaveLength(1);
});

test('a client that has closed its half still gets the answer', async () => {
  const { mount } = await serveGateway();
  const { socket, answer } = await rawClient(mount);
  socket.end(GET_DESCRIPTION);
  expect(statusOf(await answer)).toBe(200);
});

test('connections beyond 16 from one address and 64 in all are not taken', async () => {
  const { mount } = await serveGateway();
  const connectFrom = (localAddress: string) => rawClient({ ...mount, localAddress }, 'GET ');
  const first = await Promise.all(Array.from({ length: 16 }, () => connectFrom('127.0.41.1')));
  expect(await (await connectFrom('127.0.41.1')).answer).toMatchObject({ text: '' });
  const others = await Promise.all(
    ['127.0.41.2', '127.0.41.3', '127.0.41.4'].flatMap((address) =>
      Array.from({ length: 16 }, () => connectFrom(address)),
    ),
  );
  expect(await (await connectFrom('127.0.41.5')).answer).toMatchObject({ text: '' });
  const clients = [...first, ...others];
  for (const { socket } of clients) socket.write('/nothing HTTP/1.1\r\n\r\n');
  const answers = await Promise.all(clients.map(({ answer }) => answer));
  expect(answers.map(statusOf)).toEqual(new Array(64).fill(404));
  // As soon as the server has seen one of them go.
  await expect.poll(async () => statusOf(await exchangeRaw(mount, GET_DESCRIPTION))).toBe(200);
});

test('a client that does not read its answer is not waited for', async () => {
  const { router, mount } = await serveGateway({}, { requestDeadlineMs: 50 });
  // More than the buffers of both systems take.
  const body = new Uint8Array(32 * 1024 * 1024);
  router.inject({
    name: 'a large answer',
    row: 12,
    what: 'an answer of 32 MiB',
    remedy: 'none',
    hooks: () => ({
      outcome: () => ({ kind: 'response', response: { status: 200, headers: [], body }, delayMs: 0 }),
    }),
  });
  const { socket, answer } = await rawClient(mount);
  socket.pause();
  socket.write(GET_DESCRIPTION);
  await expect.poll(() => router.exchanges().length).toBe(1);
  // The server's timer, of the same process, was set first and is shorter.
  await new Promise((resolve) => setTimeout(resolve, 500));
  socket.resume();
  expect((await answer).text.length).toBeLessThan(body.length);
});

test('an answer waits for its time on the gateway’s clock', async () => {
  const clock = heldClock();
  const { router, mount } = await serveGateway({ clock });
  router.inject({
    name: 'late',
    row: 12,
    what: 'an answer comes after two seconds',
    remedy: 'waits for it',
    hooks: () => ({ outcome: (context, proceed) => ({ ...proceed(context), delayMs: 2_000 }) }),
  });
  const { answer } = await rawClient(mount, GET_DESCRIPTION);
  await expect.poll(() => clock.slept).toEqual([2_000]);
  clock.wake();
  expect(statusOf(await answer)).toBe(200);
});
