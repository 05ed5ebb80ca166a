import type { EventsPort, EventListener, HttpRequest } from '@portwright/core';
import type { Result } from '@portwright/core/result';
import { expectThat, type Shortfall } from '../shortfall.ts';
import type { Bench } from './bench.ts';
import type { ContractCase } from './contract-case.ts';
import { fails, given, same, succeeds, within } from './expectations.ts';
import { bytes, post } from './messages.ts';

const HANDLE = "EventsPort.listen: `handle` gets every request to the URL, with the sender's";
const ELSEWHERE = 'EventsPort.listen: requests elsewhere are answered with 404, large ones cut off.';

interface Heard {
  readonly request: HttpRequest;
  readonly from: string;
}

async function listen(
  events: EventsPort,
  bench: Bench,
  heard: Heard[] = [],
  status = 200,
): Promise<Result<EventListener, Shortfall>> {
  const listening = await events.listen(bench.peer.datagram.clientAddress('ipv4'), (request, from) => {
    heard.push({ request, from });
    return status;
  });
  return succeeds('a listener', listening).map((listener) => {
    bench.closeLater(listener);
    return listener;
  });
}

function notify(url: string, body = 'hello'): HttpRequest {
  return {
    ...post(url, bytes(body), [
      ['NT', 'upnp:event'],
      ['SID', 'uuid:1'],
    ]),
    method: 'NOTIFY',
  };
}

async function sent(bench: Bench, request: HttpRequest): Promise<Result<number | null, Shortfall>> {
  return within(bench.clock, 2000, 'an answer, or the end of the connection', bench.peer.http.send(request));
}

/** Where devices send their events. */
export const EVENTS: readonly ContractCase<EventsPort>[] = [
  {
    id: 'events/url',
    what: 'The callback URL has the requested address.',
    clause: 'EventListener.url: The callback URL, on the address that was asked for',
    needs: [],
    check: async function* (events, bench) {
      const { url } = yield* await listen(events, bench);
      const wanted = `http://${bench.peer.datagram.clientAddress('ipv4')}:`;
      yield* expectThat(url.startsWith(wanted), `${wanted}...`, url);
    },
  },
  {
    id: 'events/unguessable',
    what: 'The path is long, and different for each listener.',
    clause: 'EventListener.url: with a path that nobody can guess.',
    needs: [],
    check: async function* (events, bench) {
      const listeners = [yield* await listen(events, bench), yield* await listen(events, bench)];
      const paths = listeners.map(({ url }) => url.replace(/^http:\/\/[^/]*/, ''));
      yield* expectThat(
        paths.every((path) => path.length > 16),
        'paths of more than 16 characters',
        paths.join(', '),
      );
      yield* expectThat(paths[0] !== paths[1], 'two paths', `twice ${paths[0] ?? ''}`);
    },
  },
  {
    id: 'events/request',
    what: 'The handler gets the method, headers and body of a request.',
    clause: HANDLE,
    needs: ['callback'],
    check: async function* (events, bench) {
      const heard: Heard[] = [];
      const { url } = yield* await listen(events, bench, heard);
      yield* await sent(bench, notify(url));
      const { request } = yield* given('a request', heard[0]);
      yield* same('method and body', ['NOTIFY', bytes('hello')], [request.method, request.body]);
      const sid = request.headers.find(([name]) => name.toLowerCase() === 'sid');
      yield* same('the SID', 'uuid:1', sid?.[1]);
    },
  },
  {
    id: 'events/sender',
    what: "The handler gets the sender's address of a request.",
    clause: HANDLE,
    needs: ['callback'],
    check: async function* (events, bench) {
      const heard: Heard[] = [];
      const { url } = yield* await listen(events, bench, heard);
      yield* await sent(bench, notify(url));
      const peer = yield* await bench.peer.datagram.open('ipv4').mapErr(({ message }) => ({
        kind: 'inconclusive' as const,
        expected: 'the address of the peer',
        actual: message,
      }));
      bench.closeLater(peer);
      yield* same('the sender', peer.endpoint.address, heard[0]?.from);
    },
  },
  {
    id: 'events/status',
    what: 'The listener answers with the status from the handler.',
    clause: 'EventsPort.listen: and gives the status to answer with',
    needs: ['callback'],
    check: async function* (events, bench) {
      const { url } = yield* await listen(events, bench, [], 412);
      yield* same('the status', 412, yield* await sent(bench, notify(url)));
    },
  },
  {
    id: 'events/elsewhere',
    what: 'The listener answers a request to another path with 404, without the handler.',
    clause: ELSEWHERE,
    needs: ['callback'],
    check: async function* (events, bench) {
      const heard: Heard[] = [];
      const { url } = yield* await listen(events, bench, heard);
      const elsewhere = `${/^http:\/\/[^/]*/.exec(url)?.[0] ?? ''}/elsewhere`;
      yield* same('the status', 404, yield* await sent(bench, notify(elsewhere)));
      yield* same('requests that reached the handler', 0, heard.length);
    },
  },
  {
    id: 'events/large',
    what: 'The handler does not get a body of 2 MiB.',
    clause: ELSEWHERE,
    needs: ['callback'],
    check: async function* (events, bench) {
      const heard: Heard[] = [];
      const { url } = yield* await listen(events, bench, heard);
      yield* await sent(bench, notify(url, 'x'.repeat(2_097_152)));
      yield* same('requests that reached the handler', 0, heard.length);
    },
  },
  {
    id: 'events/unknown-address',
    what: 'An address that this host does not have is an error.',
    clause: "TransportErrorCode: 'no-such-interface'",
    needs: [],
    check: async function* (events, bench) {
      const listening = await events.listen(bench.peer.http.foreignAddress, () => 200);
      if (listening.isOk()) bench.closeLater(listening.value);
      yield* fails('listening', listening, 'no-such-interface');
    },
  },
  {
    id: 'events/close',
    what: 'A listener may be closed repeatedly; after that, the handler gets no requests.',
    clause: 'EventListener.close: Frees the port. May be called again.',
    needs: ['callback'],
    check: async function* (events, bench) {
      const heard: Heard[] = [];
      const listener = yield* await listen(events, bench, heard);
      yield* await within(bench.clock, 1000, 'the end', listener.close());
      yield* await within(bench.clock, 1000, 'the end once more', listener.close());
      yield* same('the answer', null, yield* await sent(bench, notify(listener.url)));
      yield* same('requests that reached the handler', 0, heard.length);
    },
  },
];
