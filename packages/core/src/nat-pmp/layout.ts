/** The messages of NAT-PMP (RFC 6886), each once, as data. */
import type { Fields, Values } from '../pcp/fields.ts';
import type { NatPmpUnsupported } from './message.ts';

export const NAT_PMP_VERSION = 0;
/** What the opcode of a response has more than that of its request (3.2). */
export const RESPONSE_OPCODE = 128;

const REQUEST_HEADER: Fields = [
  ['version', 'u8'],
  ['opcode', 'u8'],
];

/** Of every response (3.5). */
export const RESPONSE_HEADER: Fields = [...REQUEST_HEADER, ['resultCode', 'u16'], ['epochSeconds', 'u32']];

const PORTS: Fields = [
  ['internalPort', 'u16'],
  ['externalPort', 'u16'],
  ['lifetimeSeconds', 'u32'],
];
const MAP_REQUEST: Fields = [...REQUEST_HEADER, 2, ...PORTS];
const MAP_RESPONSE: Fields = [...RESPONSE_HEADER, ...PORTS];

/** An operation: the properties that tell it from the others, and its messages. */
interface Operation {
  readonly is: Values;
  readonly request: Fields;
  readonly response: Fields;
}

/** The index is the opcode (3.2, 3.3). */
export const OPERATIONS: readonly Operation[] = [
  {
    is: { kind: 'external-address' },
    request: REQUEST_HEADER,
    response: [...RESPONSE_HEADER, ['address', 'ipv4']],
  },
  { is: { kind: 'map', protocol: 'UDP' }, request: MAP_REQUEST, response: MAP_RESPONSE },
  { is: { kind: 'map', protocol: 'TCP' }, request: MAP_REQUEST, response: MAP_RESPONSE },
];

/** Result codes of responses without fields of an operation (3.5). */
export const UNSUPPORTED: readonly (readonly [resultCode: number, kind: NatPmpUnsupported['kind']])[] = [
  [1, 'unsupported-version'],
  [5, 'unsupported-opcode'],
];
