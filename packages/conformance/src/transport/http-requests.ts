import type { Headers, HttpPort } from '@portwright/core';
import { expectThat } from '../shortfall.ts';
import type { ContractCase } from './contract-case.ts';
import { given, same, succeeds, within } from './expectations.ts';
import { binary, everyByte, GENEROUS, get, ok200, post } from './messages.ts';
import type { HttpServer, PeerRequest } from './peer.ts';

const SOAP_HEADERS: Headers = [
  ['SOAPAction', '"urn:schemas-upnp-org:service:WANIPConnection:1#AddPortMapping"'],
  ['CALLBACK', '<http://192.0.2.2:4004/>'],
  ['x-lower', 'Mixed Case, kept'],
];

const names = (headers: Headers): readonly string[] => headers.map(([name]) => name);
const lower = (headers: Headers): readonly string[] => names(headers).map((name) => name.toLowerCase());
const arrivedAt = (server: HttpServer): PeerRequest | null => server.connections[0]?.request ?? null;

/** What leaves: the request, and nothing but the request. */
export const HTTP_REQUESTS: readonly ContractCase<HttpPort>[] = [
  {
    id: 'http/method',
    what: 'The method is sent unchanged, also a rare one.',
    clause: 'HttpRequest: complete: an adapter adds nothing to it but the bytes of the request line',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const request = { ...get(`${server.origin}/evt`), method: 'SUBSCRIBE' };
      yield* succeeds('an answer', await http.request(request, GENEROUS));
      yield* same('the method', 'SUBSCRIBE', arrivedAt(server)?.method);
    },
  },
  {
    id: 'http/target',
    what: 'Path and query are sent byte for byte: nothing is normalised, decoded or encoded.',
    clause: 'HttpRequest: complete: an adapter adds nothing to it but the bytes of the request line',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const target = "/A//b/./../c%20d%2f%7E;x='y'?e=f&g=%41|";
      yield* succeeds('an answer', await http.request(get(server.origin + target), GENEROUS));
      yield* same('the target', target, arrivedAt(server)?.target);
    },
  },
  {
    id: 'http/header-spelling',
    what: 'Header names are sent with their spelling.',
    clause: 'HttpRequest.headers: Sent as they are spelled and in this order',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const request = get(`${server.origin}/`, SOAP_HEADERS);
      yield* succeeds('an answer', await http.request(request, GENEROUS));
      const { headers } = yield* given('a request', arrivedAt(server));
      const wanted = names(request.headers);
      const spelled = names(headers).filter((name) => wanted.some((one) => one.toLowerCase() === name.toLowerCase()));
      yield* same('the names', wanted.toSorted(), spelled.toSorted());
    },
  },
  {
    id: 'http/header-order',
    what: 'Headers are sent in the order given.',
    clause: 'HttpRequest.headers: Sent as they are spelled and in this order',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const request = get(`${server.origin}/`, SOAP_HEADERS);
      yield* succeeds('an answer', await http.request(request, GENEROUS));
      const { headers } = yield* given('a request', arrivedAt(server));
      const wanted = lower(request.headers);
      const order = lower(headers).filter((name) => wanted.includes(name));
      yield* same('the order', wanted, order);
    },
  },
  {
    id: 'http/header-values',
    what: 'Header values are sent unchanged.',
    clause: 'HttpRequest.headers: Sent as they are spelled and in this order',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      yield* succeeds('an answer', await http.request(get(`${server.origin}/`, SOAP_HEADERS), GENEROUS));
      const { headers } = yield* given('a request', arrivedAt(server));
      const wanted = SOAP_HEADERS.map(([name]) => name.toLowerCase());
      const got = headers.filter(([name]) => wanted.includes(name.toLowerCase())).map(([, value]) => value);
      yield* same('the values', SOAP_HEADERS.map(([, value]) => value).toSorted(), got.toSorted());
    },
  },
  {
    id: 'http/header-twice',
    what: 'A header that is given twice is sent twice.',
    clause: 'HttpRequest.headers: but for fields of the same name, which may be sent together',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const twice: Headers = [
        ['X-Twice', '1'],
        ['X-Twice', '2'],
      ];
      yield* succeeds('an answer', await http.request(get(`${server.origin}/`, twice), GENEROUS));
      const { headers } = yield* given('a request', arrivedAt(server));
      const values = headers
        .filter(([name]) => name.toLowerCase() === 'x-twice')
        .flatMap(([, value]) => value.split(/, */));
      yield* same('the values of X-Twice', ['1', '2'], values);
    },
  },
  {
    id: 'http/nothing-added',
    what: 'No other header is sent.',
    clause: 'HttpRequest: complete: an adapter adds nothing to it but the bytes of the request line',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const body = everyByte();
      const requests = [get(`${server.origin}/`), post(`${server.origin}/`, body)];
      for (const [index, request] of requests.entries()) {
        yield* succeeds('an answer', await http.request(request, GENEROUS));
        const { headers } = yield* given('a request', server.connections[index]?.request);
        const wanted = lower(request.headers);
        yield* same(
          'what was added',
          [],
          lower(headers).filter((name) => !wanted.includes(name)),
        );
      }
    },
  },
  {
    id: 'http/request-body',
    what: 'A body of any bytes is sent unchanged.',
    clause: 'HttpRequest: complete: an adapter adds nothing to it but the bytes of the request line',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const body = everyByte();
      yield* succeeds('an answer', await http.request(post(`${server.origin}/`, body), GENEROUS));
      yield* same('the body', body, arrivedAt(server)?.body);
    },
  },
  {
    id: 'http/large-request-body',
    what: 'A body of 200,000 bytes arrives whole.',
    clause: 'HttpRequest: complete: an adapter adds nothing to it but the bytes of the request line',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const body = new Uint8Array(200_000).fill(97);
      yield* succeeds('an answer', await http.request(post(`${server.origin}/`, body), GENEROUS));
      yield* same('the length', 200_000, arrivedAt(server)?.body.length);
    },
  },
  {
    id: 'http/nothing-after',
    what: 'No byte follows a request: a GET ends with its head, a POST with its body.',
    clause: 'HttpRequest: complete: an adapter adds nothing to it but the bytes of the request line',
    needs: ['wire'],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const requests = [get(`${server.origin}/`), post(`${server.origin}/`, everyByte())];
      for (const [index, request] of requests.entries()) {
        yield* succeeds('an answer', await http.request(request, GENEROUS));
        const connection = yield* given('a connection', server.connections[index]);
        yield* await within(bench.clock, 2500, 'the end of the connection', connection.gone);
        const whole = binary(connection.received() ?? new Uint8Array());
        yield* same('bytes after the head', request.body.length, bytesAfterHead(whole));
      }
    },
  },
  {
    id: 'http/request-line',
    what: 'The request line is method, target and HTTP/1.1 with one space between, and lines end with CRLF.',
    clause: 'HttpRequest: complete: an adapter adds nothing to it but the bytes of the request line',
    needs: ['wire'],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      yield* succeeds('an answer', await http.request(get(`${server.origin}/a?b`), GENEROUS));
      const text = binary(server.connections[0]?.received() ?? new Uint8Array());
      yield* same('the request line', 'GET /a?b HTTP/1.1\r', text.split('\n')[0]);
      const bare = text
        .split('\n')
        .slice(0, -1)
        .filter((line) => !line.endsWith('\r'));
      yield* same('lines without CR', [], bare);
    },
  },
  {
    id: 'http/open-until-answered',
    what: 'The client does not close its side before the answer is complete.',
    clause: 'HttpRequest: complete: an adapter adds nothing to it but the bytes of the request line',
    needs: ['wire'],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x', [], 60));
      yield* succeeds('an answer', await http.request(get(`${server.origin}/`), GENEROUS));
      const early = server.connections[0]?.halfClosedEarly() ?? false;
      yield* expectThat(!early, 'an open connection until the answer', 'the client closed its side before');
    },
  },
];

function bytesAfterHead(message: string): number {
  const at = message.indexOf('\r\n\r\n');
  return at < 0 ? message.length : message.length - at - 4;
}
