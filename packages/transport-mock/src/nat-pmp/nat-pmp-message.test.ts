import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../port-control/port-control.test-support.ts';
import { readNatPmpRequest, writeExternalAddress, writeNatPmpHead, writeNatPmpMapping } from './nat-pmp-message.ts';

describe('a request', () => {
  test('RFC 6886, 3.2: the external address, in two bytes', () => {
    expect(readNatPmpRequest(fromHex('00 00'))).toEqual({ kind: 'external-address' });
  });

  test.each([
    ['00 01 0000 1e61 1e62 00000e10', 'UDP', 3600],
    ['00 02 0000 1e61 1e62 ffffffff', 'TCP', 4_294_967_295],
  ])('RFC 6886, 3.3: %s', (text, protocol, lifetimeSeconds) => {
    expect(readNatPmpRequest(fromHex(text))).toEqual({
      kind: 'map',
      protocol,
      internalPort: 7777,
      externalPort: 7778,
      lifetimeSeconds,
    });
  });

  test('an unknown opcode is told from a response', () => {
    expect(readNatPmpRequest(fromHex('00 03'))).toEqual({ kind: 'unknown', opcode: 3 });
    expect(readNatPmpRequest(fromHex('00 7f'))).toEqual({ kind: 'unknown', opcode: 127 });
    expect(readNatPmpRequest(fromHex('00 80'))).toBeNull();
  });

  test('every cut of a mapping request is noticed', () => {
    const whole = fromHex('00 01 0000 1e61 1e62 00000e10');
    for (let length = 2; length < whole.length; length += 1) {
      expect(readNatPmpRequest(whole.slice(0, length))).toBeNull();
    }
    for (const length of [0, 1]) expect(readNatPmpRequest(whole.slice(0, length))).toBeNull();
  });
});

test('responses stand as the figures of RFC 6886, 3.2, 3.3 and 3.5 have them', () => {
  const mapping = { protocol: 'UDP', internalPort: 7777, externalPort: 7778, lifetimeSeconds: 3600 } as const;
  expect(toHex(writeExternalAddress(0, 0x01020304, '5.5.5.1'))).toBe('008000000102030405050501');
  expect(toHex(writeExternalAddress(3, 7, ''))).toBe('008000030000000700000000');
  expect(toHex(writeNatPmpMapping(0, 7, mapping))).toBe('00810000000000071e611e6200000e10');
  expect(toHex(writeNatPmpMapping(0, 7, { ...mapping, protocol: 'TCP' }))).toBe('00820000000000071e611e6200000e10');
  expect(toHex(writeNatPmpHead(1, 1, 0xffff_ffff))).toBe('00810001ffffffff');
});
