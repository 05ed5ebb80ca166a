import { describe, expect, it } from 'vitest';
import { decodePcpRequest } from './decode.ts';
import { encodePcpRequest, encodePcpResponse } from './encode.ts';
import type { PcpRequest } from './message.ts';

const MAP = {
  opcode: 'map',
  lifetimeSeconds: 120,
  clientAddress: '192.0.2.20',
  nonce: '0102030405060708090a0b0c',
  protocol: 6,
  internalPort: 80,
  externalPort: 0,
  externalAddress: '0.0.0.0',
  options: [],
} as const;
const FILTER = { code: 'filter', prefixLength: 128, remotePort: 0, remoteAddress: '::' } as const;

describe('encodePcpRequest refuses', () => {
  it.each([
    ['no message', undefined, 'options'],
    ['an unknown opcode', { ...MAP, opcode: 'authentication' }, 'message'],
    ['no options', { ...MAP, options: undefined }, 'options'],
    ['options that are no list', { ...MAP, options: { length: 0 } }, 'options'],
    ['a lifetime of 33 bits', { ...MAP, lifetimeSeconds: 4_294_967_296 }, 'lifetimeSeconds'],
    ['a negative lifetime', { ...MAP, lifetimeSeconds: -1 }, 'lifetimeSeconds'],
    ['half a second', { ...MAP, lifetimeSeconds: 0.5 }, 'lifetimeSeconds'],
    ['a host name', { ...MAP, clientAddress: 'mypc.lan' }, 'clientAddress'],
    ['an address that another reader reads otherwise', { ...MAP, clientAddress: '010.0.0.1' }, 'clientAddress'],
    ['no address', { ...MAP, externalAddress: undefined }, 'externalAddress'],
    ['a nonce that is too short', { ...MAP, nonce: '0102' }, 'nonce'],
    ['a nonce that is too long', { ...MAP, nonce: `${MAP.nonce}0d` }, 'nonce'],
    ['a nonce in upper case', { ...MAP, nonce: MAP.nonce.toUpperCase() }, 'nonce'],
    ['a nonce that is no text', { ...MAP, nonce: 7 }, 'nonce'],
    ['a protocol of 9 bits', { ...MAP, protocol: 256 }, 'protocol'],
    ['a protocol that is a name', { ...MAP, protocol: 'TCP' }, 'protocol'],
    ['a port of 17 bits', { ...MAP, internalPort: 65_536 }, 'internalPort'],
    ['a port that is no number', { ...MAP, externalPort: Number.NaN }, 'externalPort'],
    ['no remote port', { ...MAP, opcode: 'peer', remoteAddress: '::' }, 'remotePort'],
    ['an option of no known name', { ...MAP, options: [{ code: 'nonsense' }] }, 'code'],
    ['an option that is none', { ...MAP, options: [null] }, 'code'],
    ['an option code of 9 bits', { ...MAP, options: [{ code: 256, data: new Uint8Array() }] }, 'code'],
    ['an option without data', { ...MAP, options: [{ code: 128 }] }, 'data'],
    ['an option with a text as data', { ...MAP, options: [{ code: 128, data: 'text' }] }, 'data'],
    ['a prefix of 129 bits', { ...MAP, options: [{ ...FILTER, prefixLength: 129 }] }, 'prefixLength'],
    ['a filter without an address', { ...MAP, options: [{ ...FILTER, remoteAddress: '' }] }, 'remoteAddress'],
  ])('%s', (_name, message, argument) => {
    const error = encodePcpRequest(message as never)._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'invalid-argument', argument });
  });
});

it('encodePcpResponse refuses a result code of 9 bits, and no epoch', () => {
  const response = { opcode: 'announce', resultCode: 0, lifetimeSeconds: 0, epochSeconds: 0, options: [] } as const;
  expect(encodePcpResponse({ ...response, resultCode: 256 })._unsafeUnwrapErr().argument).toBe('resultCode');
  expect(encodePcpResponse({ ...response, epochSeconds: undefined as never })._unsafeUnwrapErr().argument).toBe(
    'epochSeconds',
  );
});

it('a packet has at most 1100 bytes', () => {
  const message = (length: number): PcpRequest => ({ ...MAP, options: [{ code: 128, data: new Uint8Array(length) }] });
  expect(encodePcpRequest(message(1036))._unsafeUnwrap()).toHaveLength(1100);
  expect(encodePcpRequest(message(1037))._unsafeUnwrapErr()).toMatchObject({ code: 'out-of-range' });
});

it.each([
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:192.0.2.20', '192.0.2.20'],
  ['2001:DB8:0::1', '2001:db8::1'],
])('the address %s is sent as %s', (clientAddress, read) => {
  const datagram = encodePcpRequest({ ...MAP, clientAddress })._unsafeUnwrap();
  expect(decodePcpRequest(datagram)._unsafeUnwrap()).toMatchObject({ clientAddress: read });
});

it('the numbers of known options may have any data, for tests of servers', () => {
  const datagram = encodePcpRequest({ ...MAP, options: [{ code: 1, data: Uint8Array.of(1) }] })._unsafeUnwrap();
  expect([...datagram.subarray(60)]).toEqual([1, 0, 0, 1, 1, 0, 0, 0]);
});
