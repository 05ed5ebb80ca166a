import { err, ok, safeTry, type Result } from '../result.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { checkBytes } from '../invalid-argument.ts';
import { malformed } from '../malformed.ts';
import { digitsOf } from './fields.ts';
import { decodeForm, type Direction } from './forms.ts';
import { MAX_BYTES, PCP_REQUESTS, PCP_RESPONSES } from './layout.ts';
import type { PcpOption, PcpRequest, PcpResponse } from './message.ts';
import { decodeOption } from './options.ts';

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
  return decodePcp<PcpRequest>(datagram, PCP_REQUESTS);
}

/**
 * The PCP response in a datagram (RFC 6887, 7.2), also the announcement of a restart (14.1). It may be of anybody, and for
 * any request: compare opcode, nonce, protocol and internal port.
 *
 * Errors: as {@link decodePcpRequest}, but for the options of an error response. It repeats those of its request as far as
 * they fit (8.2), so that one that can't be read is left out, with those after it.
 */
export function decodePcpResponse(datagram: Uint8Array): Result<PcpResponse, MalformedError | InvalidArgumentError> {
  return decodePcp<PcpResponse>(datagram, PCP_RESPONSES);
}

function decodePcp<Message>(
  datagram: Uint8Array,
  direction: Direction,
): Result<Message, MalformedError | InvalidArgumentError> {
  return safeTry(function* () {
    const [values, size] = yield* decodeForm(direction, datagram);
    const { length } = datagram;
    if (length > MAX_BYTES || length % 4 > 0) {
      return err(malformed('datagram', `at most ${MAX_BYTES} bytes, in fours`, 'its end', `${length} bytes`));
    }
    const options: PcpOption[] = [];
    for (let rest = digitsOf(datagram.subarray(size)); rest !== '';) {
      const decoded = decodeOption(rest);
      if (decoded.isErr() && values['resultCode']) break;
      const { option, taken } = yield* decoded;
      options.push(option);
      rest = rest.slice(taken);
    }
    // The tables name the properties of that message, and each field has its property's type.
    return ok({ ...values, options } as unknown as Message);
  });
}
