import { describe, expect, it } from 'vitest';
import { decodeSsdpHead } from './decode-head.ts';
import { decodeSsdpMessage } from './decode.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const decode = (text: string): unknown => decodeSsdpMessage(bytes(text))._unsafeUnwrap();
const problem = (text: string): unknown => decodeSsdpMessage(bytes(text))._unsafeUnwrapErr();

describe('decodeSsdpMessage is liberal about', () => {
  const plain = { kind: 'response', target: 'upnp:rootdevice', location: 'http://192.168.1.1/', usn: 'uuid:1' };

  it.each([
    ['bare LF', 'HTTP/1.1 200 OK\nST: upnp:rootdevice\nLOCATION: http://192.168.1.1/\nUSN: uuid:1\n\n'],
    [
      'CRLF and LF in turns',
      'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\nLOCATION: http://192.168.1.1/\r\nUSN: uuid:1\n\r\n',
    ],
    [
      'the case of names',
      'HTTP/1.1 200 OK\r\nst: upnp:rootdevice\r\nLocation: http://192.168.1.1/\r\nUsn: uuid:1\r\n\r\n',
    ],
    [
      'the case of the start line',
      'http/1.1 200 ok\r\nST: upnp:rootdevice\r\nLOCATION: http://192.168.1.1/\r\nUSN: uuid:1\r\n\r\n',
    ],
    [
      'the reason phrase',
      'HTTP/1.0 200\r\nST: upnp:rootdevice\r\nLOCATION: http://192.168.1.1/\r\nUSN: uuid:1\r\n\r\n',
    ],
    [
      'white space',
      'HTTP/1.1  200 OK \r\nST:upnp:rootdevice  \r\nLOCATION :\thttp://192.168.1.1/\r\n USN: uuid:1\r\n\r\n',
    ],
    [
      'what follows',
      'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLOCATION: http://192.168.1.1/\r\nUSN: uuid:1\r\n\r\nST: x\r\n\u0000\u00ff',
    ],
    ['the empty line', 'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLOCATION: http://192.168.1.1/\r\nUSN: uuid:1\r\n'],
    [
      'lines without a colon',
      'HTTP/1.1 200 OK\r\nEXT\r\nST: upnp:rootdevice\r\nLOCATION: http://192.168.1.1/\r\nUSN: uuid:1\r\n\r\n',
    ],
    [
      'the end of the last line',
      'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1\r\nLOCATION: http://192.168.1.1/',
    ],
    [
      'a NUL in place of the end, as C strings have it',
      'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1\r\nLOCATION: http://192.168.1.1/\u0000',
    ],
    [
      'empty lines at the beginning',
      '\r\n \r\nHTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLOCATION: http://192.168.1.1/\r\nUSN: uuid:1\r\n\r\n',
    ],
    ['bare CR', 'HTTP/1.1 200 OK\rST: upnp:rootdevice\rLOCATION: http://192.168.1.1/\rUSN: uuid:1\r\r'],
    [
      'two CRs at each line',
      'HTTP/1.1 200 OK\r\r\nST: upnp:rootdevice\r\r\nLOCATION: http://192.168.1.1/\r\r\nUSN: uuid:1\r\r\n\r\r\n',
    ],
    [
      'headers without a space, in lower case',
      'HTTP/1.1 200 OK\r\nst:upnp:rootdevice\r\nlocation:http://192.168.1.1/\r\nusn:uuid:1\r\n\r\n',
    ],
    [
      'folded lines',
      'HTTP/1.1 200 OK\r\nEXT:\r\nST: upnp:\r\n\trootdevice\r\nLOCATION:\r\n http://192.168.1.1\r\n  /\r\nUSN: uuid\r\n :1\r\n\r\n',
    ],
    [
      'spaces around LOCATION, and in its host',
      'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLOCATION: \t http: // 192.168.1.1 / \r\nUSN: uuid:1\r\n\r\n',
    ],
    [
      'unknown headers',
      'HTTP/1.1 200 OK\r\nOPT: "x"; ns=01\r\n01-NLS: 1\r\nST: upnp:rootdevice\r\nLOCATION: http://192.168.1.1/\r\nUSN: uuid:1\r\n\r\n',
    ],
    [
      'a header twice: the first counts',
      'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nST: x\r\nLOCATION: http://192.168.1.1/\r\nUSN: uuid:1\r\n\r\n',
    ],
  ])('%s', (_name, text) => {
    expect(decode(text)).toEqual({
      ...plain,
      maxAgeSeconds: null,
      server: null,
      bootId: null,
      configId: null,
      searchPort: null,
    });
  });

  it.each([
    ['http://192.168.1.1:80 00/my desc.xml?a b', 'http://192.168.1.1:8000/my%20desc.xml?a%20b'],
    ['http://192.168.1.1/Gerät.xml', 'http://192.168.1.1/Ger%C3%A4t.xml'],
    ['http://192.168.1.1/a%20b', 'http://192.168.1.1/a%20b'],
    ['/desc.xml', '/desc.xml'],
  ])('LOCATION: %s', (value, location) => {
    expect(decode(`HTTP/1.1 200 OK\r\nST: a\r\nLOCATION: ${value}\r\n\r\n`)).toMatchObject({ location });
  });

  it('a missing USN: LOCATION alone leads to the device', () => {
    expect(decode('HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLOCATION: http://192.168.1.1/\r\n\r\n')).toMatchObject({
      usn: null,
    });
  });

  it.each([
    ['max-age=1800', 1800],
    ['max-age = 60', 60],
    ['MAX-AGE=60, must-revalidate', 60],
    ['no-cache="Ext", max-age=100', 100],
    ['max-age="120"', 120],
    ['max-age=-1', null],
    ['max-age=99999999999', null],
    ['no-cache', null],
    ['', null],
  ])('CACHE-CONTROL: %s', (value, maxAgeSeconds) => {
    expect(decode(`HTTP/1.1 200 OK\r\nST: a\r\nLOCATION: b\r\nCACHE-CONTROL: ${value}\r\n\r\n`)).toMatchObject({
      maxAgeSeconds,
    });
  });

  it.each([
    ['BOOTID.UPNP.ORG: 1', { bootId: 1 }],
    ['BOOTID.UPNP.ORG: 2147483647', { bootId: 2147483647 }],
    ['BOOTID.UPNP.ORG: 2147483648', { bootId: null }],
    ['BOOTID.UPNP.ORG: -1', { bootId: null }],
    ['BOOTID.UPNP.ORG: 0x10', { bootId: null }],
    ['ConfigId.upnp.org: 7', { configId: 7 }],
    ['CONFIGID.UPNP.ORG: seven', { configId: null }],
    ['SEARCHPORT.UPNP.ORG: 49152', { searchPort: 49152 }],
    ['SEARCHPORT.UPNP.ORG: 65536', { searchPort: null }],
    ['SEARCHPORT.UPNP.ORG: 0', { searchPort: null }],
  ])('numbers: %s', (header, expected) => {
    expect(decode(`HTTP/1.1 200 OK\r\nST: a\r\nLOCATION: b\r\n${header}\r\n\r\n`)).toMatchObject(expected);
  });

  it.each([
    ['HOST: 239.255.255.250:1900', { address: '239.255.255.250', port: 1900 }],
    ['HOST:239.255.255.250', { address: '239.255.255.250', port: 1900 }],
    ['Host: [FF02::C]:1900', { address: 'FF02::C', port: 1900 }],
    ['HOST: [FF02::C]', { address: 'FF02::C', port: 1900 }],
    ['HOST: a b', null],
    ['X: y', null],
  ])('HOST: %s', (header, host) => {
    expect(decode(`NOTIFY * HTTP/1.1\r\n${header}\r\nNTS: ssdp:byebye\r\nNT: a\r\nUSN: b\r\n\r\n`)).toMatchObject({
      host,
    });
  });

  it('the case of NTS, and MAN without quotes', () => {
    expect(decode('notify * http/1.1\nNTS: SSDP:Alive\nNT: a\nLOCATION: b\n\n')).toMatchObject({
      kind: 'alive',
      host: null,
    });
    expect(decode('M-SEARCH * HTTP/1.1\nMAN: ssdp:discover\nST: a\n\n')).toMatchObject({ kind: 'm-search', mx: null });
  });
});

