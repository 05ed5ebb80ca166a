import { expect, test } from 'vitest';
import { readHttpUrl } from './http-url.ts';

test.each([
  ['http://192.168.1.1:5000/a/b?c=d', { host: '192.168.1.1', port: 5000, path: '/a/b?c=d' }],
  ['http://192.168.1.1', { host: '192.168.1.1', port: 80, path: '/' }],
  ['HTTP://router?x', { host: 'router', port: 80, path: '/?x' }],
  ['http://[fd77::1]:5000/', { host: 'fd77::1', port: 5000, path: '/' }],
  ['http://[fe80::1%25lan0]/', { host: 'fe80::1%lan0', port: 80, path: '/' }],
])('%s', (url, expected) => {
  expect(readHttpUrl(url)).toEqual(expected);
});

test.each([
  'https://192.168.1.1/',
  '/description.xml',
  'http://',
  'http://user@192.168.1.1/',
  'http://192.168.1.1:0/',
  'http://192.168.1.1:65536/',
  'http://192.168.1.1:x/',
  'http://192.168.1.1/#fragment',
  'http://fd77::1/',
])('%s is none', (url) => {
  expect(readHttpUrl(url)).toBeNull();
});
