import { err, type Result } from '../result.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { checkWhole, invalidArgument } from '../invalid-argument.ts';
import { writeFields, type Values } from '../pcp/fields.ts';
import { NAT_PMP_VERSION, OPERATIONS, RESPONSE_HEADER, RESPONSE_OPCODE, UNSUPPORTED } from './layout.ts';
import type { NatPmpRequest, NatPmpResponse } from './message.ts';

/**
 * The datagram of a NAT-PMP request (RFC 6886, 3.2, 3.3).
 *
 * Errors: an unknown kind or protocol, a number out of the range of its field.
 */
export function encodeNatPmpRequest(request: NatPmpRequest): Result<Uint8Array, InvalidArgumentError> {
  return encodeOperation(request, 'request', 0);
}

/**
 * The datagram of a NAT-PMP response, or of an announcement (RFC 6886, 3.2.1). The kind decides about result codes 1 and 5.
 *
 * Errors: as {@link encodeNatPmpRequest}; a text that is no IPv4 address.
 */
export function encodeNatPmpResponse(response: NatPmpResponse): Result<Uint8Array, InvalidArgumentError> {
  const values = Object(response) as Values;
  const [resultCode] = UNSUPPORTED.find(([, kind]) => kind === values['kind']) ?? [];
  if (resultCode === undefined) return encodeOperation(response, 'response', RESPONSE_OPCODE);
  return checkWhole('opcode', values['opcode'], 0, RESPONSE_OPCODE - 1)
    .andThen((opcode) =>
      writeFields(RESPONSE_HEADER, { ...values, version: 0, opcode: RESPONSE_OPCODE + opcode, resultCode }),
    )
    .map((bytes) => Uint8Array.from(bytes));
}

function encodeOperation(
  message: NatPmpRequest | NatPmpResponse,
  direction: 'request' | 'response',
  offset: number,
): Result<Uint8Array, InvalidArgumentError> {
  const values = Object(message) as Values;
  const index = OPERATIONS.findIndex(({ is }) => Object.keys(is).every((name) => is[name] === values[name]));
  const operation = OPERATIONS[index];
  if (operation === undefined) {
    const expected = 'external-address, or map with protocol TCP or UDP';
    return err(invalidArgument('wrong-type', 'kind', expected, values['kind']));
  }
  return writeFields(operation[direction], { ...values, version: NAT_PMP_VERSION, opcode: offset + index }).map(
    (bytes) => Uint8Array.from(bytes),
  );
}
