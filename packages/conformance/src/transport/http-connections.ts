import type { HttpPort } from '@portwright/core';
import { expectThat } from '../shortfall.ts';
import type { ContractCase } from './contract-case.ts';
import { fails, given, same, succeeds, within, withoutZone } from './expectations.ts';
import { binary, GENEROUS, get, ok200, raw, SILENCE, wait } from './messages.ts';
import type { HttpServer } from './peer.ts';

const SIGNAL = "TransportErrorCode: The caller's signal aborted it.";
const OF_ITS_OWN = 'HttpPort.request: One request on a connection of its own';
const CONNECT_FROM = 'HttpOptions.localAddress: The address to connect from';

const arrivedAt = ({ connections }: HttpServer): number => connections.filter(({ request }) => request !== null).length;

/** Connections: when they begin and end, side by side, from where and to where. */
export const HTTP_CONNECTIONS: readonly ContractCase<HttpPort>[] = [
  {
    id: 'http/aborted-before',
    what: 'With an aborted signal, nothing is sent.',
    clause: SIGNAL,
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const options = { ...GENEROUS, signal: AbortSignal.abort() };
      yield* fails('the result', await http.request(get(`${server.origin}/`), options), 'aborted');
      yield* same('connections', 0, server.connections.length);
    },
  },
  {
    id: 'http/aborted-waiting',
    what: 'A signal ends a request that waits for its answer at once.',
    clause: SIGNAL,
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(SILENCE);
      const controller = new AbortController();
      const pending = http.request(get(`${server.origin}/`), { ...GENEROUS, signal: controller.signal });
      yield* await within(bench.clock, 1000, 'a request', server.arrived(1));
      controller.abort();
      const result = yield* await within(bench.clock, 1000, 'the end of the request', pending);
      yield* fails('the result', result, 'aborted');
    },
  },
  {
    id: 'http/aborted-within-body',
    what: 'A signal ends a request in the middle of its answer.',
    clause: SIGNAL,
    needs: ['wire'],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(
        raw('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello', wait(300), ' you'),
      );
      const controller = new AbortController();
      const pending = http.request(get(`${server.origin}/`), { ...GENEROUS, signal: controller.signal });
      yield* await within(bench.clock, 1000, 'a request', server.arrived(1));
      // So that the head is there, and some of the body, but not yet the rest.
      await bench.clock.sleep(50);
      controller.abort();
      const result = yield* await within(bench.clock, 1000, 'the end of the request', pending);
      yield* fails('the result', result, 'aborted');
      const connection = yield* given('a connection', server.connections[0]);
      yield* await within(bench.clock, 2500, 'the end of the connection', connection.gone);
    },
  },
  {
    id: 'http/signal-released',
    what: 'The signal has no more listeners when the request is over.',
    clause: 'AbortSignalLike: removeEventListener',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const listeners = new Set<() => void>();
      const signal = {
        aborted: false,
        addEventListener: (_type: 'abort', listener: () => void) => void listeners.add(listener),
        removeEventListener: (_type: 'abort', listener: () => void) => void listeners.delete(listener),
      };
      yield* succeeds('an answer', await http.request(get(`${server.origin}/`), { ...GENEROUS, signal }));
      yield* same('listeners left', 0, listeners.size);
    },
  },
  {
    id: 'http/connection-each',
    what: 'Each request uses a new connection, even if the server would keep the old one open.',
    clause: OF_ITS_OWN,
    needs: ['wire'],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x', [['Connection', 'keep-alive']]));
      for (const path of ['/1', '/2', '/3']) {
        yield* succeeds('an answer', await http.request(get(server.origin + path), GENEROUS));
      }
      yield* same(
        'the targets, by connection',
        ['/1', '/2', '/3'],
        server.connections.map(({ request }) => request?.target),
      );
    },
  },
  {
    id: 'http/closed-afterwards',
    what: 'The client closes the connection after the answer, even if the server would keep it open.',
    clause: OF_ITS_OWN,
    needs: ['wire'],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x', [['Connection', 'keep-alive']]));
      yield* succeeds('an answer', await http.request(get(`${server.origin}/`), GENEROUS));
      const connection = yield* given('a connection', server.connections[0]);
      yield* await within(bench.clock, 2500, 'the end of the connection', connection.gone);
    },
  },
  {
    id: 'http/parallel',
    what: 'Twenty requests run side by side, and each gets its own answer.',
    clause: OF_ITS_OWN,
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(({ target }) => ok200(target, [], 200));
      const targets = Array.from({ length: 20 }, (_, number) => `/${number}`);
      const pending = targets.map((target) => http.request(get(server.origin + target), GENEROUS));
      yield* succeeds('the first answer', await Promise.race(pending));
      // One after another, a single one would have arrived.
      yield* same('requests that arrived before the first answer', targets.length, arrivedAt(server));
      const results = await Promise.all(pending);
      const bodies = results.map((result) => (result.isOk() ? binary(result.value.body) : result.error.code));
      yield* same('the answers', targets, bodies);
    },
  },
  {
    id: 'http/local-address-told',
    what: 'An answer has the local address of its connection.',
    clause: 'HttpResponse.localAddress: The address from which this connection left, where the adapter can know it.',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const response = yield* succeeds('an answer', await http.request(get(`${server.origin}/`), GENEROUS));
      const from = server.connections[0]?.request?.from;
      yield* same('the local address', from, response.localAddress);
    },
  },
  {
    id: 'http/local-address-used',
    what: 'A connection leaves from the requested address.',
    clause: CONNECT_FROM,
    needs: ['second-address'],
    check: async function* (http, bench) {
      const second = yield* given('a second address', bench.peer.http.secondAddress);
      const server = yield* await bench.serve(ok200('x'), second.family);
      const options = { ...GENEROUS, localAddress: second.address };
      yield* succeeds('an answer', await http.request(get(`${server.origin}/`), options));
      yield* same('where it came from', withoutZone(second.address), server.connections[0]?.request?.from);
    },
  },
  {
    id: 'http/local-address-unknown',
    what: 'A local address that this host does not have is an error, and nothing is sent.',
    clause: "TransportErrorCode: 'no-such-interface'",
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const options = { ...GENEROUS, localAddress: bench.peer.http.foreignAddress };
      yield* fails('the result', await http.request(get(`${server.origin}/`), options), 'no-such-interface');
      yield* same('connections', 0, server.connections.length);
    },
  },
  {
    id: 'http/ipv6',
    what: 'A URL may have an IPv6 literal as its host.',
    clause: 'HttpRequest.url: the host is an IP literal',
    needs: ['ipv6'],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'), 'ipv6');
      yield* succeeds('an answer', await http.request(get(`${server.origin}/six`), GENEROUS));
      const request = server.connections[0]?.request;
      yield* same('the target', '/six', request?.target);
      yield* expectThat(
        request?.from.includes(':') === true,
        'a connection over IPv6',
        `a connection from ${request?.from ?? ''}`,
      );
    },
  },
];
