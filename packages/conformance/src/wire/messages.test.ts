import type { HttpResponse } from '@portwright/core';
import { describe, expect, test } from 'vitest';
import { readSoapAnswer } from './soap-answer.ts';
import { soapRequest } from './soap-request.ts';
import { readSsdpMessage, SEARCH_GROUP, writeSearch } from './ssdp-message.ts';
import { authorityOf, excerpt, hostOf, latin1, readUtf8, utf8 } from './text.ts';

const TYPE = 'urn:schemas-upnp-org:service:WANIPConnection:1';

describe('a search', () => {
  test('is written with what is asked for', () => {
    expect(latin1(writeSearch({ target: 'upnp:rootdevice' }, SEARCH_GROUP))).toBe(
      'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n',
    );
  });

  test('can be wrong on purpose', () => {
    const written = writeSearch({ target: 'a', mx: null, man: 'b' }, { address: 'fd77::1', port: 1_900 });
    expect(latin1(written)).toBe('M-SEARCH * HTTP/1.1\r\nHOST: [fd77::1]:1900\r\nMAN: b\r\nST: a\r\n\r\n');
  });
});

test('an SSDP message keeps its spelling, and lines that are no headers are passed over', () => {
  expect(readSsdpMessage(utf8('HTTP/1.1 200 OK\r\nEXT:\r\nSt : a:b \r\nnothing\r\n\r\n'))).toEqual({
    startLine: 'HTTP/1.1 200 OK',
    headers: [
      ['EXT', ''],
      ['St', 'a:b'],
    ],
  });
});

describe('a call', () => {
  test('has its arguments in order, and escaped', () => {
    const { headers, body } = soapRequest('http://192.168.1.1:5000/c', TYPE, 'Add', { NewB: '<&>', NewA: 1 });
    expect(latin1(body)).toContain(`<u:Add xmlns:u="${TYPE}"><NewB>&#60;&#38;&#62;</NewB><NewA>1</NewA></u:Add>`);
    expect(headers).toContainEqual(['SOAPAction', `"${TYPE}#Add"`]);
    expect(headers).toContainEqual(['Content-Length', String(body.length)]);
    expect(headers).toContainEqual(['Host', '192.168.1.1:5000']);
  });

  test('can have other prefixes, another type, and no SOAPACTION', () => {
    const style = { prefixes: ['x', 'y'], serviceType: 'urn:z', hasSoapAction: false } as const;
    const { headers, body } = soapRequest('http://192.168.1.1/c', TYPE, 'Get', {}, style);
    expect(latin1(body)).toMatch(/<x:Body><y:Get xmlns:y="urn:z"><\/y:Get><\/x:Body>/);
    expect(headers.map(([name]) => name)).not.toContain('SOAPAction');
  });
});

describe('an answer', () => {
  const answer = (status: number, body: string): HttpResponse => ({ status, headers: [], body: utf8(body) });
  const success = '<e><Body><GetResponse><NewA>1</NewA></GetResponse></Body></e>';
  const fault = '<e><Fault><detail><errorCode> 714 </errorCode></detail></Fault></e>';

  test.each([
    ['a success', answer(200, success), { code: null, summary: 'success with NewA="1"' }],
    ['a fault', answer(500, fault), { values: null, code: 714, summary: 'a fault with 714' }],
    ['a fault with 200', answer(200, fault), { values: null, code: 714 }],
    ['a success with 500', answer(500, success), { values: null, code: null }],
    ['an empty one', answer(200, ''), { envelope: null, values: null, summary: 'HTTP 200 with no body' }],
    ['a page', answer(404, '<html>'), { envelope: null, values: null, summary: 'HTTP 404 with "<html>"' }],
  ])('%s', (_what, response, expected) => {
    expect(readSoapAnswer(response, 'Get')).toMatchObject(expected);
  });

  test('to another action is no success', () => {
    expect(readSoapAnswer(answer(200, success), 'Set').values).toBeNull();
  });
});

test.each([
  ['http://192.168.1.1:5000/a', '192.168.1.1'],
  ['http://[FD77::1]/a', '[fd77::1]'],
  ['HTTP://Router', 'router'],
  ['https://192.168.1.1/', null],
  ['/a', null],
  ['http://a@192.168.1.1/', null],
])('the host of %s', (url, host) => {
  expect(hostOf(url)).toBe(host);
});

test('bytes that are no UTF-8 are told from those that are', () => {
  expect(readUtf8(utf8('\ufeffé'))._unsafeUnwrap()).toBe('é');
  expect(readUtf8(Uint8Array.of(0xe9)).isErr()).toBe(true);
});

test('an excerpt shows no control characters, and says that there is more', () => {
  expect(excerpt('a\u001b[0m')).toBe('"a·[0m"');
  expect(excerpt('abc', 2)).toBe('"ab" and more');
});

test('what stands around the name and the value of a header', () => {
  const text = 'NOTIFY * HTTP/1.1\r\nA : \t b c \t\r\n B: c\r\nC D: e\r\n: f\r\nG:\r\nH: i\rj\r\nno\r\n\r\n';
  expect(readSsdpMessage(utf8(text)).headers).toEqual([
    ['A', 'b c'],
    ['G', ''],
  ]);
});

test('the authority of a URL has no zone', () => {
  expect(authorityOf('http://[fe80::1%25eth0]:80/a')).toBe('[fe80::1]:80');
  expect(authorityOf('http://192.168.1.1:80?a%25b]')).toBe('192.168.1.1:80');
});
