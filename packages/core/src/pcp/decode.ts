import { err, type Result } from '../result.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { checkBytes } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';
import { readFields, sizeOf, type Fields } from './fields.ts';
import { MAX_BYTES, MIN_BYTES, OPCODES, PCP_VERSION, REQUEST_HEADER, RESPONSE_BIT, RESPONSE_HEADER } from './layout.ts';
import type { PcpRequest, PcpResponse } from './message.ts';
import { decodeOptions } from './options.ts';

/**
 * The version in the first byte of a datagram: 2 is PCP, 0 is NAT-PMP. Both use the same ports (RFC 6887, 9), so look
 * here before a message is decoded. Null: it is empty, or no bytes.
 */
export function versionOf(datagram: Uint8Array): number | null {
  return checkBytes('datagram', datagram).unwrapOr(null)?.[0] ?? null;
}

/**
 * The PCP request in a datagram (RFC 6887, 7.1). Reserved bytes and padding may have any value.
 *
 * Errors (`datagram`): fewer than 24 bytes, more than 1100, or not a multiple of 4; another version than 2; a response;
 * an unknown opcode; an option that is cut, or whose length is not its own.
 */
export function decodePcpRequest(datagram: Uint8Array): Result<PcpRequest, MalformedError | InvalidArgumentError> {
  return decodePcp<PcpRequest>(datagram, REQUEST_HEADER, 0);
}

/**
 * The PCP response in a datagram (RFC 6887, 7.2), also the announcement of a restart (14.1). It may be of anybody, and for
 * any request: compare opcode, nonce, protocol and internal port.
 *
 * Errors: as {@link decodePcpRequest}, but for the options of an error response. It repeats those of its request as far as
 * they fit (8.2), so that one that can't be read is left out, with those after it.
 */
export function decodePcpResponse(datagram: Uint8Array): Result<PcpResponse, MalformedError | InvalidArgumentError> {
  return decodePcp<PcpResponse>(datagram, RESPONSE_HEADER, RESPONSE_BIT);
}

function decodePcp<Message>(
  datagram: Uint8Array,
  header: Fields,
  bit: number,
): Result<Message, MalformedError | InvalidArgumentError> {
  return checkBytes('datagram', datagram).andThen(({ length }) => {
    if (length < MIN_BYTES || length > MAX_BYTES || length % 4 > 0) {
      const expected = `${MIN_BYTES} to ${MAX_BYTES} bytes, in fours`;
      return err(malformed('datagram', expected, 'the datagram', `${length} bytes`));
    }
    const [version, second = 0] = datagram;
    if (version !== PCP_VERSION) return err(malformed('datagram', `version ${PCP_VERSION}`, 'byte 0', String(version)));
    const [opcode, fields = []] = OPCODES[second ^ bit] ?? [];
    if (opcode === undefined) {
      const expected = `the opcode of a known ${bit > 0 ? 'response' : 'request'}`;
      return err(malformed('datagram', expected, 'byte 1', String(second)));
    }
    return readFields([...header, ...fields], datagram, 0).andThen(({ version: _, ...values }) =>
      decodeOptions(datagram, MIN_BYTES + sizeOf(fields), (values['resultCode'] ?? 0) !== 0).map(
        // The tables name the properties of that message, and each field has its property's type.
        (options) => ({ ...values, opcode, options }) as unknown as Message,
      ),
    );
  });
}
