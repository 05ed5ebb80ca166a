import type { HttpRequest } from '@portwright/core';
import { expect, test } from 'vitest';
import type { WireRecord } from '../wire/wire-record.ts';
import { plainUtf8, wireExchanges, wireLines } from './wire-text.ts';

const LIMITS = { exchanges: 10, body: 100 };

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function call(body: Uint8Array, at = 0): WireRecord {
  const request: HttpRequest = {
    method: 'POST',
    url: 'http://192.168.1.1:5000/ctl?x',
    headers: [['SOAPAction', '"urn:x:service:WANIPConnection:1#AddPortMapping"']],
    body: bytes('<a/>\r\n'),
  };
  const response = { status: 500, headers: [['EXT', '']] as const, body };
  return { kind: 'http', at, request, outcome: { kind: 'response', response } };
}

function datagram(payload: Uint8Array): WireRecord {
  return { kind: 'received', at: 0, payload, from: { address: 'fe80::1%eth0', port: 1_900 } };
}

test('a call is shown with its action, its fault, its heads and its bodies', () => {
  const fault = bytes('<e:errorCode>718</e:errorCode>');
  expect(wireLines([call(fault)], LIMITS)).toEqual([
    '+0 ms: POST /ctl?x AddPortMapping → 500, fault 718',
    '> POST /ctl?x HTTP/1.1',
    '> SOAPAction: "urn:x:service:WANIPConnection:1#AddPortMapping"',
    '>',
    '> <a/>',
    '>',
    '< HTTP/1.1 500',
    '< EXT:',
    '<',
    '< <e:errorCode>718</e:errorCode>',
  ]);
});

test('no answer is seen as none', () => {
  const request: HttpRequest = { method: 'GET', url: 'http://192.168.1.1', headers: [], body: new Uint8Array() };
  const error = { kind: 'transport', code: 'timeout', message: 'no\u001b answer' } as const;
  expect(wireLines([{ kind: 'http', at: 0, request, outcome: { kind: 'failure', error } }], LIMITS)).toEqual([
    '+0 ms: GET / → no answer (timeout)',
    '> GET / HTTP/1.1',
    '! no answer: timeout (no\\x1b answer)',
  ]);
});

test('a line end of a datagram that is no CRLF is seen', () => {
  expect(wireLines([datagram(bytes('HTTP/1.1 200 OK\r\nST: a\nEXT:\r\n\r\n'))], LIMITS)).toEqual([
    '+0 ms: from [fe80::1%eth0]:1900: HTTP/1.1 200 OK, a',
    '< HTTP/1.1 200 OK',
    '< ST: a\\n',
    '< EXT:',
  ]);
});

test('bytes that are no UTF-8 are shown as escapes in a text, and else in hexadecimal', () => {
  const latin = Uint8Array.of(...bytes('Fritz!Box f'), 0xfc, ...bytes('r alle'));
  expect(wireLines([datagram(latin)], LIMITS).at(-1)).toBe('< Fritz!Box f\\xfcr alle');
  expect(wireLines([datagram(Uint8Array.of(0, 1, 254, 65))], LIMITS).at(-1)).toBe('< (4 bytes) 00 01 fe 41');
});

test('what is long is cut, and says how much was', () => {
  const long = wireLines([datagram(bytes('x'.repeat(130)))], LIMITS);
  expect(long.slice(1)).toEqual([`< ${'x'.repeat(100)}`, '< (30 more characters)']);
  const many = wireExchanges([call(bytes(''), 5), call(bytes(''), 7), call(bytes(''), 9.4)], {
    ...LIMITS,
    exchanges: 2,
  });
  expect(many.left).toBe(1);
  expect(many.exchanges.map(({ afterMs }) => afterMs)).toEqual([0, 2]);
});

test('plain UTF-8 is told from what is none, or has controls', () => {
  expect(plainUtf8(bytes('\ufeff<a>\r\n\t</a>'))).toBe('\ufeff<a>\r\n\t</a>');
  expect(plainUtf8(bytes('a\u001b'))).toBeNull();
  expect(plainUtf8(bytes('a\u0085'))).toBeNull();
  expect(plainUtf8(Uint8Array.of(0xe9))).toBeNull();
});

test('a datagram of PCP is shown in hexadecimal', () => {
  const announce = Uint8Array.from({ length: 24 }, (_, at) => (at === 0 ? 2 : at === 1 ? 128 : 0));
  expect(wireLines([datagram(announce)], LIMITS)).toEqual([
    '+0 ms: from [fe80::1%eth0]:1900: 24 bytes, 02 80 00 00 00 00 00 00',
    `< (24 bytes) 02 80${' 00'.repeat(22)}`,
  ]);
});
