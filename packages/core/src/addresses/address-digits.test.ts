import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOfDigits, digitsOfAddress } from './address-digits.ts';

const CANONICAL: readonly (readonly [text: string, digits: string])[] = [
  ['192.0.2.33', 'c0000221'],
  ['0.0.0.0', '00000000'],
  ['255.255.255.255', 'ffffffff'],
  ['::', '00000000000000000000000000000000'],
  ['::1', '00000000000000000000000000000001'],
  ['1::', '00010000000000000000000000000000'],
  ['2001:db8::1', '20010db8000000000000000000000001'],
  ['fe80::200:ff:fe00:0', 'fe80000000000000020000fffe000000'],
  // RFC 5952, 4.2.2: one group of zeros is not shortened.
  ['2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001'],
  // 4.2.3: the longest run, and the first of two equal ones.
  ['2001:0:0:1::1', '20010000000000010000000000000001'],
  ['10:0:0:a::b', '001000000000000a000000000000000b'],
  ['2001:db8::1:0:0:1', '20010db8000000000001000000000001'],
  ['1::2:0:0:3:0', '00010000000000020000000000030000'],
  // Zeros at the end of a group, or at its beginning, are no group of zeros.
  ['10:0:a:0:b:0:c:1', '00100000000a0000000b0000000c0001'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  // Almost IPv4-mapped: each of the first 96 bits counts (RFC 6887, 5).
  ['::ff7f:c000:221', '00000000000000000000ff7fc0000221'],
  ['::1:ffff:c000:221', '00000000000000000001ffffc0000221'],
  ['8000::ffff:c000:221', '80000000000000000000ffffc0000221'],
];

it.each(CANONICAL)('%s has the digits %s', (text, digits) => {
  expect(digitsOfAddress(text)).toBe(digits);
  expect(addressOfDigits(digits)).toBe(text);
});

it.each([
  ['2001:DB8:0:0::0001', '20010db8000000000000000000000001'],
  ['::ffff:192.0.2.33', 'c0000221'],
  ['::FFFF:c000:221', 'c0000221'],
  ['fe80::1%eth0', 'fe800000000000000000000000000001'],
])('%s has the digits %s, too', (text, digits) => {
  expect(digitsOfAddress(text)).toBe(digits);
});

describe('addresses of IPv6', () => {
  const sparse = fc.array(fc.constantFrom('0000', '0000', '0001', '1000', 'ff00'), { minLength: 8, maxLength: 8 });
  const dense = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => [Buffer.from(bytes).toString('hex')]);

  it('come back the same', () => {
    fc.assert(
      fc.property(fc.oneof(sparse, dense), (groups) => {
        fc.pre(!groups.join('').startsWith('00000000000000000000ffff'));
        expect(digitsOfAddress(addressOfDigits(groups.join('')))).toBe(groups.join(''));
      }),
    );
  });

  it('are spelled as a URL parser spells them, which follows RFC 5952', () => {
    fc.assert(
      fc.property(sparse, (groups) => {
        expect(addressOfDigits(groups.join(''))).toBe(new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1));
      }),
    );
  });
});

it.each(['', 'localhost', '192.0.2', '192.0.2.256', '192.0.02.1', ':', '2001:db8', '[::1]'])(
  '%j is no address',
  (text) => {
    expect(digitsOfAddress(text)).toBeNull();
  },
);
