import { err, ok, type Result } from '../result.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import { writeFields, type Fields, type Values } from './fields.ts';
import { MAX_BYTES, OPCODES, PCP_VERSION, REQUEST_HEADER, RESPONSE_BIT, RESPONSE_HEADER } from './layout.ts';
import type { PcpRequest, PcpResponse } from './message.ts';
import { encodeOption } from './options.ts';

/**
 * The datagram of a PCP request, version 2 (RFC 6887, 7.1). A zone of the client's address is left out.
 *
 * Errors: a number out of the range of its field, a text that is no address, a nonce that is not 24 hexadecimal digits,
 * an unknown name of an opcode or option, more than 1100 bytes.
 */
export function encodePcpRequest(request: PcpRequest): Result<Uint8Array, InvalidArgumentError> {
  return encodePcp(request, REQUEST_HEADER, 0);
}

/** The datagram of a PCP response, version 2 (RFC 6887, 7.2). Errors: as {@link encodePcpRequest}. */
export function encodePcpResponse(response: PcpResponse): Result<Uint8Array, InvalidArgumentError> {
  return encodePcp(response, RESPONSE_HEADER, RESPONSE_BIT);
}

function encodePcp(
  message: PcpRequest | PcpResponse,
  header: Fields,
  bit: number,
): Result<Uint8Array, InvalidArgumentError> {
  const values = Object(message) as Values;
  const { opcode, options } = values;
  const index = OPCODES.findIndex(([name]) => name === opcode);
  const [, fields = []] = OPCODES[index] ?? [];
  if (index < 0) return err(invalidArgument('wrong-type', 'opcode', '"announce", "map" or "peer"', opcode));
  if (!Array.isArray(options)) return err(invalidArgument('wrong-type', 'options', 'a list', options));
  const written = [
    writeFields([...header, ...fields], { ...values, version: PCP_VERSION, opcode: index | bit }),
    ...message.options.map(encodeOption),
  ];
  const bytes: number[] = [];
  for (const part of written) {
    if (part.isErr()) return err(part.error);
    bytes.push(...part.value);
  }
  if (bytes.length <= MAX_BYTES) return ok(Uint8Array.from(bytes));
  return err(invalidArgument('out-of-range', 'options', `at most ${MAX_BYTES} bytes with the message`, bytes.length));
}
