import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOfBytes, bytesOfAddress } from './address-bytes.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

describe('16 bytes', () => {
  it.each([
    ['192.0.2.33', '00000000000000000000ffffc0000221'],
    ['0.0.0.0', '00000000000000000000ffff00000000'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['1::', '00010000000000000000000000000000'],
    ['2001:db8::1', '20010db8000000000000000000000001'],
    ['fe80::200:ff:fe00:0', 'fe80000000000000020000fffe000000'],
    // RFC 5952, 4.2.2: one group of zeros is not shortened.
    ['2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001'],
    // 4.2.3: the longest run, the first of two equal ones.
    ['2001:0:0:1::1', '20010000000000010000000000000001'],
    ['2001:db8::1:0:0:1', '20010db8000000000001000000000001'],
    ['1::2:0:0:3:0', '00010000000000020000000000030000'],
    // Zeros at the end of a group, or at its beginning, are no group of zeros.
    ['10:0:a:0:b:0:c:1', '00100000000a0000000b0000000c0001'],
    ['10:0:0:a::b', '001000000000000a000000000000000b'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    // Almost IPv4-mapped: every one of the first 96 bits counts (RFC 6887, 5).
    ['::ff7f:c000:221', '00000000000000000000ff7fc0000221'],
    ['::1:ffff:c000:221', '00000000000000000001ffffc0000221'],
    ['8000::ffff:c000:221', '80000000000000000000ffffc0000221'],
  ])('are %s', (text, hex) => {
    expect(addressOfBytes(bytes(hex))).toBe(text);
    expect(bytesOfAddress(text)).toEqual([...bytes(hex)]);
  });

  it.each([
    ['2001:DB8:0:0::0001', '20010db8000000000000000000000001'],
    ['::ffff:192.0.2.33', '00000000000000000000ffffc0000221'],
    ['::FFFF:c000:221', '00000000000000000000ffffc0000221'],
    ['fe80::1%eth0', 'fe800000000000000000000000000001'],
  ])('are written of %s', (text, hex) => {
    expect(bytesOfAddress(text)).toEqual([...bytes(hex)]);
  });

  it('come back the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (all) => {
        expect(bytesOfAddress(addressOfBytes(all))).toEqual([...all]);
      }),
    );
    const sparse = fc.array(fc.constantFrom(0, 0, 0, 1, 0x10, 0xff), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(sparse, (all) => {
        expect(bytesOfAddress(addressOfBytes(Uint8Array.from(all)))).toEqual(all);
      }),
    );
  });
});

describe('4 bytes', () => {
  it.each([
    ['192.0.2.33', [192, 0, 2, 33]],
    ['0.0.0.0', [0, 0, 0, 0]],
    ['255.255.255.255', [255, 255, 255, 255]],
  ])('are %s', (text, all) => {
    expect(addressOfBytes(Uint8Array.from(all))).toBe(text);
    expect(bytesOfAddress(text, 'ipv4')).toEqual(all);
  });

  it('are not those of an IPv6 address', () => {
    expect(bytesOfAddress('2001:db8::1', 'ipv4')).toBeNull();
    expect(bytesOfAddress('::', 'ipv4')).toBeNull();
  });
});

it.each(['', 'localhost', '192.0.2', '192.0.2.256', '192.0.02.1', ':', '2001:db8', '[::1]'])(
  'no bytes are made of %j',
  (text) => {
    expect(bytesOfAddress(text)).toBeNull();
    expect(bytesOfAddress(text, 'ipv4')).toBeNull();
  },
);
