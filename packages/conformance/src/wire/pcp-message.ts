/** PCP messages (RFC 6887, 7 and 11 to 13), written and read: with good will, since checks judge what was read. */
import { addressField, addressIn, bytesOf, hex, numberAt } from './fields.ts';

export const ANNOUNCE = 0;
export const MAP = 1;
export const PEER = 2;

/** RFC 6887, 7.4, by number. */
const RESULT_NAMES: readonly string[] = [
  'SUCCESS',
  'UNSUPP_VERSION',
  'NOT_AUTHORIZED',
  'MALFORMED_REQUEST',
  'UNSUPP_OPCODE',
  'UNSUPP_OPTION',
  'MALFORMED_OPTION',
  'NETWORK_FAILURE',
  'NO_RESOURCES',
  'UNSUPP_PROTOCOL',
  'USER_EX_QUOTA',
  'CANNOT_PROVIDE_EXTERNAL',
  'ADDRESS_MISMATCH',
  'EXCESSIVE_REMOTE_PEERS',
];

export function resultInWords(code: number): string {
  return `${code} (${RESULT_NAMES[code] ?? 'unknown'})`;
}

export interface PcpRequestFields {
  readonly opcode: number;
  /** In the message; default: 2. */
  readonly version?: number | undefined;
  /** Seconds; default: 0. */
  readonly lifetime?: number | undefined;
  /** The client's address in the message, without a zone. */
  readonly client: string;
  /** The opcode's data, and options; default: none. */
  readonly body?: Uint8Array | undefined;
}

export function writePcpRequest(request: PcpRequestFields): Uint8Array {
  const { opcode, version = 2, lifetime = 0, client, body = new Uint8Array() } = request;
  return bytesOf([version, 1], [opcode, 1], [0, 2], [lifetime, 4], addressField(client), body);
}

/** The data of opcode MAP, as it is requested or granted. */
export interface MapFields {
  /** 24 hex digits. */
  readonly nonce: string;
  /** The number of the IP protocol. */
  readonly protocol: number;
  readonly internalPort: number;
  readonly externalPort: number;
  readonly externalAddress: string;
}

export function writeMapFields(map: MapFields): Uint8Array {
  const { nonce, protocol, internalPort, externalPort, externalAddress } = map;
  const ports = bytesOf([internalPort, 2], [externalPort, 2]);
  return bytesOf(nonceField(nonce), [protocol, 1], new Uint8Array(3), ports, addressField(externalAddress));
}

/** What PEER has behind the same data. */
export function writePeerFields(remotePort: number, remoteAddress: string): Uint8Array {
  return bytesOf([remotePort, 2], [0, 2], addressField(remoteAddress));
}

function nonceField(nonce: string): Uint8Array {
  return Uint8Array.from(nonce.match(/../g) ?? [], (digits) => parseInt(digits, 16));
}

export interface PcpOption {
  readonly code: number;
  readonly data: Uint8Array;
}

export const THIRD_PARTY = 1;
export const PREFER_FAILURE = 2;
export const FILTER = 3;

/** @param length - other than the data's own, which makes it malformed */
export function writePcpOption(
  code: number,
  data: Uint8Array = new Uint8Array(),
  length: number = data.length,
): Uint8Array {
  return bytesOf([code, 1], [0, 1], [length, 2], data, new Uint8Array((4 - (data.length % 4)) % 4));
}

/** The data of FILTER. @param prefixLength - counted from the first of 128 bits */
export function filterFields(prefixLength: number, remoteAddress: string, remotePort = 0): Uint8Array {
  return bytesOf([0, 1], [prefixLength, 1], [remotePort, 2], addressField(remoteAddress));
}

export interface PcpAnswer {
  readonly payload: Uint8Array;
  readonly version: number;
  readonly isResponse: boolean;
  /** Without the bit that marks a response. */
  readonly opcode: number;
  readonly reserved: number;
  readonly result: number;
  readonly lifetime: number;
  readonly epoch: number;
  /** The 96 bits at the end of the header. */
  readonly tail: Uint8Array;
  /** What follows the header. */
  readonly body: Uint8Array;
  /** For people. */
  readonly summary: string;
}

const HEADER = 24;

/** Null: it is too short for one. */
export function readPcpAnswer(payload: Uint8Array): PcpAnswer | null {
  if (payload.length < HEADER) return null;
  const [version, marked, reserved, result] = [0, 1, 2, 3].map((at) => numberAt(payload, at, 1)) as [
    number,
    number,
    number,
    number,
  ];
  return {
    payload,
    version,
    isResponse: marked >= 128,
    opcode: marked % 128,
    reserved,
    result,
    lifetime: numberAt(payload, 4, 4),
    epoch: numberAt(payload, 8, 4),
    tail: payload.slice(12, HEADER),
    body: payload.slice(HEADER),
    summary: `result ${resultInWords(result)} in version ${version}`,
  };
}

const MAP_LENGTH = 36;

export interface MapAnswer extends MapFields {
  /** Null: they are cut off. */
  readonly options: readonly PcpOption[] | null;
}

/** Null: it is too short for one. */
export function readMapAnswer(body: Uint8Array): MapAnswer | null {
  if (body.length < MAP_LENGTH) return null;
  return {
    nonce: hex(body.slice(0, 12)),
    protocol: numberAt(body, 12, 1),
    internalPort: numberAt(body, 16, 2),
    externalPort: numberAt(body, 18, 2),
    externalAddress: addressIn(body.slice(20, MAP_LENGTH)),
    options: readPcpOptions(body.slice(MAP_LENGTH)),
  };
}

function readPcpOptions(bytes: Uint8Array): readonly PcpOption[] | null {
  const options: PcpOption[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = numberAt(bytes, at + 2, 2);
    const next = at + 4 + Math.ceil(length / 4) * 4;
    if (next > bytes.length) return null;
    options.push({ code: numberAt(bytes, at, 1), data: bytes.slice(at + 4, at + 4 + length) });
    at = next;
  }
  return options;
}