it('of any two lines that are folded, none becomes a header that was not sent', () => {
  const folded =
    'HTTP/1.1 200 OK\r\nSERVER: x\r\n http://192.168.1.66/\r\nST: a\r\nLOCATION: http://192.168.1.1/\r\n\r\n';
  expect(decode(folded)).toMatchObject({ location: 'http://192.168.1.1/' });
});

describe('decodeSsdpMessage refuses', () => {
  it.each([
    ['nothing', '', 'an answer with status 200, NOTIFY or M-SEARCH', 'line 1'],
    ['garbage', '\u0001\u0002', 'an answer with status 200, NOTIFY or M-SEARCH', 'line 1'],
    [
      'what follows a NUL',
      '\u0000HTTP/1.1 200 OK\r\nST: a\r\nLOCATION: b\r\n\r\n',
      'an answer with status 200, NOTIFY or M-SEARCH',
      'line 1',
    ],
    [
      'headers after an empty line',
      'HTTP/1.1 200 OK\r\nST: a\r\n\r\nLOCATION: b\r\n\r\n',
      'a LOCATION header',
      'the headers',
    ],
    ['an empty line', '\r\n', 'an answer with status 200, NOTIFY or M-SEARCH', 'line 1'],
    [
      'another status',
      'HTTP/1.1 412 Precondition Failed\r\n\r\n',
      'an answer with status 200, NOTIFY or M-SEARCH',
      'line 1',
    ],
    [
      'a status that starts with 200',
      'HTTP/1.1 2000 OK\r\n\r\n',
      'an answer with status 200, NOTIFY or M-SEARCH',
      'line 1',
    ],
    ['another method', 'GET * HTTP/1.1\r\n\r\n', 'an answer with status 200, NOTIFY or M-SEARCH', 'line 1'],
    [
      'another resource',
      'NOTIFY / HTTP/1.1\r\nNTS: ssdp:alive\r\n\r\n',
      'an answer with status 200, NOTIFY or M-SEARCH',
      'line 1',
    ],
    ['an answer without ST', 'HTTP/1.1 200 OK\r\nLOCATION: b\r\n\r\n', 'a ST header', 'the headers'],
    [
      'an answer with an empty LOCATION',
      'HTTP/1.1 200 OK\r\nST: a\r\nLOCATION: \r\n\r\n',
      'a LOCATION header',
      'the headers',
    ],
    [
      'an unknown NTS',
      'NOTIFY * HTTP/1.1\r\nNTS: upnp:propchange\r\n\r\n',
      'ssdp:alive, ssdp:update or ssdp:byebye',
      'the NTS header',
    ],
    [
      'a NOTIFY without NTS',
      'NOTIFY * HTTP/1.1\r\nNT: a\r\n\r\n',
      'ssdp:alive, ssdp:update or ssdp:byebye',
      'the NTS header',
    ],
    [
      'alive without LOCATION',
      'NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\nNT: a\r\n\r\n',
      'a LOCATION header',
      'the headers',
    ],
    ['byebye without USN', 'NOTIFY * HTTP/1.1\r\nNTS: ssdp:byebye\r\nNT: a\r\n\r\n', 'a USN header', 'the headers'],
    ['update without NT', 'NOTIFY * HTTP/1.1\r\nNTS: ssdp:update\r\nLOCATION: b\r\n\r\n', 'a NT header', 'the headers'],
    ['a search for nothing', 'M-SEARCH * HTTP/1.1\r\nMAN: "ssdp:discover"\r\n\r\n', 'a ST header', 'the headers'],
    ['a search without MAN', 'M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n', '"ssdp:discover"', 'the MAN header'],
  ])('%s', (_name, text, expected, where) => {
    expect(problem(text)).toMatchObject({ kind: 'malformed', code: 'datagram', expected, where });
  });

  it('more than 4096 bytes', () => {
    const answer = 'HTTP/1.1 200 OK\r\nST: a\r\nLOCATION: b\r\n\r\n';
    expect(decode(answer.padEnd(4096))).toMatchObject({ target: 'a' });
    expect(problem(answer.padEnd(4097))).toMatchObject({ expected: 'at most 4096 bytes', excerpt: '4097 bytes' });
  });

  it('more than 64 headers', () => {
    const answer = (more: number): string =>
      `HTTP/1.1 200 OK\r\nST: a\r\nLOCATION: b\r\n${'X: y\r\n'.repeat(more)}\r\n`;
    expect(decode(answer(62))).toMatchObject({ target: 'a' });
    expect(problem(answer(63))).toMatchObject({ expected: 'at most 64 headers' });
  });
});

describe('decodeSsdpHead', () => {
  it('keeps spelling and order', () => {
    expect(decodeSsdpHead(bytes('HTTP/1.1 200 OK\r\nSt: a\r\nEXT:\r\nst:b:c\r\n\r\n'))._unsafeUnwrap()).toEqual({
      startLine: 'HTTP/1.1 200 OK',
      headers: [
        ['St', 'a'],
        ['EXT', ''],
        ['st', 'b:c'],
      ],
    });
  });
});
