/** Input from outside costs work in proportion to its size: no parser and no regular expression is quadratic. */
import type { HttpRequest } from '@portwright/core';
import { describe, test } from 'vitest';
import { readGenaRequest } from '../../packages/transport-mock/src/events/gena-request.ts';
import { summarizeExchange } from '../../packages/transport-mock/src/exchange-summary.ts';
import { contextOf } from '../../packages/transport-mock/src/faults/arrival.ts';
import {
  args,
  bytes,
  mappingArgs,
  soapRequest,
  testGateway,
  V6FW1,
  WANIP2,
} from '../../packages/transport-mock/src/gateway.test-support.ts';
import { control, readSoapAction } from '../../packages/transport-mock/src/http/control.ts';
import { readHttpUrl } from '../../packages/transport-mock/src/http/http-url.ts';
import { readSoapCall } from '../../packages/transport-mock/src/http/soap-envelope.ts';
import { ByteQueue } from '../../packages/transport-mock/src/mounts/sockets/byte-queue.ts';
import { isHostHeader } from '../../packages/transport-mock/src/mounts/sockets/http-connection.ts';
import { parseRequest } from '../../packages/transport-mock/src/mounts/sockets/request-parser.ts';
import { isEncoded, isSendable } from '../../packages/transport-mock/src/network/http-rules.ts';
import {
  canonicalAddress,
  isIPv4,
  isMulticast,
  urlHost,
} from '../../packages/transport-mock/src/network/ip-address.ts';
import { matching } from '../../packages/transport-mock/src/ssdp/advertised.ts';
import { readHeaderLine } from '../../packages/transport-mock/src/ssdp/ssdp-message.ts';
import { readXml } from '../../packages/transport-mock/src/xml/xml-reader.ts';
import { escapeXml } from '../../packages/transport-mock/src/xml/xml-writer.ts';
import { expectLinear, expectLinearReader, numbered, pumped } from './expect-linear.test-support.ts';

/** An input: what stands once at its beginning, what is repeated up to its size, and what stands once at its end. */
type Shape = readonly [start: string, repeated: string | ((index: number) => string), end: string];

function shown(shape: Shape): string {
  return shape.map((part) => JSON.stringify(String(part)).slice(0, 60)).join(' ');
}

