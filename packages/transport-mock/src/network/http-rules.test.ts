import type { Headers } from '@portwright/core';
import { expect, test } from 'vitest';
import { isEncoded, isSendable } from './http-rules.ts';

const request = { method: 'GET', url: 'http://192.168.1.1/', headers: [], body: new Uint8Array() } as const;

test.each<readonly [string, string, Headers, boolean]>([
  [
    'an M-POST with odd values',
    'M-POST',
    [
      ['SOAPAction', '"u:x#y"\t'],
      ['X', ''],
      ['Y', '\xff'],
    ],
    true,
  ],
  ['a method with a space', 'GET /x', [], false],
  ['no method', '', [], false],
  ['a name with a colon', 'GET', [['X:', 'y']], false],
  ['no name', 'GET', [['', 'y']], false],
  ['a value with a line break', 'GET', [['X', 'y\r\nZ: 1']], false],
  ['a value with a control character, as garbage', 'GET', [['X', '<\u0000>']], true],
])('%s', (_, method, headers, sendable) => {
  expect(isSendable({ ...request, method, headers })).toBe(sendable);
});

test.each([
  ['Content-Encoding', 'gzip', true],
  ['CONTENT-ENCODING', ' br', true],
  ['Content-Encoding', 'Identity', false],
  ['Content-Encoding', '', false],
  ['Content-Type', 'gzip', false],
] as const)('%s: %s', (name, value, encoded) => {
  expect(isEncoded({ status: 200, headers: [[name, value]], body: new Uint8Array() })).toBe(encoded);
});
