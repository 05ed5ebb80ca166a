import { err, ok, safeTry, type Result } from '../result.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { checkWhole, invalidArgument } from '../invalid-argument.ts';
import { bytesOf, type Values } from './fields.ts';
import { encodeForm, type Direction } from './forms.ts';
import { MAX_BYTES, PCP_REQUESTS, PCP_RESPONSES } from './layout.ts';
import type { PcpOption, PcpRequest, PcpResponse } from './message.ts';
import { encodeOption } from './options.ts';

/**
 * The datagram of a PCP request, version 2 (RFC 6887, 7.1). A zone of the client's address is left out.
 *
 * Errors: a number out of the range of its field, a text that is no address, a nonce that is not 24 hexadecimal digits,
 * an unknown name of an opcode or option, more than 1100 bytes.
 */
export function encodePcpRequest(request: PcpRequest): Result<Uint8Array, InvalidArgumentError> {
  return encodePcp(request, PCP_REQUESTS);
}

/** The datagram of a PCP response, version 2 (RFC 6887, 7.2). Errors: as {@link encodePcpRequest}. */
export function encodePcpResponse(response: PcpResponse): Result<Uint8Array, InvalidArgumentError> {
  return encodePcp(response, PCP_RESPONSES);
}

function encodePcp(message: PcpRequest | PcpResponse, direction: Direction): Result<Uint8Array, InvalidArgumentError> {
  return safeTry(function* () {
    const values = Object(message) as Values;
    const { options } = values;
    if (!Array.isArray(options)) return err(invalidArgument('wrong-type', 'options', 'a list', options));
    let digits = yield* encodeForm(direction, values);
    for (const option of options as readonly PcpOption[]) digits += yield* encodeOption(option);
    yield* checkWhole('the number of bytes', digits.length / 2, 0, MAX_BYTES);
    return ok(bytesOf(digits));
  });
}
