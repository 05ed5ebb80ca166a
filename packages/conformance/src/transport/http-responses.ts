import type { Headers, HttpPort, HttpResponse } from '@portwright/core';
import type { Result } from '@portwright/core/result';
import type { Shortfall } from '../shortfall.ts';
import type { Bench } from './bench.ts';
import type { ContractCase } from './contract-case.ts';
import { given, same, succeeds, within } from './expectations.ts';
import { binary, bytes, END, everyByte, GENEROUS, get, ok200, raw, respond, write } from './messages.ts';
import type { Answer, WireStep } from './peer.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const FIELDS: Headers = [
  ['EXT', ''],
  ['SERVER', 'Linux/2.6, UPnP/1.0'],
  ['x-lower', 'a'],
  ['X-Twice', '1'],
  ['Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ['X-Twice', '2'],
  ['Content-Length', '1'],
];

/** The response to a GET that is answered in this way. */
async function answered(http: HttpPort, bench: Bench, answer: Answer): Promise<Result<HttpResponse, Shortfall>> {
  const server = await bench.serve(answer);
  if (server.isErr()) return server.map(() => ({ status: 0, headers: [], body: new Uint8Array() }));
  return succeeds('an answer', await http.request(get(`${server.value.origin}/`), GENEROUS));
}

/** A case that is one answer, which has to be read as 200 and `hello`. */
export function hello(
  id: ContractCase<HttpPort>['id'],
  what: string,
  clause: string,
  ...wire: readonly (WireStep | string)[]
): ContractCase<HttpPort> {
  return {
    id,
    what,
    clause,
    needs: ['wire'],
    check: async function* (http, bench) {
      const { status, body } = yield* await answered(http, bench, raw(...wire));
      yield* same('status and body', [200, 'hello'], [status, binary(body)]);
    },
  };
}

const TO_THE_END = 'HttpResponse: read to its end, with its transfer coding removed';
const AS_ON_THE_WIRE = 'Header: as it stood on the wire: the name keeps its spelling';
const ANY_FINAL = 'HttpPort.request: Any final status is a success here, redirects included';

/** One byte in each write. */
const bytewise = (text: string): readonly WireStep[] => Array.from(text, (character) => write(character));

