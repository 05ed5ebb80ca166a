import type { Header } from '@portwright/core';
import { describe, expect, test } from 'vitest';
import { genaRequest, SUBSCRIBE } from './events.test-support.ts';
import { readGenaRequest } from './gena-request.ts';

const SID = 'uuid:00000000-0001-1000-8000-a1b2c3d4e500';

/** What is read, or the status of the refusal. */
function read(method: string, headers: readonly Header[], caller = '192.168.1.2'): unknown {
  return readGenaRequest(genaRequest(method, headers), caller).match(
    (request) => request,
    ({ status }) => status,
  );
}

/** SUBSCRIBE with one header changed, or without it. */
function changed(name: string, value: string | null): readonly Header[] {
  return SUBSCRIBE.flatMap((header) =>
    header[0] !== name ? [header] : value === null ? [] : [[name, value] as const],
  );
}

describe('UDA 1.1, 4.1.2: SUBSCRIBE with NT and CALLBACK', () => {
  test.each<readonly [string, string, readonly string[], string]>([
    ['one URL', '<http://192.168.1.2:8058/a>', ['http://192.168.1.2:8058/a'], '192.168.1.2'],
    [
      'two URLs',
      '<http://192.168.1.2/a><http://192.168.1.2/b>',
      ['http://192.168.1.2/a', 'http://192.168.1.2/b'],
      '192.168.1.2',
    ],
    [
      'space between and around',
      ' <http://192.168.1.2/a> <http://192.168.1.2/b> ',
      ['http://192.168.1.2/a', 'http://192.168.1.2/b'],
      '192.168.1.2',
    ],
    ['IPv6', '<http://[FD77:0::2]:80/a>', ['http://[FD77:0::2]:80/a'], 'fd77::2'],
    ['a query', '<http://192.168.1.2/a?b=c,d>', ['http://192.168.1.2/a?b=c,d'], '192.168.1.2'],
  ])('reads %s', (_, callback, callbacks, caller) => {
    expect(read('SUBSCRIBE', changed('CALLBACK', callback), caller)).toEqual({
      kind: 'subscribe',
      callbacks,
      timeout: 1800,
    });
  });

  test.each<readonly [string | null, number | string | null]>([
    ['Second-300', 300],
    ['second-1', 1],
    [' Second-4294967295 ', 4_294_967_295],
    ['Second-infinite', 'infinite'],
    ['infinite', null],
    ['Second-', null],
    ['Second--1', null],
    ['Second-99999999999', null],
    ['Minute-5', null],
    ['', null],
    [null, null],
  ])('a TIMEOUT of %s is %s', (value, timeout) => {
    expect(read('SUBSCRIBE', changed('TIMEOUT', value))).toMatchObject({ kind: 'subscribe', timeout });
  });

  test.each([
    null,
    '',
    '<>',
    'http://192.168.1.2:8058/a',
    '<http://192.168.1.2:8058/a',
    '<<http://192.168.1.2:8058/a>>',
    '<http://192.168.1.2:8058/a>, <http://192.168.1.2:8058/b>',
    '<https://192.168.1.2/a>',
    '<ftp://192.168.1.2/a>',
    '</events>',
    '<http://192.168.1.2:0/a>',
    '<http://192.168.1.2:65536/a>',
    '<http://user@192.168.1.2/a>',
    '<http://192.168.1.2/a b>',
    '<http://localhost/a>',
    '<http://3232235778/a>',
    `<http://192.168.1.2/${'a'.repeat(2_048)}>`,
  ])('412 for a CALLBACK of %s', (value) => {
    expect(read('SUBSCRIBE', changed('CALLBACK', value))).toBe(412);
  });

  test.each([
    '<http://192.168.1.3/>',
    '<http://8.8.8.8/>',
    '<http://127.0.0.1/>',
    '<http://[fd77::2]/>',
    '<http://192.168.1.2/><http://192.168.1.3/>',
  ])('CVE-2020-12695: 412 for a CALLBACK of %s, which is another host', (value) => {
    expect(read('SUBSCRIBE', changed('CALLBACK', value))).toBe(412);
  });

  test.each([null, '', 'upnp:events', 'UPNP:EVENT', 'upnp:rootdevice'])('412 for an NT of %s', (value) => {
    expect(read('SUBSCRIBE', changed('NT', value))).toBe(412);
  });

  test.each<Header>([
    ['NT', 'upnp:event'],
    ['CALLBACK', '<http://192.168.1.2/>'],
    ['nt', ''],
  ])('400 for SID with %s', (name, value) => {
    for (const method of ['SUBSCRIBE', 'UNSUBSCRIBE']) {
      expect(
        read(method, [
          ['SID', SID],
          [name, value],
        ]),
      ).toBe(400);
    }
  });
});

test('UDA 1.1, 4.1.3: SUBSCRIBE with SID renews', () => {
  expect(
    read('SUBSCRIBE', [
      ['sid', ` ${SID} `],
      ['Timeout', 'Second-2000'],
    ]),
  ).toEqual({ kind: 'renew', sid: SID, timeout: 2000 });
  expect(read('SUBSCRIBE', [['SID', '']])).toBe(412);
  expect(read('SUBSCRIBE', [])).toBe(412);
});

test('UDA 1.1, 4.1.4: UNSUBSCRIBE has a SID', () => {
  expect(read('UNSUBSCRIBE', [['SID', SID]])).toEqual({ kind: 'unsubscribe', sid: SID });
  expect(read('UNSUBSCRIBE', [['SID', ' ']])).toBe(412);
  expect(read('UNSUBSCRIBE', [])).toBe(412);
});

test.each(['GET', 'POST', 'NOTIFY', 'subscribe', 'X'])('405 for %s', (method) => {
  expect(read(method, SUBSCRIBE)).toBe(405);
});
