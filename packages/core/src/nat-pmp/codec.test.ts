import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import type { Result } from '../result.ts';
import { versionOf } from '../pcp/decode.ts';
import { bytesOfHex } from '../pcp/messages.test-support.ts';
import { decodeNatPmpRequest, decodeNatPmpResponse } from './decode.ts';
import { encodeNatPmpRequest, encodeNatPmpResponse } from './encode.ts';
import type { NatPmpRequest, NatPmpResponse } from './message.ts';

/** As the figures of RFC 6886 have them. */
const REQUESTS: readonly (readonly [clauses: string, message: NatPmpRequest, datagram: Uint8Array])[] = [
  ['the external address (3.2)', { kind: 'external-address' }, bytesOfHex('00 00')],
  [
    'a UDP port (3.3)',
    { kind: 'map', protocol: 'UDP', internalPort: 7777, externalPort: 0, lifetimeSeconds: 7200 },
    bytesOfHex('00 01 0000', '1e61 0000', '00001c20'),
  ],
  [
    'a TCP port (3.3)',
    { kind: 'map', protocol: 'TCP', internalPort: 80, externalPort: 65_535, lifetimeSeconds: 4_294_967_295 },
    bytesOfHex('00 02 0000', '0050 ffff', 'ffffffff'),
  ],
  [
    'the end of a mapping (3.4)',
    { kind: 'map', protocol: 'TCP', internalPort: 80, externalPort: 0, lifetimeSeconds: 0 },
    bytesOfHex('00 02 0000', '0050 0000', '00000000'),
  ],
];

const RESPONSES: readonly (readonly [clauses: string, message: NatPmpResponse, datagram: Uint8Array])[] = [
  [
    'the external address, also as an announcement (3.2, 3.2.1)',
    { kind: 'external-address', resultCode: 0, epochSeconds: 16_909_060, address: '203.0.113.9' },
    bytesOfHex('00 80 0000', '01020304', 'cb007109'),
  ],
  [
    'no external address behind a private one: result 3 (3.2, 3.5)',
    { kind: 'external-address', resultCode: 3, epochSeconds: 60, address: '0.0.0.0' },
    bytesOfHex('00 80 0003', '0000003c', '00000000'),
  ],
  [
    'a UDP port (3.3)',
    {
      kind: 'map',
      protocol: 'UDP',
      resultCode: 0,
      epochSeconds: 1,
      internalPort: 1,
      externalPort: 51_413,
      lifetimeSeconds: 60,
    },
    bytesOfHex('00 81 0000', '00000001', '0001 c8d5', '0000003c'),
  ],
  [
    'a TCP port that is refused (3.3, 3.5)',
    {
      kind: 'map',
      protocol: 'TCP',
      resultCode: 2,
      epochSeconds: 4_294_967_295,
      internalPort: 80,
      externalPort: 0,
      lifetimeSeconds: 0,
    },
    bytesOfHex('00 82 0002', 'ffffffff', '0050 0000', '00000000'),
  ],
  [
    'PCP is not supported: 8 bytes (3.5; RFC 6887, 9)',
    { kind: 'unsupported-version', opcode: 1, resultCode: 1, epochSeconds: 256 },
    bytesOfHex('00 81 0001', '00000100'),
  ],
  [
    'an opcode is not supported: 8 bytes (3.5)',
    { kind: 'unsupported-opcode', opcode: 127, resultCode: 5, epochSeconds: 256 },
    bytesOfHex('00 ff 0005', '00000100'),
  ],
];

type Message = NatPmpRequest | NatPmpResponse;

/** The codecs of both directions. Each encoder gets the messages of its own table alone. */
const DIRECTIONS: readonly (readonly [
  name: string,
  table: readonly (readonly [clauses: string, message: Message, datagram: Uint8Array])[],
  encode: (message: never) => Result<Uint8Array, InvalidArgumentError>,
  decode: (datagram: Uint8Array) => Result<Message, MalformedError | InvalidArgumentError>,
])[] = [
  ['requests', REQUESTS, encodeNatPmpRequest, decodeNatPmpRequest],
  ['responses', RESPONSES, encodeNatPmpResponse, decodeNatPmpResponse],
];