const CASES: Readonly<Record<string, readonly [read: (text: string) => unknown, shapes: readonly Shape[]]>> = {
  XML: [
    readXml,
    [
      ['<a', (index) => ` xmlns:p${index}="u"`, '/>'],
      ['<a', (index) => ` a${index}="u"`, '/>'],
      [`<a${Array.from({ length: 500 }, (_, index) => ` xmlns:p${index}="u"`).join('')}>`, '<b xmlns="u"/>', '</a>'],
      ['<a xmlns:p="u">', '<p:b/>', '</a>'],
      ['<a>', 'b<b/>', '</a>'],
      ['<a>', '<![CDATA[b]]>', '</a>'],
      ['<a>', '<![CDATA[', '</a>'],
      ['<a>', ']]', '</a>'],
      ['<a>', '&amp;', '</a>'],
      ['<a>', '&', '</a>'],
      ['<a>', '&#1111111', '</a>'],
      ['<a>', '<!---->', '</a>'],
      ['<a>', '<!--', ''],
      ['<a>', '<?', ''],
      ['<a>', '<?x?>', '</a>'],
      ['<', 'a', ''],
      ['<a', ' ', 'b'],
      ['<a', ' ', '>'],
      ['<a b', ' ', '>'],
      ['<a b=', ' ', '>'],
      ['<a b="', 'c', '>'],
      ['<a b="', '&amp;', '"/>'],
      ['<a ', 'a:', '="b"/>'],
      ['</a', ' ', 'b'],
      ['', ' ', ''],
      ['', '<a>', ''],
    ],
  ],
  'a SOAP request': [
    readSoapCall,
    [
      [
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><u:A xmlns:u="u">',
        '<B>c</B>',
        '</u:A></s:Body></s:Envelope>',
      ],
      ['<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>', '<A/>', '</s:Body></s:Envelope>'],
    ],
  ],
  'text that is written as XML': [
    escapeXml,
    [
      ['', '&', ''],
      ['', '\u0001', ''],
      ['', 'a', ''],
    ],
  ],
  SOAPACTION: [
    readSoapAction,
    [
      ['', ' ', 'x'],
      ['"', 'a', ''],
      ['"a#', 'b', ' x'],
      ['a#b', ' ', 'x'],
      ['"', '#', '"'],
      ['"', '"', ''],
    ],
  ],
  'a URL': [
    readHttpUrl,
    [
      ['http://', 'a', '@'],
      ['http://[', ':', ''],
      ['http://a:', '1', ''],
      ['http://a/', '?', '#'],
      ['http://a/', '/', '\n#'],
    ],
  ],
  'an address': [
    (text) => [canonicalAddress(text), isIPv4(text), isMulticast(text), urlHost(`:${text}`)],
    [
      ['', '%', '\n'],
      ['[', '%', '\n]'],
      ['', '1.', 'x'],
      ['', '1', ''],
      ['', '1:', 'x'],
      ['', ':', ''],
      ['', ':1.1.1.1', 'x'],
      ['', '0', '.'],
    ],
  ],
  'a HOST header': [
    isHostHeader,
    [
      ['', 'a', ' '],
      ['[', ':', ''],
      ['[1%', '1', ' '],
      ['a:', '1', ''],
    ],
  ],
  'a header of SSDP': [
    readHeaderLine,
    [
      ['ST', ' ', 'x'],
      ['ST:', ' ', 'x'],
      ['ST: a', ' ', 'x'],
      ['ST: ', 'a ', 'x'],
      ['', ':', ''],
      ['', 'a', ''],
    ],
  ],
  'a search target': [
    (text) => matching([{ target: 'urn:a:1', usn: '' }], text),
    [
      ['urn:', ':1', ''],
      ['urn:', ':', ''],
      ['urn:', 'a', ':1'],
    ],
  ],
  'the headers of a subscription': [
    (text) =>
      readGenaRequest(
        {
          method: 'SUBSCRIBE',
          url: '',
          body: bytes(''),
          headers: [
            ['SID', text],
            ['TIMEOUT', text],
          ],
        },
        '192.168.1.2',
      ),
    [
      ['', ' ', 'x'],
      ['Second-1', ' ', 'x'],
      ['Second-', '1', ''],
    ],
  ],
  'headers in memory': [
    (text) => [
      isSendable({ method: text, url: '', headers: [], body: bytes('') }),
      isSendable({
        method: 'GET',
        url: '',
        headers: [
          [`a${text}`, ''],
          ['a', text],
        ],
        body: bytes(''),
      }),
      isEncoded({ status: 200, headers: [['Content-Encoding', text]], body: bytes('') }),
    ],
    [
      ['', ' ', 'x'],
      ['', 'a', ' '],
      ['identity', ' ', 'x'],
      ['', '\t', ''],
    ],
  ],
  'the query of a URL': [
    (text) => contextOf(GATEWAY, { method: 'GET', url: text, headers: [], body: bytes('') }, '192.168.1.2'),
    [
      ['http://192.168.1.1:5000/', '?', '\n'],
      ['http://192.168.1.1:5000/x', '?a', ''],
    ],
  ],
  'what a log says of a request': [
    (text) =>
      summarizeExchange({ ...EXCHANGE, request: { ...EXCHANGE.request, url: `http://a/${text}`, body: bytes(text) } }),
    [
      ['', '<', ''],
      ['', '<a', ''],
      ['<', 'a', ''],
      ['<a ', ' ', ''],
      ['', '<a:', ''],
      ['', '<a>b', ''],
      ['', '\u202e', ''],
    ],
  ],
};

const { gateway: GATEWAY } = testGateway();
const EXCHANGE = {
  kind: 'http',
  at: 0,
  faults: [],
  from: '192.168.1.2',
  request: soapRequest(WANIP2, 'A', ''),
  outcome: { kind: 'failure', code: 'reset', delayMs: 0 },
} as const;

