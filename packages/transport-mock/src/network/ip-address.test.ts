import { describe, expect, test } from 'vitest';
import {
  canonicalAddress,
  isIPv4,
  isIPv6,
  isLinkLocal,
  isLoopback,
  isMulticast,
  sharePrefix,
  urlHost,
} from './ip-address.ts';

test.each([
  ['192.168.1.1', true],
  ['0.0.0.0', true],
  ['255.255.255.255', true],
  ['256.1.1.1', false],
  ['1.2.3', false],
  ['1.2.3.4.', false],
  ['1.2.3.4.5', false],
  ['01.2.3.4', false],
  ['127.1', false],
  ['2130706433', false],
  ['', false],
  ['::1', false],
])('isIPv4(%s) is %s', (address, expected) => {
  expect(isIPv4(address)).toBe(expected);
});

test.each([
  ['::', true],
  ['::1', true],
  ['fd77::2', true],
  ['FF02::C', true],
  ['1:2:3:4:5:6:7:8', true],
  ['1:2:3:4:5:6:7::', true],
  ['::ffff:192.168.1.1', true],
  ['1:2:3:4:5:6:7', false],
  ['1:2:3:4:5:6:7:8:9', false],
  ['1::2::3', false],
  ['1:2:3:4::5:6:7:8', false],
  ['12345::', false],
  ['g::', false],
  ['::ffff:256.1.1.1', false],
  [':', false],
  ['192.168.1.1', false],
  ['', false],
])('isIPv6(%s) is %s', (address, expected) => {
  expect(isIPv6(address)).toBe(expected);
});

describe('canonicalAddress', () => {
  test.each([
    ['192.168.1.1', '192.168.1.1'],
    ['fd77::1', 'fd77:0:0:0:0:0:0:1'],
    ['FD77:0000::0001', 'fd77:0:0:0:0:0:0:1'],
    ['[fe80::1]', 'fe80:0:0:0:0:0:0:1'],
    ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
    ['::ffff:192.168.1.1', '0:0:0:0:0:ffff:c0a8:101'],
    ['router.lan', null],
    ['', null],
  ])('of %s is %s', (address, expected) => {
    expect(canonicalAddress(address)).toBe(expected);
  });
});

test('prefixes', () => {
  expect(sharePrefix('192.168.1.1', '192.168.1.200', 24)).toBe(true);
  expect(sharePrefix('192.168.1.1', '192.168.2.1', 24)).toBe(false);
  expect(sharePrefix('192.168.1.1', '192.168.2.1', 16)).toBe(true);
  expect(sharePrefix('fd77::1', 'fd77::ffff:1', 64)).toBe(true);
  expect(sharePrefix('fd77::1', 'fd78::1', 64)).toBe(false);
  expect(sharePrefix('192.168.1.1', 'fd77::1', 0)).toBe(false);
});

test('kinds of addresses', () => {
  expect([isLinkLocal('fe80::1%lan0'), isLinkLocal('FEBF::1'), isLinkLocal('fec0::1')]).toEqual([true, true, false]);
  expect([isMulticast('239.255.255.250'), isMulticast('224.0.0.1'), isMulticast('FF05::C')]).toEqual([
    true,
    true,
    true,
  ]);
  expect([isMulticast('192.168.1.1'), isMulticast('240.0.0.1'), isMulticast('fd77::1')]).toEqual([false, false, false]);
  expect([isLoopback('127.0.0.1'), isLoopback('::1'), isLoopback('192.168.1.1')]).toEqual([true, true, false]);
});

test('in a URL, IPv6 is in brackets and has no zone', () => {
  expect([urlHost('192.168.1.1'), urlHost('fe80::1%lan0')]).toEqual(['192.168.1.1', '[fe80::1]']);
});