describe.each(DIRECTIONS)('NAT-PMP %s', (_name, table, encodeAny, decode) => {
  const encode = (message: object): Result<Uint8Array, InvalidArgumentError> => encodeAny(message as never);

  it.each(table)('encode: %s', (_clauses, message, datagram) => {
    expect(encode(message)._unsafeUnwrap()).toEqual(datagram);
  });

  it.each(table)('decode: %s', (_clauses, message, datagram) => {
    expect(decode(datagram)._unsafeUnwrap()).toEqual(message);
    expect(versionOf(datagram)).toBe(0);
  });

  it.each(table)('cut anywhere, are refused: %s', (_clauses, _message, datagram) => {
    for (let length = 0; length < datagram.length; length += 1) {
      const error = decode(datagram.subarray(0, length))._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind: 'malformed', code: 'datagram' });
    }
  });

  it.each(table)('are read with some bytes more: %s', (_clauses, message, datagram) => {
    for (const more of [1, 4, 23 - datagram.length]) {
      expect(decode(Uint8Array.of(...datagram, ...new Uint8Array(more).fill(9)))._unsafeUnwrap()).toEqual(message);
    }
  });

  it.each(table)(
    'with any byte changed, never make it throw, and stay a message or an error: %s',
    (_c, _m, datagram) => {
      for (let at = 0; at < datagram.length; at += 1) {
        for (const byte of [
          0,
          1,
          2,
          3,
          4,
          5,
          0x7f,
          0x80,
          0x81,
          0xff,
          (datagram[at] ?? 0) ^ 1,
          (datagram[at] ?? 0) ^ 0x80,
        ]) {
          const decoded = decode(datagram.with(at, byte));
          if (decoded.isErr()) expect(decoded.error.kind).toBe('malformed');
          else expect(decode(encode(decoded.value)._unsafeUnwrap())).toEqual(decoded);
        }
      }
    },
  );

  it('are not made of any bytes without a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (input) => {
        input.set([0].slice(0, input.length));
        expect(() => decode(input)).not.toThrow();
      }),
    );
  });
});

const u16 = fc.integer({ min: 0, max: 65_535 });
const u32 = fc.integer({ min: 0, max: 4_294_967_295 });
const map = {
  kind: fc.constant('map' as const),
  protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
  internalPort: u16,
  externalPort: u16,
  lifetimeSeconds: u32,
};
const result = u16.filter((code) => code !== 1 && code !== 5);
const opcode = fc.integer({ min: 0, max: 127 });

it('NAT-PMP requests come back as they were sent', () => {
  fc.assert(
    fc.property(fc.record(map), (request) => {
      expect(decodeNatPmpRequest(encodeNatPmpRequest(request)._unsafeUnwrap())._unsafeUnwrap()).toEqual(request);
    }),
  );
});

it('NAT-PMP responses come back as they were sent', () => {
  const response: fc.Arbitrary<NatPmpResponse> = fc.oneof(
    fc.record({ ...map, resultCode: result, epochSeconds: u32 }),
    fc.record({
      kind: fc.constant('external-address' as const),
      resultCode: result,
      epochSeconds: u32,
      address: fc.ipV4(),
    }),
    fc.record({
      kind: fc.constant('unsupported-version' as const),
      opcode,
      resultCode: fc.constant(1),
      epochSeconds: u32,
    }),
    fc.record({
      kind: fc.constant('unsupported-opcode' as const),
      opcode,
      resultCode: fc.constant(5),
      epochSeconds: u32,
    }),
  );
  fc.assert(
    fc.property(response, (message) => {
      expect(decodeNatPmpResponse(encodeNatPmpResponse(message)._unsafeUnwrap())._unsafeUnwrap()).toEqual(message);
    }),
  );
});