describe.each(Object.entries(CASES))('%s', (_name, [read, shapes]) => {
  test.each(shapes.map((shape) => [shown(shape), shape] as const))('%s', (_shown, shape) => {
    const [start, repeated, end] = shape;
    const make =
      typeof repeated === 'string'
        ? (length: number) => pumped(length, repeated, start, end)
        : numbered(repeated, start, end);
    expectLinearReader(read, make);
  });
});

describe('a control request, from its bytes to its answer', () => {
  const LONG = '\uE000';
  test.each<readonly [string, HttpRequest]>([
    ['a description', soapRequest(WANIP2, 'AddPortMapping', mappingArgs({ NewPortMappingDescription: LONG }))],
    ['an internal client', soapRequest(WANIP2, 'AddPortMapping', mappingArgs({ NewInternalClient: LONG }))],
    ['a remote host', soapRequest(WANIP2, 'AddPortMapping', mappingArgs({ NewRemoteHost: LONG }))],
    ['a port', soapRequest(WANIP2, 'AddPortMapping', mappingArgs({ NewExternalPort: LONG }))],
    [
      'the internal client of a pinhole',
      soapRequest(
        V6FW1,
        'AddPinhole',
        args({
          RemoteHost: '',
          RemotePort: 0,
          InternalClient: LONG,
          InternalPort: 7777,
          Protocol: 6,
          LeaseTime: 3600,
        }),
      ),
    ],
  ])('%s', (_name, request) => {
    const body = new TextDecoder().decode(request.body);
    const { services } = GATEWAY;
    for (const repeated of ['1', '.', '%', ' ', '1.', 'a-', ':']) {
      const work = (size: number) => {
        const long = { ...request, body: bytes(body.replace(LONG, `${repeated.repeat(size / repeated.length)}\n`)) };
        return () => control(GATEWAY, services, long, '192.168.1.2');
      };
      expectLinear(work);
    }
  });
});

describe('an HTTP request that arrives in pieces', () => {
  /** What the parser costs whose input arrives in pieces of so many bytes. */
  const parsing = (text: string, pieceLength: number) => () => {
    const all = Buffer.from(text, 'latin1');
    const queue = new ByteQueue();
    const parser = parseRequest(queue);
    for (let at = 0; at < all.length; at += pieceLength) {
      queue.push(all.subarray(at, at + pieceLength));
      const { done, value } = parser.next();
      if (done === true || value.kind === 'refused') return;
    }
  };
  test.each<readonly [string, (size: number) => string]>([
    ['a body', (size) => `POST / HTTP/1.1\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}`],
    [
      'chunks',
      (size) => `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(size / 6)}0\r\n\r\n`,
    ],
  ])('%s', (_name, request) => {
    for (const pieceLength of [1, 1_000]) {
      expectLinear((size) => parsing(request(size), pieceLength));
    }
  });

  test('a line', () => {
    const work = (size: number) => {
      const byte = Uint8Array.of(0x61);
      return () => {
        const queue = new ByteQueue();
        for (let count = 0; count < size; count += 1) {
          queue.push(byte);
          queue.takeLine();
        }
      };
    };
    expectLinear(work);
  });

  // The head has 16 KiB at most, so that these have a quarter of the sizes.
  test.each<readonly [string, string]>([
    ['empty lines', '\r\n'],
    ['a request line', 'G'],
    ['headers', 'A:b\r\n'],
    ['one header in many folds', ' b\r\n'],
    ['spaces', ' '],
  ])('%s', (name, repeated) => {
    const start =
      name === 'headers'
        ? 'GET / HTTP/1.1\r\n'
        : name === 'one header in many folds'
          ? 'GET / HTTP/1.1\r\nA:b\r\n'
          : '';
    const work = (size: number) =>
      parsing(start + repeated.repeat(Math.floor((size / 4 - 64) / repeated.length)), 1_000);
    expectLinear(work);
  });
});
