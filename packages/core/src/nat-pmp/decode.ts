import { err, type Result } from '../result.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { checkBytes } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';
import { readFields, type Fields, type Values } from '../pcp/fields.ts';
import { MIN_BYTES as PCP_BYTES } from '../pcp/layout.ts';
import { NAT_PMP_VERSION, OPERATIONS, RESPONSE_HEADER, RESPONSE_OPCODE, UNSUPPORTED } from './layout.ts';
import type { NatPmpRequest, NatPmpResponse } from './message.ts';

/**
 * The NAT-PMP request in a datagram (RFC 6886, 3.2, 3.3). Some bytes more are ignored.
 *
 * Errors (`datagram`): too short, 24 bytes or more, another version than 0, an opcode other than 0, 1 and 2.
 */
export function decodeNatPmpRequest(
  datagram: Uint8Array,
): Result<NatPmpRequest, MalformedError | InvalidArgumentError> {
  return decodeNatPmp(datagram, (opcode) => {
    const operation = OPERATIONS[opcode];
    return operation && [operation.request, operation.is];
  });
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
  return decodeNatPmp(datagram, (byte, resultCode) => {
    const opcode = byte - RESPONSE_OPCODE;
    const [, kind] = UNSUPPORTED.find(([result]) => result === resultCode) ?? [];
    if (kind !== undefined && opcode >= 0) return [RESPONSE_HEADER, { kind, opcode }];
    const operation = OPERATIONS[opcode];
    return operation && [operation.response, operation.is];
  });
}

/** The fields of a message, and what its opcode and result code say of it. */
type Form = readonly [fields: Fields, is: Values];

function decodeNatPmp<Message>(
  datagram: Uint8Array,
  formOf: (opcode: number, resultCode: number) => Form | undefined,
): Result<Message, MalformedError | InvalidArgumentError> {
  return checkBytes('datagram', datagram).andThen(({ length }) => {
    const [version, opcode = 0, high = 0, low = 0] = datagram;
    if (version !== NAT_PMP_VERSION) {
      return err(malformed('datagram', `version ${NAT_PMP_VERSION}`, 'byte 0', length === 0 ? '' : String(version)));
    }
    const form = formOf(opcode, high * 256 + low);
    if (form === undefined) return err(malformed('datagram', 'a known opcode', 'byte 1', String(opcode)));
    const [fields, is] = form;
    if (length >= PCP_BYTES && is['kind'] !== 'unsupported-version') {
      return err(malformed('datagram', `fewer than ${PCP_BYTES} bytes`, 'the datagram', `${length} bytes`));
    }
    return readFields(fields, datagram, 0).map(
      // The tables name the properties of that message, and each field has its property's type.
      ({ version: _, opcode: _opcode, ...values }) => ({ ...values, ...is }) as unknown as Message,
    );
  });
}
