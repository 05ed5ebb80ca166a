/** A PCP server (RFC 6887, 8.2, 11.3 and 14.1): what it answers to one datagram. */
import type { Gateway } from '../gateway/gateway.ts';
import { canonicalAddress, familyOf } from '../network/ip-address.ts';
import { writeNatPmpHead } from '../nat-pmp/nat-pmp-message.ts';
import { packet } from '../port-control/bytes.ts';
import type { PortControlAnswer } from '../port-control/port-control-answer.ts';
import { isGrant, type MapAnswer } from './map-answer.ts';
import { mapPinhole } from './map-pinhole.ts';
import { mapPort } from './map-port.ts';
import { readMapRequest } from './map-request.ts';
import {
  ANNOUNCE,
  bodyOfError,
  isPcpRequest,
  MAP,
  mapLength,
  opcodeOf,
  PCP_RESULT,
  type PcpRequest,
  readPcpRequest,
  writeMapData,
  writePcpResponse,
  writeRequestOption,
} from './pcp-message.ts';

const VERSION = 2;
const SHORT_ERROR_SECONDS = 30;
const LONG_ERROR_SECONDS = 1_800;
/** RFC 6887, 7.4: those that may pass soon. */
const SHORT_ERRORS: readonly number[] = [
  PCP_RESULT.networkFailure,
  PCP_RESULT.noResources,
  PCP_RESULT.quotaExceeded,
  PCP_RESULT.cannotProvideExternal,
];

/** @param from - the address that the request has arrived from. @returns null: nothing is sent back */
export function answerPcp(gateway: Gateway, bytes: Uint8Array, from: string): PortControlAnswer | null {
  if (!isPcpRequest(bytes)) return null;
  const { pcp } = gateway.config;
  const { epochSeconds } = gateway.portControl;
  const fail = (result: number, seconds = pcp.errorSeconds[result] ?? errorSecondsOf(result)): Uint8Array =>
    writePcpResponse({
      version: bytes[0] === 1 && pcp.readsVersion1 ? 1 : VERSION,
      opcode: opcodeOf(bytes),
      result,
      lifetimeSeconds: seconds,
      epochSeconds,
      body: bodyOfError(bytes),
    });
  const version = bytes[0];
  if (version !== VERSION && !(version === 1 && pcp.readsVersion1)) {
    return { payload: fail(PCP_RESULT.unsupportedVersion) };
  }
  const request = readPcpRequest(bytes);
  if (request === null) return { payload: answerBadLength(gateway, bytes) ?? fail(PCP_RESULT.malformedRequest) };
  if (pcp.isRefused) return { payload: fail(PCP_RESULT.notAuthorized) };
  const isCompared = request.opcode !== ANNOUNCE || pcp.checksAnnounceAddress;
  if (isCompared && canonicalAddress(from) !== request.clientAddress) {
    return { payload: fail(PCP_RESULT.addressMismatch) };
  }
  switch (request.opcode) {
    case ANNOUNCE:
      return { payload: pcpAnnouncement(gateway, request.version) };
    case MAP: {
      const answer = carryOutMap(gateway, request, from);
      const { delayMs = 0 } = answer;
      return isGrant(answer)
        ? { payload: writePcpResponse({ ...answer, version: request.version, opcode: MAP, epochSeconds }), delayMs }
        : { payload: fail(answer.result, answer.errorSeconds), delayMs };
    }
    default:
      return { payload: fail(PCP_RESULT.unsupportedOpcode) };
  }
}

/** The answer to ANNOUNCE, and what is multicast when the server has lost its mappings (14.1). */
export function pcpAnnouncement(gateway: Gateway, version: number = VERSION): Uint8Array {
  return writePcpResponse({
    version,
    opcode: ANNOUNCE,
    result: PCP_RESULT.success,
    lifetimeSeconds: 0,
    epochSeconds: gateway.portControl.epochSeconds,
    body: new Uint8Array(),
  });
}

type AnswerWithBody = MapAnswer & { readonly body: Uint8Array };

function carryOutMap(gateway: Gateway, request: PcpRequest, from: string): AnswerWithBody {
  const read = readMapRequest(request, gateway.config.pcp.filterCapacity);
  if (typeof read === 'number') return { result: read, body: new Uint8Array() };
  const answer = familyOf(from) === 'ipv4' ? mapPort(gateway, read, from) : mapPinhole(gateway, read, from);
  if (!isGrant(answer)) return { ...answer, body: new Uint8Array() };
  const data = writeMapData(request.body.subarray(0, mapLength(request.version)), answer);
  return { ...answer, body: packet(data, ...read.options.map(writeRequestOption)) };
}

/** miniupnpd answers such a length as NAT-PMP, result 3; null: as RFC 6887 says. */
function answerBadLength({ config, portControl }: Gateway, bytes: Uint8Array): Uint8Array | null {
  if (!config.pcp.answersOddLengthAsNatPmp || bytes.length % 4 === 0) return null;
  return writeNatPmpHead(0, PCP_RESULT.malformedRequest, portControl.epochSeconds);
}

function errorSecondsOf(result: number): number {
  return SHORT_ERRORS.includes(result) ? SHORT_ERROR_SECONDS : LONG_ERROR_SECONDS;
}
