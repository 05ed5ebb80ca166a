import type { HttpOptions, HttpPort, TransportErrorCode } from '@portwright/core';
import type { ContractCase } from './contract-case.ts';
import { atLeast, fails, given, same, succeeds, within } from './expectations.ts';
import { END, GENEROUS, get, ok200, raw, RESET, SILENCE, wait, write } from './messages.ts';
import type { Ability, Answer, WireStep } from './peer.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const CAP = 1000;

/** A case that is one answer, and the error that it has to come to. */
function failure(
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
      yield* fails('what comes of it', result, code);
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
      yield* fails('what comes of it', result, 'timeout');
      // A timer may be early by a fraction.
      yield* atLeast('the time until then', bench.clock.now() - begun, 290);
    },
  };
}

const DEADLINE = 'HttpOptions.deadlineMs: Milliseconds for the whole exchange, from connecting to the last byte';
const NO_IDLE_TIMER = 'HttpOptions.deadlineMs: never an idle timer (slow-loris)';
const BODY_CAP = 'HttpOptions.maxBodyBytes: Body bytes after which the response is refused with `too-large`';
const TRUNCATED = 'TransportErrorCode: The connection ended, in order, before the response was complete.';
const WAS_RESET = 'TransportErrorCode: The connection was cut before the response was complete, by a reset.';
const NOT_HTTP = 'TransportErrorCode: What came back is not HTTP.';

