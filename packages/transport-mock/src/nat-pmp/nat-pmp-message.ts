/** NAT-PMP datagrams, read and written (RFC 6886, 3.2 to 3.5). */
import type { MappingProtocol } from '../gateway/mapping-table.ts';
import { ipv4Bytes, packet, viewOf } from '../port-control/bytes.ts';

export const EXTERNAL_ADDRESS = 0;
const MAP_UDP = 1;
const MAP_TCP = 2;
/** What a response adds to the opcode. */
const RESPONSE = 128;

/** RFC 6886, 3.5. */
export const NAT_PMP_RESULT = {
  success: 0,
  unsupportedVersion: 1,
  notAuthorized: 2,
  networkFailure: 3,
  outOfResources: 4,
  unsupportedOpcode: 5,
} as const;

export interface NatPmpMapping {
  readonly protocol: MappingProtocol;
  readonly internalPort: number;
  readonly externalPort: number;
  readonly lifetimeSeconds: number;
}

export type NatPmpRequest =
  | { readonly kind: 'external-address' }
  | ({ readonly kind: 'map' } & NatPmpMapping)
  | { readonly kind: 'unknown'; readonly opcode: number };

/** Null: a response, or too short; nothing is answered. */
export function readNatPmpRequest(bytes: Uint8Array): NatPmpRequest | null {
  const [, opcode = RESPONSE] = bytes;
  if (opcode >= RESPONSE) return null;
  if (opcode === EXTERNAL_ADDRESS) return { kind: 'external-address' };
  if (opcode !== MAP_UDP && opcode !== MAP_TCP) return { kind: 'unknown', opcode };
  if (bytes.length < 12) return null;
  const view = viewOf(bytes);
  return {
    kind: 'map',
    protocol: opcode === MAP_TCP ? 'TCP' : 'UDP',
    internalPort: view.getUint16(4),
    externalPort: view.getUint16(6),
    lifetimeSeconds: view.getUint32(8),
  };
}

/** The 8 bytes that every response begins with. */
export function writeNatPmpHead(opcode: number, result: number, epochSeconds: number): Uint8Array {
  return packet([0, 1], [RESPONSE + opcode, 1], [result, 2], [epochSeconds, 4]);
}

/** An answer, or an announcement (3.2.1). @param address - empty: none is known */
export function writeExternalAddress(result: number, epochSeconds: number, address: string): Uint8Array {
  return packet(writeNatPmpHead(EXTERNAL_ADDRESS, result, epochSeconds), ipv4Bytes(address));
}

export function writeNatPmpMapping(result: number, epochSeconds: number, mapping: NatPmpMapping): Uint8Array {
  const { protocol, internalPort, externalPort, lifetimeSeconds } = mapping;
  const head = writeNatPmpHead(protocol === 'TCP' ? MAP_TCP : MAP_UDP, result, epochSeconds);
  return packet(head, [internalPort, 2], [externalPort, 2], [lifetimeSeconds, 4]);
}
