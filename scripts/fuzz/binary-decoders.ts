/** The decoders of PCP and NAT-PMP. Their messages have no text to look for in the input. */
import { isDeepStrictEqual } from 'node:util';
import {
  decodeNatPmpRequest,
  decodeNatPmpResponse,
  decodePcpRequest,
  decodePcpResponse,
  encodeNatPmpRequest,
  encodeNatPmpResponse,
  encodePcpRequest,
  encodePcpResponse,
} from '@portwright/core/pcp';
import type { Decoder, Reading } from './decoder.ts';
import {
  BINARY_WORDS,
  NAT_PMP_REQUEST_DOCUMENTS,
  NAT_PMP_RESPONSE_DOCUMENTS,
  PCP_REQUEST_DOCUMENTS,
  PCP_RESPONSE_DOCUMENTS,
} from './documents.ts';

interface Outcome<Value> {
  isOk(): boolean;
  unwrapOr(other: null): Value | null;
}

/** Reads a message, writes it, and reads that: both readings have to be the same. */
function reading<Message>(
  decode: (datagram: Uint8Array) => Outcome<Message>,
  encode: (message: Message) => Outcome<Uint8Array>,
): (input: Uint8Array) => Reading | null {
  return (input) => {
    const message = decode(input).unwrapOr(null);
    if (message === null) return null;
    const written = encode(message).unwrapOr(null);
    const again = written === null ? null : decode(written).unwrapOr(null);
    return { claims: [], wrong: isDeepStrictEqual(again, message) ? undefined : 'it reads differently once written' };
  };
}

export const BINARY_DECODERS: readonly Decoder[] = [
  {
    name: 'pcp-request',
    documents: PCP_REQUEST_DOCUMENTS,
    words: BINARY_WORDS,
    read: reading(decodePcpRequest, encodePcpRequest),
  },
  {
    name: 'pcp-response',
    documents: PCP_RESPONSE_DOCUMENTS,
    words: BINARY_WORDS,
    read: reading(decodePcpResponse, encodePcpResponse),
  },
  {
    name: 'nat-pmp-request',
    documents: NAT_PMP_REQUEST_DOCUMENTS,
    words: BINARY_WORDS,
    read: reading(decodeNatPmpRequest, encodeNatPmpRequest),
  },
  {
    name: 'nat-pmp-response',
    documents: NAT_PMP_RESPONSE_DOCUMENTS,
    words: BINARY_WORDS,
    read: reading(decodeNatPmpResponse, encodeNatPmpResponse),
  },
];
