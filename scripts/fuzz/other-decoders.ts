/** The readers of the simulator, of the conformance suite, and of transport-node. */
import { once } from 'node:events';
import { createServer, isIP, type Server } from 'node:net';
import { wireLines } from '../../packages/conformance/src/reports/wire-text.ts';
import { readSoapAnswer } from '../../packages/conformance/src/wire/soap-answer.ts';
import { readSsdpMessage } from '../../packages/conformance/src/wire/ssdp-message.ts';
import { authorityOf, hostOf } from '../../packages/conformance/src/wire/text.ts';
import { readXml as readXmlStrictly } from '../../packages/conformance/src/wire/xml.ts';
import { readCallback } from '../../packages/transport-mock/src/events/callback.ts';
import { readSoapAction } from '../../packages/transport-mock/src/http/control.ts';
import { readHttpUrl } from '../../packages/transport-mock/src/http/http-url.ts';
import { readSoapCall } from '../../packages/transport-mock/src/http/soap-envelope.ts';
import { ByteQueue } from '../../packages/transport-mock/src/mounts/sockets/byte-queue.ts';
import { parseRequest } from '../../packages/transport-mock/src/mounts/sockets/request-parser.ts';
import { readSearch } from '../../packages/transport-mock/src/ssdp/ssdp-message.ts';
import { nodeTransport } from '../../packages/transport-node/src/transport.ts';
import { ipv4DefaultRouters, ipv6DefaultRouters } from '../../packages/transport-node/src/route-table.ts';
import type { Decoder, Reading } from './decoder.ts';
import { CALL, DESCRIPTION_DOCUMENTS, ENTRY_ANSWER, FAULT_ANSWER, SSDP_DOCUMENTS, SSDP_WORDS } from './documents.ts';
import { URL_WORDS, URLS, XML_WORDS } from './documents.ts';

const LATIN1 = new TextDecoder('latin1');

/** A request read by the simulator, all at once and in pieces: both must be the same. */
function readRequest(input: Uint8Array, pieceLength: number): string | null {
  const queue = new ByteQueue();
  const parser = parseRequest(queue);
  let at = 0;
  for (let step = parser.next(); ; step = parser.next()) {
    if (step.done === true) return JSON.stringify({ ...step.value, body: LATIN1.decode(step.value.body) });
    if (step.value.kind === 'refused') return null;
    if (step.value.kind === 'continue') continue;
    if (at >= input.length) return null;
    queue.push(input.subarray(at, at + pieceLength));
    at += pieceLength;
  }
}

const REQUEST_WORDS: readonly string[] = [
  ...[
    '\r\n',
    '\n',
    '\r',
    ' ',
    '\t',
    ':',
    'A: b\r\n',
    'A:',
    ';',
    ',',
    '0\r\n\r\n',
    'ffffffff\r\n',
    '-1\r\n',
    '1\r\na\r\n',
    '\0',
  ],
  ...[
    'Content-Length: 3\r\n',
    'Content-Length: -1\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Expect: 100-continue\r\n',
    'HTTP/1.0',
  ],
  ...['Content-Encoding: gzip\r\n', 'HTTP/1.1 100 Continue\r\n\r\n', '204', '99', 'HTTP/1.1 200 OK\r\n'],
];

const RESPONSES: readonly string[] = [
  'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 3\r\nServer: a\r\n\r\nabc',
  'HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\n\r\nabc',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
];

let server: Server | undefined;
let answer = new Uint8Array();

/** A server on this host that answers every connection with the input. It does not keep the process from ending. */
async function serverPort(): Promise<number> {
  if (server === undefined) {
    server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(answer));
    }).unref();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function exchangeWith(input: Uint8Array): Promise<Reading | null> {
  answer = Uint8Array.from(input);
  const url = `http://127.0.0.1:${await serverPort()}/`;
  const request = { method: 'GET', url, headers: [['Connection', 'close']], body: new Uint8Array() } as const;
  const response = await nodeTransport().http.request(request, { deadlineMs: 5_000, maxBodyBytes: 65_536 });
  if (response.isErr()) return response.error.code === 'failed' ? { claims: [], wrong: response.error.message } : null;
  const { status, headers } = response.value;
  const lengths = headers.filter(([name]) => name.toLowerCase() === 'content-length').map(([, value]) => value.trim());
  const wrong = new Set(lengths).size > 1 ? `it has the lengths ${lengths.join(' and ')}` : undefined;
  return { claims: [String(status), ...headers.map(([name]) => name)], wrong };
}

