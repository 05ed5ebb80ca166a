import { describe, expect, it } from 'vitest';
import { decodePcpRequest, decodePcpResponse, versionOf } from './decode.ts';
import { bytesOfHex } from './messages.test-support.ts';
import { isMandatoryOption } from './options.ts';

const CLIENT = '00000000 00000000 0000ffff c0000214';
const announce = (...options: readonly string[]): Uint8Array =>
  bytesOfHex('02 80 00 00', '00000000', '00000001', '00000000 00000000 00000000', ...options);
/** An error response, which repeats the options of its request. */
const refused = (...options: readonly string[]): Uint8Array => announce(...options).with(3, 6);

describe('versionOf', () => {
  it.each([
    [[2], 2],
    [[0, 128], 0],
    [[1, 2, 3], 1],
    [[255], 255],
    [[], null],
  ])('%j: %j', (bytes, version) => {
    expect(versionOf(Uint8Array.from(bytes))).toBe(version);
  });

  it('is null for what is no bytes', () => {
    expect(versionOf('2' as never)).toBeNull();
    expect(versionOf(undefined as never)).toBeNull();
  });
});

describe('decodePcpResponse refuses', () => {
  it.each([
    ['nothing', new Uint8Array(), 'version 2'],
    ['version 1', announce().with(0, 1), 'version 2'],
    ['version 0, which is NAT-PMP', announce().with(0, 0), 'version 2'],
    ['version 3', announce().with(0, 3), 'version 2'],
    ['a request', bytesOfHex('02 00 0000', '00000000', CLIENT), 'a known response'],
    ['an unknown opcode', announce().with(1, 0x83), 'a known response'],
    ['20 bytes', announce().subarray(0, 20), '22 bytes'],
    ['25 bytes', bytesOfHex('0280000000000000', '00'.repeat(17)), 'at most 1100 bytes, in fours'],
    ['26 bytes', bytesOfHex('0280000000000000', '00'.repeat(18)), 'at most 1100 bytes, in fours'],
    ['1104 bytes', announce('80000434', '00'.repeat(1076)), 'at most 1100 bytes, in fours'],
    ['an option without its data', announce('01 00 0010'), '16 bytes'],
    ['an option that is cut', announce('01 00 0010', '00'.repeat(12)), '16 bytes'],
    ['an unknown option that is cut', announce('80 00 0005', '00000000'), '5 bytes'],
    ['an option that is too long for its code', announce('02 00 0004', '00000000'), '0 bytes'],
    ['an option that is too short for its code', announce('03 00 0010', '00'.repeat(16)), '20 bytes'],
    ['a prefix of 129 bits', announce('03 00 0014', '00 81 0000', CLIENT), 'at most 128'],
  ])('%s', (_name, datagram, expected) => {
    const error = decodePcpResponse(datagram)._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'malformed', code: 'datagram', expected });
    expect(error.hint).toMatch(/./);
  });

  it.each([undefined, null, 'text', 7, [2, 128], {}])('%j, as an argument', (value) => {
    for (const decode of [decodePcpRequest, decodePcpResponse]) {
      expect(decode(value as never)._unsafeUnwrapErr()).toMatchObject({
        kind: 'invalid-argument',
        argument: 'datagram',
      });
    }
  });
});

describe('decodePcpRequest refuses', () => {
  it.each([
    ['a response', announce(), 'a known request'],
    ['an unknown opcode', bytesOfHex('02 03 0000', '00000000', CLIENT), 'a known request'],
    ['MAP without its fields', bytesOfHex('02 01 0000', '00000000', CLIENT), '58 bytes'],
    ['a broken option', bytesOfHex('02 00 0000', '00000000', CLIENT, '01 00 0010'), '16 bytes'],
  ])('%s', (_name, datagram, expected) => {
    expect(decodePcpRequest(datagram)._unsafeUnwrapErr()).toMatchObject({ kind: 'malformed', expected });
  });
});

describe('decodePcpResponse is liberal about', () => {
  it('reserved bytes and padding', () => {
    const datagram = bytesOfHex(
      '02 80 ff 00',
      '00000000',
      '00000001',
      'ffffffff ffffffff ffffffff',
      '80 ff 0001',
      '07ffffff',
    );
    expect(decodePcpResponse(datagram)._unsafeUnwrap()).toEqual({
      opcode: 'announce',
      resultCode: 0,
      lifetimeSeconds: 0,
      epochSeconds: 1,
      options: [{ code: 128, data: Uint8Array.of(7) }],
    });
  });

  it.each([
    ['cut', refused('02 00 0000', '01 00 0010', '00'.repeat(12)), [{ code: 'prefer-failure' }]],
    ['of another length', refused('02 00 0004', '00000000', '02 00 0000'), []],
    [
      'with a prefix of 129 bits',
      refused('02 00 0000', '03 00 0014', '00 81 0000', CLIENT),
      [{ code: 'prefer-failure' }],
    ],
  ])('the options of an error, %s', (_name, datagram, options) => {
    expect(decodePcpResponse(datagram)._unsafeUnwrap()).toMatchObject({ resultCode: 6, options });
  });

  it('result codes that RFC 6887 does not have', () => {
    expect(decodePcpResponse(announce().with(3, 255))._unsafeUnwrap()).toMatchObject({ resultCode: 255 });
  });

  it('a view of a larger buffer', () => {
    const buffer = Uint8Array.of(9, 9, 9, 9, ...announce(), 9);
    expect(decodePcpResponse(buffer.subarray(4, 28))).toEqual(decodePcpResponse(announce()));
  });
});

it('1100 bytes are read', () => {
  const { options } = decodePcpResponse(announce('80000430', '00'.repeat(1072)))._unsafeUnwrap();
  expect(options).toEqual([{ code: 128, data: new Uint8Array(1072) }]);
});

it.each([
  [0, true],
  [1, true],
  [3, true],
  [127, true],
  [128, false],
  [255, false],
])('option %i is mandatory: %s', (code, isMandatory) => {
  expect(isMandatoryOption(code)).toBe(isMandatory);
});
