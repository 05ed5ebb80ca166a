/** The headers, opcodes and options of PCP version 2 (RFC 6887), each once, as data. */
import type { Fields } from './fields.ts';
import type { Direction, Form } from './forms.ts';
import type { PcpOption } from './message.ts';

/** A packet has 24 to 1100 bytes, and a multiple of 4 (7). */
export const MIN_BYTES = 24;
export const MAX_BYTES = 1100;

/** 7.1, after the opcode. */
const REQUEST_HEADER: Fields = [2, ['lifetimeSeconds', 'u32'], ['clientAddress', 'address']];

/** 7.2, after the opcode. */
const RESPONSE_HEADER: Fields = [1, ['resultCode', 'u8'], ['lifetimeSeconds', 'u32'], ['epochSeconds', 'u32'], 12];

/** 11.1 */
const MAP: Fields = [
  ['nonce', 'nonce'],
  ['protocol', 'u8'],
  3,
  ['internalPort', 'u16'],
  ['externalPort', 'u16'],
  ['externalAddress', 'address'],
];

/** 12.1, after the fields of MAP. */
const PEER: Fields = [['remotePort', 'u16'], 2, ['remoteAddress', 'address']];

/** A response has the same fields after its header; the index is the opcode (19.1). */
function withHeader(header: Fields): readonly Form[] {
  return [
    [{ opcode: 'announce' }, header],
    [{ opcode: 'map' }, header.concat(MAP)],
    [{ opcode: 'peer' }, header.concat(MAP, PEER)],
  ];
}

export const PCP_REQUESTS: Direction = {
  version: 2,
  offset: 0,
  forms: /* @__PURE__ */ withHeader(REQUEST_HEADER),
};

/** The R bit is set (7.2). */
export const PCP_RESPONSES: Direction = {
  version: 2,
  offset: 128,
  forms: /* @__PURE__ */ withHeader(RESPONSE_HEADER),
};

type KnownOption = Extract<PcpOption['code'], string>;

/** The options by their codes (19.4), and their data. */
export const OPTIONS: readonly (readonly [number: number, code: KnownOption, fields: Fields])[] = [
  [1, 'third-party', [['address', 'address']]],
  [2, 'prefer-failure', []],
  [3, 'filter', [1, ['prefixLength', 'prefix'], ['remotePort', 'u16'], ['remoteAddress', 'address']]],
];

/** 7.3; the length is that of the data, without its padding. */
export const OPTION_HEADER: Fields = [['code', 'u8'], 1, ['length', 'u16']];
