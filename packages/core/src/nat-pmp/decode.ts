import { err, ok, type Result } from '../result.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { checkBytes } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';
import { decodeForm, type Direction } from '../pcp/forms.ts';
import { MIN_BYTES as PCP_BYTES } from '../pcp/layout.ts';
import { answerTo, NAT_PMP_REQUESTS, NAT_PMP_RESPONSES, UNSUPPORTED } from './layout.ts';
import type { NatPmpRequest, NatPmpResponse, NatPmpUnsupported } from './message.ts';

/**
 * The NAT-PMP request in a datagram (RFC 6886, 3.2, 3.3). Some bytes more are ignored.
 *
 * Errors (`datagram`): too short, 24 bytes or more, another version than 0, an opcode other than 0, 1 and 2.
 */
export function decodeNatPmpRequest(
  datagram: Uint8Array,
): Result<NatPmpRequest, MalformedError | InvalidArgumentError> {
  return decodeNatPmp<NatPmpRequest>(datagram, NAT_PMP_REQUESTS);
}

/**
 * The NAT-PMP response or announcement in a datagram (RFC 6886, 3.2.1). It may be of anybody: compare opcode and
 * internal port. Some bytes more are ignored.
 *
 * Errors (`datagram`): too short, another version than 0, an opcode that answers none of 0, 1 and 2; 24 bytes or more,
 * except in an answer with result 1. miniupnpd 2.3.1 answers a PCP request of an odd length with a PCP error of version 0,
 * which would read as "the router has no Internet connection".
 */
export function decodeNatPmpResponse(
  datagram: Uint8Array,
): Result<NatPmpResponse, MalformedError | InvalidArgumentError> {
  const [, second = 0, high = 0, low = 0] = checkBytes('datagram', datagram).unwrapOr([]);
  const opcode = second - NAT_PMP_RESPONSES.offset;
  const form = UNSUPPORTED.find(([{ resultCode }]) => resultCode === high * 256 + low);
  if (form === undefined || opcode < 0) return decodeNatPmp<NatPmpResponse>(datagram, NAT_PMP_RESPONSES);
  return decodeNatPmp<NatPmpUnsupported & NatPmpResponse>(datagram, answerTo(opcode, form)).map((answer) => ({
    ...answer,
    opcode,
  }));
}

function decodeNatPmp<Message>(
  datagram: Uint8Array,
  direction: Direction,
): Result<Message, MalformedError | InvalidArgumentError> {
  return decodeForm(direction, datagram).andThen(([message]) => {
    const { length } = datagram;
    // The tables name the properties of that message, and each field has its property's type.
    if (length < PCP_BYTES || message['kind'] === 'unsupported-version') return ok(message as unknown as Message);
    return err(malformed('datagram', `fewer than ${PCP_BYTES} bytes`, 'its end', `${length} bytes`));
  });
}