/** What comes back, where all is well. */
export const HTTP_RESPONSES: readonly ContractCase<HttpPort>[] = [
  {
    id: 'http/error-status',
    what: 'An error status is a successful result: 404, 412, 500 and 503 arrive with headers and body.',
    clause: ANY_FINAL,
    needs: [],
    check: async function* (http, bench) {
      for (const status of [404, 412, 500, 503]) {
        const response = yield* await answered(http, bench, respond(status, [['Content-Length', '5']], 'fault'));
        yield* same('status and body', [status, 'fault'], [response.status, binary(response.body)]);
      }
    },
  },
  {
    id: 'http/redirect',
    what: 'A redirect is not followed: its status and its Location arrive.',
    clause: 'HttpPort.request: redirects included: they are followed, or not, by the core',
    needs: [],
    check: async function* (http, bench) {
      const target = yield* await bench.serve(ok200('elsewhere'));
      const headers: Headers = [
        ['Location', `${target.origin}/elsewhere`],
        ['Content-Length', '0'],
      ];
      for (const status of [301, 302, 307]) {
        const response = yield* await answered(http, bench, respond(status, headers));
        yield* same('the status', status, response.status);
        const location = response.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
        yield* same('the Location', `${target.origin}/elsewhere`, location);
      }
      yield* same('requests to the other place', 0, target.connections.length);
    },
  },
  {
    id: 'http/answer-header-spelling',
    what: 'Header names arrive with their spelling.',
    clause: AS_ON_THE_WIRE,
    needs: [],
    check: async function* (http, bench) {
      const { headers } = yield* await answered(http, bench, respond(200, FIELDS, 'x'));
      const names = new Set(headers.map(([name]) => name));
      yield* same('the names', [...new Set(FIELDS.map(([name]) => name))].toSorted(), [...names].toSorted());
    },
  },
  {
    id: 'http/answer-header-order',
    what: 'Headers arrive in the order of the wire.',
    clause: 'Headers: in the order of the wire',
    needs: [],
    check: async function* (http, bench) {
      const { headers } = yield* await answered(http, bench, respond(200, FIELDS, 'x'));
      // The first of each name: whether the others are there is a case of its own.
      const order = new Set(headers.map(([name]) => name.toLowerCase()));
      yield* same('the order', [...new Set(FIELDS.map(([name]) => name.toLowerCase()))], [...order]);
    },
  },
  {
    id: 'http/answer-header-values',
    what: 'Header values arrive unchanged, also empty ones.',
    clause: 'Header: as it stood on the wire',
    needs: [],
    check: async function* (http, bench) {
      const { headers } = yield* await answered(http, bench, respond(200, FIELDS, 'x'));
      const valueOf = (wanted: string): string | undefined =>
        headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
      const values = ['ext', 'server', 'date'].map(valueOf);
      yield* same('EXT, SERVER and Date', ['', 'Linux/2.6, UPnP/1.0', 'Thu, 01 Jan 1970 00:00:00 GMT'], values);
    },
  },
  {
    id: 'http/answer-header-twice',
    what: 'A repeated header arrives twice.',
    clause: 'Headers: a name may occur more than once',
    needs: [],
    check: async function* (http, bench) {
      const { headers } = yield* await answered(http, bench, respond(200, FIELDS, 'x'));
      const twice = headers.filter(([name]) => name.toLowerCase() === 'x-twice').map(([, value]) => value);
      yield* same('the values of X-Twice', ['1', '2'], twice);
    },
  },
  {
    id: 'http/answer-body',
    what: 'A body of any bytes arrives unchanged.',
    clause: TO_THE_END,
    needs: [],
    check: async function* (http, bench) {
      const { body } = yield* await answered(http, bench, ok200(everyByte()));
      yield* same('the body', everyByte(), body);
    },
  },
  {
    id: 'http/no-content',
    what: 'The body of a 204, or with Content-Length: 0, is empty, although the connection stays open.',
    clause: TO_THE_END,
    needs: [],
    check: async function* (http, bench) {
      for (const answer of [respond(200), respond(204, [])]) {
        const { body } = yield* await answered(http, bench, answer);
        yield* same('the body', new Uint8Array(), body);
      }
    },
  },
  hello(
    'http/content-length',
    'An answer ends at its Content-Length, in any spelling, although the connection stays open.',
    TO_THE_END,
    `${OK}CONTENT-length:   5 \r\n\r\nhello`,
  ),
  hello(
    'http/until-close',
    'Without a length, a body ends with the connection.',
    TO_THE_END,
    `${OK}Server: x\r\n\r\nhel`,
    'lo',
    END,
  ),
  hello(
    'http/http-1.0',
    'An HTTP/1.0 answer is read.',
    TO_THE_END,
    'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    END,
  ),
  hello(
    'http/chunked',
    'Chunks are joined; the answer ends with the last one, although the connection stays open.',
    TO_THE_END,
    `${CHUNKED}2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`,
  ),
  hello(
    'http/chunk-extension',
    'Chunk extensions are ignored.',
    TO_THE_END,
    `${CHUNKED}5;a=b;c="d"\r\nhello\r\n0;e\r\n\r\n`,
    END,
  ),
  hello(
    'http/chunk-trailer',
    'Trailers after the last chunk are ignored.',
    TO_THE_END,
    `${CHUNKED}5\r\nhello\r\n0\r\nX-Checksum: 1\r\nX-More: 2\r\n\r\n`,
    END,
  ),
  hello(
    'http/chunk-size',
    'Chunk sizes may have leading zeros.',
    TO_THE_END,
    `${CHUNKED}0005\r\nhello\r\n0000\r\n\r\n`,
    END,
  ),
  hello(
    'http/split-head',
    'A head may arrive in single bytes.',
    TO_THE_END,
    ...bytewise(`${OK}Content-Length: 5\r\n\r\n`),
    'hello',
  ),
  hello(
    'http/split-chunks',
    'Chunks may be split at any byte.',
    TO_THE_END,
    CHUNKED,
    ...bytewise('5\r\nhello\r\n0\r\n\r\n'),
    END,
  ),
  hello(
    'http/interim',
    'Interim answers are skipped.',
    'HttpPort.request: Interim (1xx) answers are skipped',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n`,
    `${OK}Content-Length: 5\r\n\r\nhello`,
  ),
  {
    id: 'http/half-close',
    what: 'A server may close its side right after its answer: the answer is complete, and the client closes its side.',
    clause: 'HttpPort.request: One request on a connection of its own',
    needs: ['wire'],
    check: async function* (http, bench) {
      const server = yield* await bench.serve(raw(`${OK}Connection: close\r\n\r\nhello`, END));
      const { body } = yield* succeeds('an answer', await http.request(get(`${server.origin}/`), GENEROUS));
      yield* same('the body', bytes('hello'), body);
      const connection = yield* given('a connection', server.connections[0]);
      yield* await within(bench.clock, 2500, 'the end of the connection', connection.gone);
    },
  },
];
