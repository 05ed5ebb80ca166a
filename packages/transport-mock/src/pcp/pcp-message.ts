/** PCP datagrams, read and written (RFC 6887, 7, 11.1 and 13). */
import { addressBytes, addressOf, hex, packet, viewOf } from '../port-control/bytes.ts';

export const ANNOUNCE = 0;
export const MAP = 1;

/** RFC 6887, 7.4. */
export const PCP_RESULT = {
  success: 0,
  unsupportedVersion: 1,
  notAuthorized: 2,
  malformedRequest: 3,
  unsupportedOpcode: 4,
  unsupportedOption: 5,
  malformedOption: 6,
  networkFailure: 7,
  noResources: 8,
  unsupportedProtocol: 9,
  quotaExceeded: 10,
  cannotProvideExternal: 11,
  addressMismatch: 12,
  excessiveRemotePeers: 13,
} as const;

/** RFC 6887, 7: "the maximum size of a PCP message". */
const LONGEST = 1_100;
const HEADER = 24;
const RESPONSE_BIT = 0x80;

/** The header of a request (7.1), and what follows it. */
export interface PcpRequest {
  readonly version: number;
  readonly opcode: number;
  readonly lifetimeSeconds: number;
  readonly clientAddress: string;
  readonly body: Uint8Array;
}

/** The data of opcode MAP (11.1). */
export interface MapData {
  /** 24 hex digits; empty in version 1. */
  readonly nonce: string;
  /** The number of the IP protocol. */
  readonly protocol: number;
  readonly internalPort: number;
  readonly externalPort: number;
  readonly externalAddress: string;
}

export interface RequestOption {
  readonly code: number;
  readonly data: Uint8Array;
}

export interface PcpResponse {
  readonly version: number;
  readonly opcode: number;
  readonly result: number;
  readonly lifetimeSeconds: number;
  readonly epochSeconds: number;
  readonly body: Uint8Array;
}

/** RFC 6887, 8.2: too little to be answered, or an answer itself. */
export function isPcpRequest(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && ((bytes[1] ?? 0) & RESPONSE_BIT) === 0;
}

/** Null: a length that no request has. */
export function readPcpRequest(bytes: Uint8Array): PcpRequest | null {
  if (bytes.length < HEADER || bytes.length > LONGEST || bytes.length % 4 !== 0) return null;
  const view = viewOf(bytes);
  return {
    version: view.getUint8(0),
    opcode: opcodeOf(bytes),
    lifetimeSeconds: view.getUint32(4),
    clientAddress: addressOf(bytes.subarray(8, HEADER)),
    body: bytes.slice(HEADER),
  };
}

export function opcodeOf(bytes: Uint8Array): number {
  return (bytes[1] ?? 0) & ~RESPONSE_BIT;
}

/** Bytes of MAP's data: version 1, a draft of PCP, had no nonce. */
export function mapLength(version: number): number {
  return version === 1 ? 24 : 36;
}

/** Null: it is cut off. */
export function readMapData({ version, body }: PcpRequest): MapData | null {
  const length = mapLength(version);
  if (body.length < length) return null;
  const rest = body.subarray(length - 24, length);
  const view = viewOf(rest);
  return {
    nonce: hex(body.subarray(0, length - 24)),
    protocol: view.getUint8(0),
    internalPort: view.getUint16(4),
    externalPort: view.getUint16(6),
    externalAddress: addressOf(rest.subarray(8)),
  };
}

/** A request's data with what was granted. */
export function writeMapData(
  requested: Uint8Array,
  granted: Pick<MapData, 'externalPort' | 'externalAddress'>,
): Uint8Array {
  const kept = requested.subarray(0, requested.length - 18);
  return packet(kept, [granted.externalPort, 2], addressBytes(granted.externalAddress));
}

/** The options behind an opcode's data (7.3). Null: one is cut off. */
export function readRequestOptions(bytes: Uint8Array): readonly RequestOption[] | null {
  const options: RequestOption[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return null;
    const length = viewOf(bytes).getUint16(at + 2);
    const end = at + 4 + length;
    // Padded with zeros to a multiple of 4, which the length leaves out.
    const next = at + 4 + Math.ceil(length / 4) * 4;
    if (next > bytes.length) return null;
    options.push({ code: bytes[at] ?? 0, data: bytes.slice(at + 4, end) });
    at = next;
  }
  return options;
}

export function writeRequestOption({ code, data }: RequestOption): Uint8Array {
  return packet([code, 1], [0, 1], [data.length, 2], data, new Uint8Array((4 - (data.length % 4)) % 4));
}

export function writePcpResponse(response: PcpResponse): Uint8Array {
  const { version, opcode, result, lifetimeSeconds, epochSeconds, body } = response;
  const head = packet(
    [version, 1],
    [RESPONSE_BIT | opcode, 1],
    [0, 1],
    [result, 1],
    [lifetimeSeconds, 4],
    [epochSeconds, 4],
    new Uint8Array(12),
  );
  return packet(head, body);
}

/** RFC 6887, 8.2: an error is answered with a copy of the request, padded and at most as long as a message can be. */
export function bodyOfError(request: Uint8Array): Uint8Array {
  const copied = request.slice(HEADER, LONGEST);
  return packet(copied, new Uint8Array((4 - (copied.length % 4)) % 4));
}
