import type { HttpOptions, HttpPort, TransportErrorCode } from '@portwright/core';
import type { ContractCase } from './contract-case.ts';
import { atLeast, fails, given, same, succeeds, within } from './expectations.ts';
import { END, GENEROUS, get, ok200, raw, RESET, SILENCE, wait, write } from './messages.ts';
import type { Ability, Answer, WireStep } from './peer.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const CAP = 1000;

/** A case that is one answer, and the error that it has to come to. */
export function failure(
  id: ContractCase<HttpPort>['id'],
  what: string,
  clause: string,
  answer: Answer,
  code: TransportErrorCode,
  options: Partial<HttpOptions> = {},
): ContractCase<HttpPort> {
  const needs: readonly Ability[] = answer.outcome === null ? ['wire'] : [];
  return {
    id,
    what,
    clause,
    needs,
    check: async function* (http, bench) {
      const server = yield* await bench.serve(answer);
      const result = await http.request(get(`${server.origin}/`), { ...GENEROUS, ...options });
      yield* fails('the result', result, code);
    },
  };
}

/** A slow loris: something every 25 ms, for longer than `late` waits. */
function drip(head: string, piece: string): Answer {
  const drops = Array.from({ length: 400 }, (): readonly WireStep[] => [wait(25), write(piece)]);
  return raw(head, ...drops.flat());
}

/** A case that has to end with its deadline of 300 ms. */
function late(id: ContractCase<HttpPort>['id'], what: string, clause: string, answer: Answer): ContractCase<HttpPort> {
  return {
    id,
    what,
    clause,
    needs: answer.outcome === null ? ['wire'] : [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(answer);
      const begun = bench.clock.now();
      const request = http.request(get(`${server.origin}/`), { ...GENEROUS, deadlineMs: 300 });
      const result = yield* await within(bench.clock, 2000, 'the end of a request with a deadline of 300 ms', request);
      yield* fails('the result', result, 'timeout');
      // A timer may be early by a fraction.
      yield* atLeast('the time until then', bench.clock.now() - begun, 290);
    },
  };
}

const DEADLINE = 'HttpOptions.deadlineMs: Milliseconds for the whole exchange, from connecting to the last byte';
const NO_IDLE_TIMER = 'HttpOptions.deadlineMs: never an idle timer (slow-loris)';
const BODY_CAP = 'HttpOptions.maxBodyBytes: Body bytes after which the response is refused with `too-large`';
const TRUNCATED = 'TransportErrorCode: The peer closed the connection before the response was complete.';
const WAS_RESET = 'TransportErrorCode: The connection was cut before the response was complete, by a reset.';
const NOT_HTTP = 'TransportErrorCode: The answer is not HTTP.';

