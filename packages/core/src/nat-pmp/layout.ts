/** The messages of NAT-PMP (RFC 6886), each once, as data. */
import type { Fields } from '../pcp/fields.ts';
import type { Direction, Form } from '../pcp/forms.ts';

/** What every response has after the opcode (3.5). */
const RESPONSE_HEADER: Fields = [
  ['resultCode', 'u16'],
  ['epochSeconds', 'u32'],
];

/** 3.3, after reserved bytes in a request, and after the header in a response. */
const MAP: Fields = [
  ['internalPort', 'u16'],
  ['externalPort', 'u16'],
  ['lifetimeSeconds', 'u32'],
];

/** The index is the opcode (3.2, 3.3). */
function formsOf(externalAddress: Fields, map: Fields): readonly Form[] {
  return [
    [{ kind: 'external-address' }, externalAddress],
    [{ kind: 'map', protocol: 'UDP' }, map],
    [{ kind: 'map', protocol: 'TCP' }, map],
  ];
}

const RESERVED: Fields = [2];

export const NAT_PMP_REQUESTS: Direction = {
  version: 0,
  offset: 0,
  forms: /* @__PURE__ */ formsOf([], /* @__PURE__ */ RESERVED.concat(MAP)),
};

export const NAT_PMP_RESPONSES: Direction = {
  version: 0,
  offset: 128,
  forms: /* @__PURE__ */ formsOf(
    /* @__PURE__ */ RESPONSE_HEADER.concat([['address', 'ipv4']]),
    /* @__PURE__ */ RESPONSE_HEADER.concat(MAP),
  ),
};

/** Responses to a request of any opcode, told by their result codes (3.5). */
export const UNSUPPORTED: readonly Form[] = [
  [{ kind: 'unsupported-version', resultCode: 1 }, RESPONSE_HEADER],
  [{ kind: 'unsupported-opcode', resultCode: 5 }, RESPONSE_HEADER],
];

/** A response to any request with this opcode. */
export function answerTo(opcode: number, form: Form): Direction {
  return { ...NAT_PMP_RESPONSES, offset: NAT_PMP_RESPONSES.offset + opcode, forms: [form] };
}