export const OTHER_DECODERS: readonly Decoder[] = [
  { name: 'http', documents: RESPONSES, words: REQUEST_WORDS, read: exchangeWith, isTimed: false },
  {
    name: 'route-table',
    documents: [
      'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n' +
        'eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\neth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\n',
      `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe80${'0'.repeat(27)}1 00000400 00000001 00000000 00450003 eth0\n`,
    ],
    words: ['\t', '\n', ' ', '00', '00000000', 'FFFFFFFF', 'fe80', '-1', 'x'],
    read: (input) => {
      const table = LATIN1.decode(input);
      const routers = [...ipv4DefaultRouters(table, 'LE'), ...ipv6DefaultRouters(table)];
      const wrong = routers.find(({ family, address }) => isIP(address) !== (family === 'ipv4' ? 4 : 6));
      if (routers.length === 0) return null;
      return { claims: [], wrong: wrong === undefined ? undefined : `${wrong.address} is no address` };
    },
  },
  {
    name: 'simulator-request',
    documents: [
      `POST /ctl HTTP/1.1\r\nHost: 192.168.1.1\r\nContent-Length: 3\r\nSOAPAction: "a#b"\r\n\r\nabc`,
      'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n',
    ],
    words: REQUEST_WORDS,
    read: (input) => {
      const whole = readRequest(input, input.length || 1);
      const pieces = input.length > 4_096 ? whole : readRequest(input, 1);
      if (whole === null && pieces === null) return null;
      return {
        claims: [],
        wrong: whole === pieces ? undefined : `whole ${String(whole)}, byte by byte ${String(pieces)}`,
      };
    },
  },
  {
    name: 'simulator-call',
    documents: [CALL, ENTRY_ANSWER],
    words: XML_WORDS,
    read: (input) =>
      readSoapCall(LATIN1.decode(input)).match(
        ({ namespace, action, args }) => ({
          claims: [namespace, action, ...args.flatMap(({ name, text }) => [name, text])],
        }),
        () => null,
      ),
  },
  {
    name: 'simulator-search',
    documents: SSDP_DOCUMENTS.slice(-1),
    words: SSDP_WORDS,
    read: (input) => {
      const search = readSearch(input);
      return search === null ? null : { claims: [search.target, search.maximumWait?.toString()] };
    },
  },
  {
    name: 'simulator-headers',
    documents: [
      '"urn:schemas-upnp-org:service:WANIPConnection:1#AddPortMapping"',
      '<http://192.168.1.2:80/a>',
      ...URLS,
    ],
    words: [...URL_WORDS, '<', '>', '<>', '<a>', '"', '<http://192.168.1.2/>'],
    read: (input) => {
      const text = LATIN1.decode(input);
      const action = readSoapAction(text);
      const callbacks = readCallback(text, '192.168.1.2').unwrapOr(null);
      const url = readHttpUrl(text);
      if (action === null && callbacks === null && url === null) return null;
      return { claims: [action?.action, action?.serviceType, url?.host.split('%')[0], ...(callbacks ?? [])] };
    },
  },
  {
    name: 'conformance-xml',
    documents: [...DESCRIPTION_DOCUMENTS, ENTRY_ANSWER],
    words: XML_WORDS,
    read: (input) =>
      readXmlStrictly(LATIN1.decode(input)).match(
        ({ root: { name, namespace, text, attributes } }) => ({
          claims: [name, namespace, text, ...attributes.values()],
        }),
        () => null,
      ),
  },
  {
    name: 'conformance-answer',
    documents: [ENTRY_ANSWER, FAULT_ANSWER],
    words: XML_WORDS,
    read: (input) => {
      const { values, code } = readSoapAnswer({ status: 200, headers: [], body: input }, 'GetGenericPortMappingEntry');
      return values === null && code === null
        ? null
        : { claims: [...(values ?? [])].flat().concat(code?.toString() ?? '') };
    },
  },
  {
    name: 'conformance-ssdp',
    documents: SSDP_DOCUMENTS,
    words: SSDP_WORDS,
    read: (input) => {
      const { startLine, headers } = readSsdpMessage(input);
      return { claims: [startLine, ...headers.flat()] };
    },
  },
  {
    name: 'conformance-report',
    documents: [...SSDP_DOCUMENTS, ENTRY_ANSWER],
    words: [...SSDP_WORDS, ...XML_WORDS],
    read: (input) => {
      const from = { address: '192.168.1.1', port: 1_900 };
      const response = { status: 200, headers: [['A', LATIN1.decode(input.subarray(0, 1_024))]], body: input } as const;
      const request = { method: 'GET', url: 'http://192.168.1.1/', headers: [], body: new Uint8Array() };
      const lines = wireLines(
        [
          { kind: 'received', at: 0, payload: input, from },
          { kind: 'http', at: 0, request, outcome: { kind: 'response', response } },
        ],
        { exchanges: 9, body: 100_000 },
      );
      const odd = lines.find((line) => /[^\P{Cc}\t]/u.test(line));
      return { claims: [], wrong: odd === undefined ? undefined : `a control character in ${JSON.stringify(odd)}` };
    },
  },
  {
    name: 'conformance-url',
    documents: URLS,
    words: URL_WORDS,
    read: (input) => {
      const url = LATIN1.decode(input);
      const host = hostOf(url);
      authorityOf(url);
      return host === null ? null : { claims: [host] };
    },
  },
];
