import type { Result } from '../result.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { checkWhole } from '../invalid-argument.ts';
import { bytesOf, type Values } from '../pcp/fields.ts';
import { encodeForm } from '../pcp/forms.ts';
import { answerTo, NAT_PMP_REQUESTS, NAT_PMP_RESPONSES, UNSUPPORTED } from './layout.ts';
import type { NatPmpRequest, NatPmpResponse } from './message.ts';

/**
 * The datagram of a NAT-PMP request (RFC 6886, 3.2, 3.3).
 *
 * Errors: an unknown kind or protocol, a number out of the range of its field.
 */
export function encodeNatPmpRequest(request: NatPmpRequest): Result<Uint8Array, InvalidArgumentError> {
  return encodeForm(NAT_PMP_REQUESTS, Object(request) as Values).map(bytesOf);
}

/**
 * The datagram of a NAT-PMP response, or of an announcement (RFC 6886, 3.2.1). Of the kinds `unsupported-version` and
 * `unsupported-opcode`, the result code is 1 and 5.
 *
 * Errors: as {@link encodeNatPmpRequest}; a text that is no IPv4 address.
 */
export function encodeNatPmpResponse(response: NatPmpResponse): Result<Uint8Array, InvalidArgumentError> {
  const values = Object(response) as Values;
  const form = UNSUPPORTED.find(([{ kind }]) => kind === values['kind']);
  const encoded =
    form === undefined
      ? encodeForm(NAT_PMP_RESPONSES, values)
      : checkWhole('opcode', values['opcode'], 0, 127).andThen((opcode) =>
          encodeForm(answerTo(opcode, form), { ...values, ...form[0] }),
        );
  return encoded.map(bytesOf);
}
