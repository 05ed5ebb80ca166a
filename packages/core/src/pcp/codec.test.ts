import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import type { Result } from '../result.ts';
import { decodePcpRequest, decodePcpResponse, versionOf } from './decode.ts';
import { encodePcpRequest, encodePcpResponse } from './encode.ts';
import type { PcpOption, PcpRequest, PcpResponse } from './message.ts';
import { REQUESTS, RESPONSES } from './messages.test-support.ts';

type Message = PcpRequest | PcpResponse;

/** The codecs of both directions. Each encoder gets the messages of its own table alone. */
const DIRECTIONS: readonly (readonly [
  name: string,
  table: readonly (readonly [clauses: string, message: Message, datagram: Uint8Array])[],
  encode: (message: never) => Result<Uint8Array, InvalidArgumentError>,
  decode: (datagram: Uint8Array) => Result<Message, MalformedError | InvalidArgumentError>,
])[] = [
  ['requests', REQUESTS, encodePcpRequest, decodePcpRequest],
  ['responses', RESPONSES, encodePcpResponse, decodePcpResponse],
];

describe.each(DIRECTIONS)('PCP %s', (name, table, encodeAny, decode) => {
  const encode = (message: object): Result<Uint8Array, InvalidArgumentError> => encodeAny(message as never);

  it.each(table)('encode: %s', (_clauses, message, datagram) => {
    expect(encode(message)._unsafeUnwrap()).toEqual(datagram);
  });

  it.each(table)('decode: %s', (_clauses, message, datagram) => {
    expect(decode(datagram)._unsafeUnwrap()).toEqual(message);
  });

  it.each(table)('tell their version: %s', (_clauses, _message, datagram) => {
    expect(versionOf(datagram)).toBe(2);
  });

  /** One that was cut between two options is a whole one with fewer options. */
  it.each(table)('cut anywhere, are refused: %s', (_clauses, message, datagram) => {
    const ends = message.options.map((_, kept) => {
      return encode({ ...message, options: message.options.slice(0, kept) })._unsafeUnwrap().length;
    });
    for (let length = 0; length < datagram.length; length += 1) {
      const decoded = decode(datagram.subarray(0, length));
      expect(decoded.isOk(), `${length} of ${datagram.length} bytes`).toBe(ends.includes(length));
      if (decoded.isErr()) expect(decoded.error).toMatchObject({ kind: 'malformed', code: 'datagram' });
    }
  });

  it.each(table)(
    'with any byte changed, never make it throw, and stay a message or an error: %s',
    (_c, _m, datagram) => {
      for (let at = 0; at < datagram.length; at += 1) {
        for (const byte of [0, 1, 2, 3, 4, 0x7f, 0x80, 0xff, (datagram[at] ?? 0) ^ 1, (datagram[at] ?? 0) ^ 0x80]) {
          const changed = datagram.with(at, byte);
          const decoded = decode(changed);
          if (decoded.isErr()) expect(decoded.error.kind).toBe('malformed');
          else expect(decode(encode(decoded.value)._unsafeUnwrap())).toEqual(decoded);
        }
      }
    },
  );

  it('are not made of any bytes without a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), (input) => {
        input.set([2].slice(0, input.length));
        expect(() => decode(input)).not.toThrow();
      }),
    );
  });

  it('come back as they were sent', () => {
    fc.assert(
      fc.property(name === 'requests' ? anyRequest : anyResponse, (message) => {
        const bytes = encode(message)._unsafeUnwrap();
        expect(bytes.length % 4).toBe(0);
        expect(decode(bytes)._unsafeUnwrap()).toEqual(message);
      }),
    );
  });
});

const u8 = fc.integer({ min: 0, max: 255 });
const u16 = fc.integer({ min: 0, max: 65_535 });
const u32 = fc.integer({ min: 0, max: 4_294_967_295 });
const address = fc.constantFrom(
  '0.0.0.0',
  '192.168.1.20',
  '255.255.255.255',
  '::',
  '::1',
  '2001:db8::1',
  'fe80::1:0:0:1',
);
const nonce = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const option: fc.Arbitrary<PcpOption> = fc.oneof(
  fc.record({ code: fc.constant('third-party' as const), address }),
  fc.constant({ code: 'prefer-failure' as const }),
  fc.record({
    code: fc.constant('filter' as const),
    prefixLength: fc.integer({ min: 0, max: 128 }),
    remotePort: u16,
    remoteAddress: address,
  }),
  fc.record({ code: fc.integer({ min: 4, max: 255 }), data: fc.uint8Array({ maxLength: 40 }) }),
);
const map = { nonce, protocol: u8, internalPort: u16, externalPort: u16, externalAddress: address };
const operation = fc.oneof(
  fc.record({ opcode: fc.constant('announce' as const) }),
  fc.record({ opcode: fc.constant('map' as const), ...map }),
  fc.record({ opcode: fc.constant('peer' as const), ...map, remotePort: u16, remoteAddress: address }),
);
const options = fc.array(option, { maxLength: 8 });
const anyRequest = fc
  .tuple(fc.record({ lifetimeSeconds: u32, clientAddress: address, options }), operation)
  .map(([head, one]): PcpRequest => ({ ...head, ...one }));
const anyResponse = fc
  .tuple(fc.record({ resultCode: u8, lifetimeSeconds: u32, epochSeconds: u32, options }), operation)
  .map(([head, one]): PcpResponse => ({ ...head, ...one }));
