import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inSubnet, parseIpAddress, sameAddress, sameHost } from './ip-address.ts';

/** Not an address by the book, but a router means one. */
const PADDED = ['127.0.0.01', '::01.2.3.4'];

describe('parseIpAddress', () => {
  it.each([
    ['192.168.1.254', [192, 168, 1, 254], null],
    ['0.0.0.0', [0, 0, 0, 0], null],
    ['255.255.255.255', [255, 255, 255, 255], null],
    ['::', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], null],
    ['::1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], null],
    ['1::', [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], null],
    ['2001:DB8:0:1::A', [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 10], null],
    ['1:2:3:4:5:6:7:8', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8], null],
    ['1:2:3:4:5:6:7::', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0], null],
    ['1:2:3:4:5:6:192.0.2.1', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 192, 0, 2, 1], null],
    ['64:ff9b::192.0.2.1', [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1], null],
    ['::ffff:192.0.2.1', [192, 0, 2, 1], null],
    ['::FFFF:c000:201', [192, 0, 2, 1], null],
    ['0:0:0:0:0:ffff:c000:0201', [192, 0, 2, 1], null],
    ['fe80::1%eth0', [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 'eth0'],
    ['fe80::1%12', [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], '12'],
    ['fe80::1%br-lan.10', [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 'br-lan.10'],
  ])('reads %s', (text, bytes, zone) => {
    const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
    expect(parseIpAddress(text)).toEqual({ bits, zone });
  });

  it.each([
    '',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '127.0.0.01',
    '127.0.0.1.',
    '.127.0.0.1',
    '1.2.3.4.5',
    '256.0.0.1',
    '1.2.3.-4',
    '1.2.3.+4',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1.2.3.4\n',
    '１.2.3.4',
    '1.2.3.1e1',
    '192.168.1.1/24',
    '192.168.1.1%eth0',
    'localhost',
    ':',
    ':::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1::',
    '1:::2',
    ':1:2:3:4:5:6:7',
    '12345::',
    'g::',
    '::1.2.3',
    '::1.2.3.4.5',
    '::256.0.0.1',
    '::01.2.3.4',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '[::1]',
    'fe80::1%',
    'fe80::1%a b',
    'fe80::1%a%b',
    'fe80::1%a/b',
    '::1\n',
    ' ::1',
    '1:2:3:4:5:6:7:1.2.3.4',
  ])('refuses %j', (text) => {
    expect(parseIpAddress(text)).toBeNull();
    expect(sameAddress(text, text)).toBe(PADDED.includes(text));
    expect(sameHost(text, text)).toBe(PADDED.includes(text) ? 'same' : 'unknown');
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdef:.%x')), maxLength: 45 }),
        (text) => {
          expect(() => parseIpAddress(text)).not.toThrow();
        },
      ),
    );
  });
});

describe('sameAddress', () => {
  it.each([
    ['192.168.1.1', '192.168.1.1', true],
    ['192.168.1.1', '::ffff:192.168.1.1', true],
    ['192.168.1.1', '192.168.1.2', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['FE80::1', 'fe80::1', true],
    ['::1', '127.0.0.1', false],
    ['::c0a8:101', '192.168.1.1', false],
    ['fe80::1%eth0', 'fe80::1%eth0', true],
    ['fe80::1%eth0', 'fe80::1', true],
    ['fe80::1%eth0', 'fe80::1%eth1', false],
    ['192.168.001.002', '192.168.1.2', true],
    ['192.168.001.002', '192.168.01.2', true],
    ['010.000.000.010', '10.0.0.10', true],
    ['010.0.0.1', '8.0.0.1', false],
    ['192.168.001.002', '192.168.1.3', false],
    ['192.168.0001.2', '192.168.1.2', false],
    ['::FFFF:192.168.001.002', '192.168.1.2', true],
    ['::ffff:c0a8:102', '192.168.001.002', true],
    ['fe80::1%eth0.01', 'fe80::1%eth0.1', false],
    ['FE80:0::0001%eth0', 'fe80::1', true],
    ['mypc.lan', 'mypc.lan', false],
    ['', '', false],
  ])('%s and %s: %s', (one, other, same) => {
    expect(sameAddress(one, other)).toBe(same);
    expect(sameAddress(other, one)).toBe(same);
  });
});

describe('sameHost', () => {
  it.each([
    ['192.168.1.2', '192.168.1.2', 'same'],
    ['192.168.001.002', '192.168.1.2', 'same'],
    ['::ffff:192.168.1.2', '192.168.1.2', 'same'],
    ['::FFFF:C0A8:0102', '192.168.1.2', 'same'],
    ['FE80::2', 'fe80::2%eth0', 'same'],
    ['192.168.1.3', '192.168.1.2', 'different'],
    ['192.168.001.020', '192.168.1.2', 'different'],
    ['fe80::2%eth1', 'fe80::2%eth0', 'different'],
    ['mypc.lan', '192.168.1.2', 'unknown'],
    ['192.168.1.2.lan', '192.168.1.2', 'unknown'],
    ['192.168.1.2', 'mypc.lan', 'unknown'],
    ['mypc.lan', 'mypc.lan', 'unknown'],
    ['', '192.168.1.2', 'unknown'],
    ['0.0.0.0', '192.168.1.2', 'unknown'],
    ['000.000.000.000', '192.168.1.2', 'unknown'],
    ['::', 'fe80::2', 'unknown'],
    ['192.168.1', '192.168.1.2', 'unknown'],
    ['256.168.1.2', '192.168.1.2', 'unknown'],
  ] as const)('entry %j, own %j: %s', (entryClient, ownAddress, expected) => {
    expect(sameHost(entryClient, ownAddress)).toBe(expected);
  });
});

describe('inSubnet', () => {
  it.each([
    ['192.168.1.254', '192.168.1.7', 24, true],
    ['192.168.2.1', '192.168.1.7', 24, false],
    ['192.168.2.1', '192.168.1.7', 22, true],
    ['192.168.1.8', '192.168.1.7', 29, false],
    ['192.168.1.7', '192.168.1.7', 32, true],
    ['192.168.1.6', '192.168.1.7', 32, false],
    ['8.8.8.8', '192.168.1.7', 0, true],
    ['2001:db8:1:2::1', '2001:db8:1:2:3:4:5:6', 64, true],
    ['2001:db8:1:3::1', '2001:db8:1:2:3:4:5:6', 64, false],
    ['2001:db8:1:3::1', '2001:db8:1:2:3:4:5:6', 63, true],
    ['192.168.1.1', '2001:db8::1', 0, false],
    ['192.168.1', '192.168.1.7', 0, false],
    ['192.168.1.1', '', 0, false],
  ])('%s in %s/%i: %s', (address, interfaceAddress, prefixLength, inside) => {
    expect(inSubnet(address, interfaceAddress, prefixLength)).toBe(inside);
  });
});
