/** The headers, opcodes and options of PCP version 2 (RFC 6887), each once, as data. */
import type { Fields } from './fields.ts';
import type { PcpOperation, PcpOption } from './message.ts';

export const PCP_VERSION = 2;
/** The R bit of the second byte: set in a response (7.1, 7.2). */
export const RESPONSE_BIT = 0x80;

/** A packet has 24 to 1100 bytes, and a multiple of 4 (7). */
export const MIN_BYTES = 24;
export const MAX_BYTES = 1100;

/** 7.1 */
export const REQUEST_HEADER: Fields = [
  ['version', 'u8'],
  ['opcode', 'u8'],
  2,
  ['lifetimeSeconds', 'u32'],
  ['clientAddress', 'address'],
];

/** 7.2 */
export const RESPONSE_HEADER: Fields = [
  ['version', 'u8'],
  ['opcode', 'u8'],
  1,
  ['resultCode', 'u8'],
  ['lifetimeSeconds', 'u32'],
  ['epochSeconds', 'u32'],
  12,
];

/** 11.1; a response has the same fields. */
const MAP: Fields = [
  ['nonce', 'nonce'],
  ['protocol', 'u8'],
  3,
  ['internalPort', 'u16'],
  ['externalPort', 'u16'],
  ['externalAddress', 'address'],
];

/** The fields after the header; the index is the opcode (19.1). */
export const OPCODES: readonly (readonly [opcode: PcpOperation['opcode'], fields: Fields])[] = [
  ['announce', []],
  ['map', MAP],
  ['peer', [...MAP, ['remotePort', 'u16'], 2, ['remoteAddress', 'address']]],
];

type KnownOption = Extract<PcpOption['code'], string>;

/** The options by their codes (19.4), and their data. */
export const OPTIONS: readonly (readonly [number: number, code: KnownOption, fields: Fields])[] = [
  [1, 'third-party', [['address', 'address']]],
  [2, 'prefer-failure', []],
  [3, 'filter', [1, ['prefixLength', 'prefix-length'], ['remotePort', 'u16'], ['remoteAddress', 'address']]],
];

/** 7.3; the length is that of the data, without its padding. */
export const OPTION_HEADER: Fields = [['code', 'u8'], 1, ['length', 'u16']];
