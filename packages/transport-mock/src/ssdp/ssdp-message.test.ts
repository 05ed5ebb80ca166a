import { describe, expect, test } from 'vitest';
import { bytes, text } from '../gateway.test-support.ts';
import { readSearch, writeMessage } from './ssdp-message.ts';

const SEARCH =
  'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\nST: ssdp:all\r\n\r\n';

describe('readSearch', () => {
  test.each([
    ['a search by the book', SEARCH],
    ['bare line feeds', SEARCH.replaceAll('\r\n', '\n')],
    ['no empty line at the end', SEARCH.trimEnd()],
    ['no space after the colons', SEARCH.replaceAll(': ', ':')],
    [
      'much space around values',
      SEARCH.replaceAll(': ', ' : \t')
        .replaceAll('\r\n', ' \r\n')
        .replace(/ \r\n$/, '\r\n'),
    ],
    ['header names in lower case', SEARCH.replace('MAN', 'man').replace('MX', 'mx').replace('ST:', 'st:')],
    ['HTTP/1.0', SEARCH.replace('HTTP/1.1', 'HTTP/1.0')],
    ['further headers', SEARCH.replace('MX', 'USER-AGENT: a/1 UPnP/1.1 b/1\r\nCPFN.UPNP.ORG: x\r\nMX')],
    ['a body', `${SEARCH}garbage: \u0000`],
  ])('reads %s', (_, message) => {
    expect(readSearch(bytes(message))).toEqual({ target: 'ssdp:all', maximumWait: 2 });
  });

  test.each([
    ['MX: 2\r\n', ''],
    ['MX: 2', 'MX: soon'],
    ['MX: 2', 'MX: -1'],
    ['MX: 2', 'MX:'],
  ])('finds no MX when "%s" is "%s"', (from, to) => {
    expect(readSearch(bytes(SEARCH.replace(from, to)))).toEqual({ target: 'ssdp:all', maximumWait: null });
  });

  test.each([
    ['nothing', ''],
    ['another message', 'NOTIFY * HTTP/1.1\r\nMAN: "ssdp:discover"\r\nST: ssdp:all\r\n\r\n'],
    ['an answer', 'HTTP/1.1 200 OK\r\nST: ssdp:all\r\n\r\n'],
    ['another request target', SEARCH.replace('*', '/')],
    ['no MAN', SEARCH.replace('MAN: "ssdp:discover"\r\n', '')],
    ['MAN without quotes', SEARCH.replace('"ssdp:discover"', 'ssdp:discover')],
    ['another MAN', SEARCH.replace('ssdp:discover', 'ssdp:search')],
    ['no ST', SEARCH.replace('ST: ssdp:all\r\n', '')],
    ['an empty ST', SEARCH.replace('ST: ssdp:all', 'ST:')],
    ['a line that is not a header', SEARCH.replace('MX', 'what is this\r\nMX')],
    ['a space before the start', ` ${SEARCH}`],
    ['more than 2 KiB', SEARCH.replace('MX', `X: ${'x'.repeat(2048)}\r\nMX`)],
    ['a search in UTF-16', SEARCH.replace(/./gs, '$&\u0000')],
  ])('ignores %s', (_, message) => {
    expect(readSearch(bytes(message))).toBeNull();
  });

  test('ignores random bytes, and every part of a search that lacks its target', () => {
    expect(readSearch(Uint8Array.from({ length: 300 }, (_, index) => (index * 37) % 256))).toBeNull();
    for (let length = 0; length < SEARCH.indexOf('ssdp:all'); length += 1) {
      expect(readSearch(bytes(SEARCH.slice(0, length)))).toBeNull();
    }
  });
});

test('writeMessage ends every line, and the message', () => {
  const message = writeMessage('HTTP/1.1 200 OK', [
    ['EXT', ''],
    ['ST', 'a'],
  ]);
  expect(text(message)).toBe('HTTP/1.1 200 OK\r\nEXT: \r\nST: a\r\n\r\n');
});
