/** NAT-PMP messages (RFC 6886, 3), written and read: with good will, since checks judge what was read. */
import { bytesOf, numberAt } from './fields.ts';

export type NatPmpProtocol = 'UDP' | 'TCP';

const OPCODES: Readonly<Record<NatPmpProtocol, number>> = { UDP: 1, TCP: 2 };

/** RFC 6886, 3.5, by number. */
const RESULT_NAMES: readonly string[] = [
  'success',
  'unsupported version',
  'not authorized',
  'network failure',
  'out of resources',
  'unsupported opcode',
];

export function natPmpResultInWords(code: number): string {
  return `${code} (${RESULT_NAMES[code] ?? 'unknown'})`;
}

export const ADDRESS_REQUEST: Uint8Array = Uint8Array.of(0, 0);

export interface NatPmpMapping {
  readonly protocol: NatPmpProtocol;
  readonly internalPort: number;
  readonly externalPort: number;
  /** Seconds. */
  readonly lifetime: number;
}

export function writeNatPmpMapping({ protocol, internalPort, externalPort, lifetime }: NatPmpMapping): Uint8Array {
  return bytesOf([0, 1], [OPCODES[protocol], 1], [0, 2], [internalPort, 2], [externalPort, 2], [lifetime, 4]);
}

export interface NatPmpAnswer {
  readonly payload: Uint8Array;
  readonly version: number;
  readonly opcode: number;
  readonly result: number;
  /** Null: it is cut off. */
  readonly epoch: number | null;
  /** Of an answer to the question for the address; else what happens to stand there. */
  readonly address: string;
  /** Of an answer to a mapping; else what happens to stand there. */
  readonly internalPort: number;
  readonly externalPort: number;
  readonly lifetime: number;
  /** For people. */
  readonly summary: string;
}

/** Null: it is too short for one. */
export function readNatPmpAnswer(payload: Uint8Array): NatPmpAnswer | null {
  if (payload.length < 4) return null;
  const [version, opcode] = [numberAt(payload, 0, 1), numberAt(payload, 1, 1)];
  const result = numberAt(payload, 2, 2);
  return {
    payload,
    version,
    opcode,
    result,
    epoch: payload.length < 8 ? null : numberAt(payload, 4, 4),
    address: payload.slice(8, 12).join('.'),
    internalPort: numberAt(payload, 8, 2),
    externalPort: numberAt(payload, 10, 2),
    lifetime: numberAt(payload, 12, 4),
    summary: `result ${natPmpResultInWords(result)} in version ${version}`,
  };
}