/** What goes wrong between the two, and how it is told. */
export const HTTP_FAILURES: readonly ContractCase<HttpPort>[] = [
  late('http/deadline', 'Without an answer, a request ends at its deadline.', DEADLINE, SILENCE),
  late('http/slow-head', 'A slow head does not extend the deadline.', NO_IDLE_TIMER, drip(`${OK}X: `, 'y')),
  late(
    'http/slow-body',
    'A slow body does not extend the deadline.',
    NO_IDLE_TIMER,
    drip(`${OK}Content-Length: 5000\r\n\r\n`, 'y'),
  ),
  late(
    'http/slow-interim',
    'Interim answers do not extend the deadline.',
    NO_IDLE_TIMER,
    drip('', 'HTTP/1.1 100 Continue\r\n\r\n'),
  ),
  {
    id: 'http/closed-at-deadline',
    what: 'At the deadline, the client closes the connection.',
    clause: 'HttpPort.request: One request on a connection of its own',
    needs: ['wire'],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(raw(OK));
      // On a busy machine a deadline may pass before there is a connection.
      for (let deadlineMs = 100; server.connections.length === 0 && deadlineMs < 5000; deadlineMs *= 2) {
        yield* fails('the result', await http.request(get(`${server.origin}/`), { ...GENEROUS, deadlineMs }));
      }
      const connection = yield* given('a connection', server.connections[0]);
      yield* await within(bench.clock, 2500, 'the end of the connection', connection.gone);
    },
  },
  {
    id: 'http/cap-reached',
    what: 'A body of the maximum length is accepted.',
    clause: BODY_CAP,
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'.repeat(CAP)));
      const limits = { ...GENEROUS, maxBodyBytes: CAP };
      const { body } = yield* succeeds('an answer', await http.request(get(`${server.origin}/`), limits));
      yield* same('the length', CAP, body.length);
    },
  },
  failure(
    'http/cap-declared',
    'A body with a Content-Length above the limit is refused.',
    BODY_CAP,
    ok200('x'.repeat(CAP + 1)),
    'too-large',
    {
      maxBodyBytes: CAP,
    },
  ),
  failure(
    'http/cap-undeclared',
    'A body without a length is refused as soon as it exceeds the limit.',
    BODY_CAP,
    raw(`${OK}\r\n${'x'.repeat(CAP + 1)}`),
    'too-large',
    { maxBodyBytes: CAP },
  ),
  failure(
    'http/cap-chunked',
    'A chunked body is refused when its bytes, without framing, exceed the limit.',
    BODY_CAP,
    raw(`${CHUNKED}${(CAP + 1).toString(16)}\r\n${'x'.repeat(CAP + 1)}\r\n`),
    'too-large',
    { maxBodyBytes: CAP },
  ),
  failure(
    'http/endless-head',
    'An endless head is refused before 256 KiB.',
    'TransportErrorCode: More header or body bytes than allowed.',
    raw(OK, ...Array.from({ length: 64 }, (_, at) => `X-${at}: ${'y'.repeat(4090)}\r\n`)),
    'too-large',
  ),
  failure(
    'http/truncated-body',
    'A body that is shorter than its Content-Length is reported as truncated.',
    TRUNCATED,
    { ...raw(`${OK}Content-Length: 9\r\n\r\nhello`, END), outcome: { kind: 'failure', code: 'truncated' } },
    'truncated',
  ),
  failure(
    'http/truncated-chunk',
    'A body that ends within a chunk is reported as truncated.',
    TRUNCATED,
    raw(`${CHUNKED}9\r\nhello`, END),
    'truncated',
  ),
  failure(
    'http/truncated-chunks',
    'A body that ends before the last chunk is reported as truncated.',
    TRUNCATED,
    raw(`${CHUNKED}5\r\nhello\r\n`, END),
    'truncated',
  ),
  failure(
    'http/truncated-head',
    'An answer that ends within its head is reported as truncated.',
    TRUNCATED,
    raw(`${OK}Content-Le`, END),
    'truncated',
  ),
  failure('http/no-answer', 'An empty answer is reported as truncated.', TRUNCATED, raw(END), 'truncated'),
  failure(
    'http/reset',
    'A reset instead of an answer is reported.',
    WAS_RESET,
    { ...raw(RESET), outcome: { kind: 'failure', code: 'reset' } },
    'reset',
  ),
  failure(
    'http/reset-body',
    'A reset within a body is reported.',
    WAS_RESET,
    // Once these bytes were read, or the reset would overtake them.
    raw(`${OK}Content-Length: 9\r\n\r\nhello`, wait(30), RESET),
    'reset',
  ),
  failure(
    'http/garbage',
    'An answer that is not HTTP is reported.',
    NOT_HTTP,
    raw('220 ftp.example.net FTP ready\r\n\r\n', END),
    'not-http',
  ),
  failure(
    'http/bad-chunk',
    'A chunk without a size is reported as not HTTP.',
    NOT_HTTP,
    raw(`${CHUNKED}zz\r\nhello\r\n0\r\n\r\n`, END),
    'not-http',
  ),
  failure(
    'http/content-coding',
    'An answer in a content coding that the request did not accept is refused.',
    'TransportErrorCode: The answer has a content coding, such as gzip, that the request did not accept.',
    ok200('\x1f\x8b\x08\x00', [['Content-Encoding', 'gzip']]),
    'unsupported-encoding',
  ),
  {
    id: 'http/refused',
    what: 'A port without a server is reported as refused.',
    clause: "TransportErrorCode: The peer's host answered that no program listens on that port.",
    needs: [],
    check: async function* (http, bench) {
      const origin = yield* await bench.peer.http.refusing().mapErr(({ message }) => ({
        kind: 'inconclusive' as const,
        expected: 'a port without a server',
        actual: message,
      }));
      yield* fails('the result', await http.request(get(`${origin}/`), GENEROUS), 'refused');
    },
  },
  {
    id: 'http/unreachable',
    what: 'An address without a route is reported as unreachable.',
    clause: "TransportErrorCode: 'unreachable'",
    needs: ['unreachable'],
    check: async function* (http, bench) {
      const origin = yield* given('an origin that is out of reach', bench.peer.http.unreachable);
      yield* fails('the result', await http.request(get(`${origin}/`), GENEROUS), 'unreachable');
    },
  },
  {
    id: 'http/bad-request',
    what: 'An invalid request, such as another URL scheme or a header with a line break, is an error; nothing is thrown.',
    clause: 'HttpPort: Nothing here throws or rejects: what can fail returns a Result.',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const good = get(`${server.origin}/`);
      yield* fails('a URL of FTP', await http.request({ ...good, url: 'ftp://192.0.2.1/' }, GENEROUS));
      yield* fails('an invalid URL', await http.request({ ...good, url: 'http://' }, GENEROUS));
      const smuggled = [['X', 'y\r\nInjected: z']] as const;
      yield* fails('a header with a line break', await http.request({ ...good, headers: smuggled }, GENEROUS));
      yield* fails('a method with a space', await http.request({ ...good, method: 'GET /x' }, GENEROUS));
      yield* same('requests sent', 0, server.connections.filter(({ request }) => request !== null).length);
    },
  },
];