/** What goes wrong between the two, and how it is told. */
export const HTTP_FAILURES: readonly ContractCase<HttpPort>[] = [
  late('http/deadline', 'Without an answer, a request ends with its deadline.', DEADLINE, SILENCE),
  late(
    'http/slow-head',
    'A head that keeps coming does not extend the deadline.',
    NO_IDLE_TIMER,
    drip(`${OK}X: `, 'y'),
  ),
  late(
    'http/slow-body',
    'A body that keeps coming does not extend the deadline.',
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
    what: 'With the deadline, the connection is closed.',
    clause: 'HttpPort.request: One request on a connection of its own',
    needs: ['wire'],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(raw(OK));
      // On a busy machine a deadline may pass before there is a connection.
      for (let deadlineMs = 100; server.connections.length === 0 && deadlineMs < 5000; deadlineMs *= 2) {
        yield* fails('what comes of it', await http.request(get(`${server.origin}/`), { ...GENEROUS, deadlineMs }));
      }
      const connection = yield* given('a connection', server.connections[0]);
      yield* await within(bench.clock, 2500, 'the end of the connection', connection.gone);
    },
  },
  {
    id: 'http/cap-reached',
    what: 'A body may be as long as allowed.',
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
    'A body with a length above the cap is refused.',
    BODY_CAP,
    ok200('x'.repeat(CAP + 1)),
    'too-large',
    {
      maxBodyBytes: CAP,
    },
  ),
  failure(
    'http/cap-undeclared',
    'A body without a length is refused as soon as it is above the cap, although it goes on.',
    BODY_CAP,
    raw(`${OK}\r\n${'x'.repeat(CAP + 1)}`),
    'too-large',
    { maxBodyBytes: CAP },
  ),
  failure(
    'http/cap-chunked',
    'So is a body in chunks, by its bytes without the framing.',
    BODY_CAP,
    raw(`${CHUNKED}${(CAP + 1).toString(16)}\r\n${'x'.repeat(CAP + 1)}\r\n`),
    'too-large',
    { maxBodyBytes: CAP },
  ),
  failure(
    'http/endless-head',
    'A head that never ends is refused before it has 256 KiB.',
    'TransportErrorCode: More header or body bytes than allowed.',
    raw(OK, ...Array.from({ length: 64 }, (_, at) => `X-${at}: ${'y'.repeat(4090)}\r\n`)),
    'too-large',
  ),
  failure(
    'http/truncated-body',
    'A body that ends before its length is truncated.',
    TRUNCATED,
    { ...raw(`${OK}Content-Length: 9\r\n\r\nhello`, END), outcome: { kind: 'failure', code: 'truncated' } },
    'truncated',
  ),
  failure(
    'http/truncated-chunk',
    'So is one that ends within a chunk.',
    TRUNCATED,
    raw(`${CHUNKED}9\r\nhello`, END),
    'truncated',
  ),
  failure(
    'http/truncated-chunks',
    'So is one that ends before the last chunk.',
    TRUNCATED,
    raw(`${CHUNKED}5\r\nhello\r\n`, END),
    'truncated',
  ),
  failure(
    'http/truncated-head',
    'So is an answer that ends within its head.',
    TRUNCATED,
    raw(`${OK}Content-Le`, END),
    'truncated',
  ),
  failure('http/no-answer', 'So is an answer of no bytes.', TRUNCATED, raw(END), 'truncated'),
  failure(
    'http/reset',
    'A reset in place of an answer is told.',
    WAS_RESET,
    { ...raw(RESET), outcome: { kind: 'failure', code: 'reset' } },
    'reset',
  ),
  failure(
    'http/reset-body',
    'A reset within a body is told.',
    WAS_RESET,
    // Once these bytes were read, or the reset would overtake them.
    raw(`${OK}Content-Length: 9\r\n\r\nhello`, wait(30), RESET),
    'reset',
  ),
  failure(
    'http/garbage',
    'What is not HTTP is told.',
    NOT_HTTP,
    raw('220 ftp.example.net FTP ready\r\n\r\n', END),
    'not-http',
  ),
  failure(
    'http/bad-chunk',
    'So is a chunk without a size.',
    NOT_HTTP,
    raw(`${CHUNKED}zz\r\nhello\r\n0\r\n\r\n`, END),
    'not-http',
  ),
  failure(
    'http/content-coding',
    'An answer in a coding that was not asked for is refused.',
    'TransportErrorCode: A content coding, such as gzip, that was not asked for.',
    ok200('\x1f\x8b\x08\x00', [['Content-Encoding', 'gzip']]),
    'unsupported-encoding',
  ),
  {
    id: 'http/refused',
    what: 'A port on which nobody listens is told.',
    clause: "TransportErrorCode: The peer's host answered that nobody listens there.",
    needs: [],
    check: async function* (http, bench) {
      const origin = yield* await bench.peer.http.refusing().mapErr(({ message }) => ({
        kind: 'inconclusive' as const,
        expected: 'a port on which nobody listens',
        actual: message,
      }));
      yield* fails('what comes of it', await http.request(get(`${origin}/`), GENEROUS), 'refused');
    },
  },
  {
    id: 'http/unreachable',
    what: 'An address to which no way leads is told.',
    clause: "TransportErrorCode: 'unreachable'",
    needs: ['unreachable'],
    check: async function* (http, bench) {
      const origin = yield* given('an origin that is out of reach', bench.peer.http.unreachable);
      yield* fails('what comes of it', await http.request(get(`${origin}/`), GENEROUS), 'unreachable');
    },
  },
  {
    id: 'http/bad-request',
    what: 'What can not be sent is an error, and nothing is thrown: a URL of another scheme, a header with a line break.',
    clause: 'HttpPort: Nothing here throws or rejects: what can fail returns a Result.',
    needs: [],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(ok200('x'));
      const good = get(`${server.origin}/`);
      yield* fails('a URL of FTP', await http.request({ ...good, url: 'ftp://192.0.2.1/' }, GENEROUS));
      yield* fails('a URL that is none', await http.request({ ...good, url: 'http://' }, GENEROUS));
      const smuggled = [['X', 'y\r\nInjected: z']] as const;
      yield* fails('a header with a line break', await http.request({ ...good, headers: smuggled }, GENEROUS));
      yield* fails('a method with a space', await http.request({ ...good, method: 'GET /x' }, GENEROUS));
      yield* same('requests sent', 0, server.connections.filter(({ request }) => request !== null).length);
    },
  },
];
