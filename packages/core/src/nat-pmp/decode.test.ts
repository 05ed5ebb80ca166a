import { describe, expect, it } from 'vitest';
import { bytesOfHex } from '../pcp/messages.test-support.ts';
import { decodeNatPmpRequest, decodeNatPmpResponse } from './decode.ts';
import { encodeNatPmpRequest, encodeNatPmpResponse } from './encode.ts';

describe('decodeNatPmpResponse refuses', () => {
  it.each([
    ['nothing', new Uint8Array(), 'version 0'],
    ['PCP', bytesOfHex('02 81 0001', '00000000', '00000001', '00'.repeat(12)), 'version 0'],
    ['version 1', bytesOfHex('01 80 0000', '00000001', 'cb007109'), 'version 0'],
    ['a request', bytesOfHex('00 00'), 'a known response'],
    ['a request that looks like an error', bytesOfHex('00 01 0001', '00000001'), 'a known response'],
    ['a response to no known opcode', bytesOfHex('00 83 0000', '00000001', 'cb007109', '00000000'), 'a known response'],
    ['an address that is cut', bytesOfHex('00 80 0000', '00000001', 'cb0071'), '10 bytes'],
    ['an error that is cut', bytesOfHex('00 82 0002', '00000001'), '14 bytes'],
    // miniupnpd 2.3.1 sends this for a PCP request of 25 bytes: version 0, MALFORMED_REQUEST, no lifetime, epoch 60.
    [
      'a PCP error of version 0',
      bytesOfHex('00 80 00 03', '00000000', '0000003c', '00'.repeat(12)),
      'fewer than 24 bytes',
    ],
    ['a long result 5', bytesOfHex('00 80 0005', '00000001', '00'.repeat(16)), 'fewer than 24 bytes'],
  ])('%s', (_name, datagram, expected) => {
    expect(decodeNatPmpResponse(datagram)._unsafeUnwrapErr()).toMatchObject({
      kind: 'malformed',
      code: 'datagram',
      expected,
    });
  });

  it.each([undefined, null, 'text', 7, [0, 128], {}])('%j, as an argument', (value) => {
    for (const decode of [decodeNatPmpRequest, decodeNatPmpResponse]) {
      expect(decode(value as never)._unsafeUnwrapErr()).toMatchObject({
        kind: 'invalid-argument',
        argument: 'datagram',
      });
    }
  });
});

it.each([8, 12, 24, 60, 1100])('result 1 is "version not supported" in %i bytes, with any opcode', (length) => {
  for (const opcode of [0, 1, 2, 3, 127]) {
    const datagram = new Uint8Array(length);
    datagram.set([0, 128 + opcode, 0, 1, 0, 0, 0, 9]);
    expect(decodeNatPmpResponse(datagram)._unsafeUnwrap()).toEqual({
      kind: 'unsupported-version',
      opcode,
      resultCode: 1,
      epochSeconds: 9,
    });
  }
});

it('result 257 is not result 1', () => {
  const datagram = bytesOfHex('00 80 0101', '00000001', '00000000');
  expect(decodeNatPmpResponse(datagram)._unsafeUnwrap()).toMatchObject({ kind: 'external-address', resultCode: 257 });
});

it.each([
  ['a response', bytesOfHex('00 80'), 'a known request'],
  ['an unknown opcode', bytesOfHex('00 03'), 'a known request'],
  ['PCP', bytesOfHex('02 00'), 'version 0'],
  ['24 bytes', new Uint8Array(24), 'fewer than 24 bytes'],
])('decodeNatPmpRequest refuses %s', (_name, datagram, expected) => {
  expect(decodeNatPmpRequest(datagram)._unsafeUnwrapErr()).toMatchObject({ kind: 'malformed', expected });
});

const MAP = { kind: 'map', protocol: 'TCP', internalPort: 80, externalPort: 0, lifetimeSeconds: 60 } as const;

it.each([
  ['no message', undefined, 'message'],
  ['an unknown kind', { kind: 'unsupported-version', opcode: 1 }, 'message'],
  ['an unknown protocol', { ...MAP, protocol: 'SCTP' }, 'message'],
  ['a protocol in lower case', { ...MAP, protocol: 'tcp' }, 'message'],
  ['a port of 17 bits', { ...MAP, internalPort: 65_536 }, 'internalPort'],
  ['a negative port', { ...MAP, externalPort: -1 }, 'externalPort'],
  ['a lifetime of 33 bits', { ...MAP, lifetimeSeconds: 4_294_967_296 }, 'lifetimeSeconds'],
])('encodeNatPmpRequest refuses %s', (_name, message, argument) => {
  expect(encodeNatPmpRequest(message as never)._unsafeUnwrapErr()).toMatchObject({
    kind: 'invalid-argument',
    argument,
  });
});

const ADDRESS = { kind: 'external-address', resultCode: 0, epochSeconds: 1, address: '203.0.113.9' } as const;

it.each([
  ['no message', undefined, 'message'],
  ['an IPv6 address', { ...ADDRESS, address: '2001:db8::1' }, 'address'],
  ['no address', { ...ADDRESS, address: undefined }, 'address'],
  ['a result code of 17 bits', { ...ADDRESS, resultCode: 65_536 }, 'resultCode'],
  ['no epoch', { ...ADDRESS, epochSeconds: undefined }, 'epochSeconds'],
  ['an opcode of 8 bits', { kind: 'unsupported-opcode', opcode: 128, resultCode: 5, epochSeconds: 1 }, 'opcode'],
])('encodeNatPmpResponse refuses %s', (_name, message, argument) => {
  expect(encodeNatPmpResponse(message as never)._unsafeUnwrapErr()).toMatchObject({
    kind: 'invalid-argument',
    argument,
  });
});
