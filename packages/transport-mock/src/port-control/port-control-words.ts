/** What was asked on UDP port 5351, and what came of it, in words. */
import { NAT_PMP_RESULT, readNatPmpRequest } from '../nat-pmp/nat-pmp-message.ts';
import { ANNOUNCE, isPcpRequest, MAP, PCP_RESULT, readMapData, readPcpRequest } from '../pcp/pcp-message.ts';
import type { PortControlExchange } from '../recording.ts';
import { viewOf } from './bytes.ts';

interface PortControlWords {
  readonly request: string;
  readonly answer: string;
  readonly isOk: boolean;
}

export function portControlInWords({ protocol, payload, from, answers }: PortControlExchange): PortControlWords {
  const isPcp = protocol === 'pcp';
  const words = isPcp ? pcpRequestInWords(payload, from.address) : natPmpRequestInWords(payload, from.address);
  const [first] = answers;
  return {
    request: `${isPcp ? 'PCP' : 'NAT-PMP'} ${words}`,
    answer: first === undefined ? 'no answer' : answerInWords(first),
    isOk: first?.[3] === 0,
  };
}

function natPmpRequestInWords(payload: Uint8Array, client: string): string {
  const request = readNatPmpRequest(payload);
  switch (request?.kind) {
    case undefined:
      return `${payload.length} bytes that are no request`;
    case 'unknown':
      return `opcode ${request.opcode}`;
    case 'external-address':
      return 'external address';
    case 'map':
      return mapInWords({ ...request, client });
  }
}

function pcpRequestInWords(payload: Uint8Array, client: string): string {
  const request = isPcpRequest(payload) ? readPcpRequest(payload) : null;
  if (request === null) return `${payload.length} bytes that are no request`;
  if (request.opcode === ANNOUNCE) return 'ANNOUNCE';
  const data = request.opcode === MAP ? readMapData(request) : null;
  if (data === null) return `opcode ${request.opcode}`;
  const protocol = { 6: 'TCP', 17: 'UDP' }[data.protocol] ?? `protocol ${data.protocol}`;
  return mapInWords({ ...data, protocol, client, lifetimeSeconds: request.lifetimeSeconds });
}

interface MapWords {
  readonly protocol: string;
  readonly externalPort: number;
  readonly client: string;
  readonly internalPort: number;
  readonly lifetimeSeconds: number;
}

/** `MAP UDP 7777 -> 192.168.1.2:7777, 3600 s`; `delete UDP 192.168.1.2:7777`. */
function mapInWords({ protocol, externalPort, client, internalPort, lifetimeSeconds }: MapWords): string {
  const inside = `${client.includes(':') ? `[${client}]` : client}:${internalPort}`;
  if (lifetimeSeconds === 0) return `delete ${protocol} ${inside}`;
  return `map ${protocol} ${externalPort} -> ${inside}, ${lifetimeSeconds} s`;
}

/** `ok`, `port 7778`, `2 notAuthorized`. Version 0 has NAT-PMP's codes. */
function answerInWords(answer: Uint8Array): string {
  const isPcp = answer[0] !== 0;
  const [, opcode = 0, , result = 0] = answer;
  if (result !== 0) {
    const [name = 'unknown'] =
      Object.entries(isPcp ? PCP_RESULT : NAT_PMP_RESULT).find(([, code]) => code === result) ?? [];
    return `${result} ${name}`;
  }
  const at = isPcp ? 42 : 10;
  const isMap = isPcp ? opcode === 128 + MAP : opcode > 128;
  const isGranted = isMap && answer.length >= at + 2 && viewOf(answer).getUint32(isPcp ? 4 : 12) > 0;
  return isGranted ? `port ${viewOf(answer).getUint16(at)}` : 'ok';
}
